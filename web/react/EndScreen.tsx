import type { ReactNode } from 'react';
import { reasonInWords } from '../../machines/index.ts';
import { ApplicationName } from './ApplicationName.tsx';
import { useCurfew } from './hooks.ts';
import { LockedPage } from './LockedPage.tsx';
import { useMessages } from './provider.tsx';

/** Says why it is over, for good, and whether the work is still there. */
export function EndScreen(): ReactNode {
  const { reason, view, chooseSignIn } = useCurfew();
  const messages = useMessages();
  return (
    <LockedPage>
      <div className="curfew-card">
        <ApplicationName />
        <h1>{messages.locked.title}</h1>
        <p role="status">{reasonInWords(reason, view?.policy, messages)}</p>
        {reason === 'compromised' && <p>{messages.ended.compromised}</p>}
        {reason !== 'signed_out' && <p>{messages.ended.comesBack}</p>}
        <div className="curfew-actions">
          <button type="button" className="curfew-button curfew-button-primary" onClick={chooseSignIn} autoFocus>
            {messages.signIn}
          </button>
        </div>
      </div>
    </LockedPage>
  );
}
