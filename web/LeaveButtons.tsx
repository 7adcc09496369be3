import { useId, useState, type ReactNode } from 'react';
import { useCurfew } from './hooks.ts';

/**
 * The ways out of a locked screen: somebody else signs in, or what this person has on this device is deleted, which has
 * to be said twice. The safe answer has the focus.
 */
export function LeaveButtons(): ReactNode {
  const { signOut, chooseSignIn } = useCurfew();
  const [step, setStep] = useState<'offered' | 'asked' | 'declined'>('offered');
  const question = useId();
  return step === 'asked' ? (
    <div className="curfew-leave" role="group" aria-labelledby={question}>
      <p id={question}>Delete what is saved on this device? It cannot be brought back.</p>
      <button type="button" className="curfew-button" onClick={() => setStep('declined')} autoFocus>
        Keep it
      </button>
      <button
        type="button"
        className="curfew-button curfew-button-danger"
        onClick={() => signOut({ forgetDevice: true })}
      >
        Delete and sign out
      </button>
    </div>
  ) : (
    <div className="curfew-leave">
      <button type="button" className="curfew-button curfew-button-quiet" onClick={chooseSignIn}>
        Not you? Sign in as someone else
      </button>
      <button
        type="button"
        className="curfew-button curfew-button-quiet"
        autoFocus={step === 'declined'}
        onClick={() => setStep('asked')}
      >
        Sign out and delete from this device
      </button>
    </div>
  );
}
