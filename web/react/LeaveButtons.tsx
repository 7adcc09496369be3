import { useId, useState, type ReactNode } from 'react';
import { useCurfew } from './hooks.ts';
import { useMessages } from './provider.tsx';

/**
 * The ways out of a locked screen: another user signs in, or what this user has on this device is deleted, which has
 * to be said twice. The safe answer has the focus.
 */
export function LeaveButtons(): ReactNode {
  const { signOut, chooseSignIn } = useCurfew();
  const [step, setStep] = useState<'offered' | 'asked' | 'declined'>('offered');
  const question = useId();
  const { locked: messages } = useMessages();
  return step === 'asked' ? (
    <div className="curfew-leave" role="group" aria-labelledby={question}>
      <p id={question}>{messages.deleteQuestion}</p>
      <button type="button" className="curfew-button" onClick={() => setStep('declined')} autoFocus>
        {messages.keep}
      </button>
      <button
        type="button"
        className="curfew-button curfew-button-danger"
        onClick={() => signOut({ forgetDevice: true })}
      >
        {messages.deleteNow}
      </button>
    </div>
  ) : (
    <div className="curfew-leave">
      <button type="button" className="curfew-button curfew-button-quiet" onClick={chooseSignIn}>
        {messages.somebodyElse}
      </button>
      <button
        type="button"
        className="curfew-button curfew-button-quiet"
        autoFocus={step === 'declined'}
        onClick={() => setStep('asked')}
      >
        {messages.delete}
      </button>
    </div>
  );
}
