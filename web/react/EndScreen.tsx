import { useId, type ReactNode } from 'react';
import { useCurfew } from './hooks.ts';
import { LockDialog } from './LockDialog.tsx';
import { useMessages } from './provider.tsx';
import { reasonInWords } from '../messages/words.ts';

/** Says why it is over, for good, and whether the work is still there. */
export function EndScreen(): ReactNode {
  const { reason, view, chooseSignIn } = useCurfew();
  const messages = useMessages();
  const title = useId();
  return (
    <LockDialog labelledBy={title}>
      <h1 id={title}>{messages.locked.title}</h1>
      <p role="status">{reasonInWords(reason, view?.policy, messages)}</p>
      {reason === 'compromised' && <p>{messages.ended.compromised}</p>}
      {reason !== 'signed_out' && <p>{messages.ended.comesBack}</p>}
      <div className="curfew-actions">
        <button type="button" className="curfew-button curfew-button-primary" onClick={chooseSignIn} autoFocus>
          {messages.signIn}
        </button>
      </div>
    </LockDialog>
  );
}
