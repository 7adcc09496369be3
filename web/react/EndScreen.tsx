import { useId, type ReactNode } from 'react';
import { useCurfew } from './hooks.ts';
import { LockDialog } from './LockDialog.tsx';
import { useWords } from './provider.tsx';
import { reasonInWords } from '../messages/words.ts';

/** Says why it is over, for good, and whether the work is still there. */
export function EndScreen(): ReactNode {
  const { reason, view, chooseSignIn } = useCurfew();
  const words = useWords();
  const title = useId();
  return (
    <LockDialog labelledBy={title}>
      <h1 id={title}>{words.locked.title}</h1>
      <p role="status">{reasonInWords(reason, view?.policy, words)}</p>
      {reason === 'compromised' && <p>{words.ended.compromised}</p>}
      {reason !== 'signed_out' && <p>{words.ended.comesBack}</p>}
      <div className="curfew-actions">
        <button type="button" className="curfew-button curfew-button-primary" onClick={chooseSignIn} autoFocus>
          {words.signIn}
        </button>
      </div>
    </LockDialog>
  );
}
