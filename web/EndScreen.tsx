import type { ReactNode } from 'react';
import { useCurfew } from './hooks.ts';
import { reasonInWords } from './words.ts';

/** Says why it is over, for good, and whether the work is still there. */
export function EndScreen(): ReactNode {
  const { reason, view, chooseSignIn } = useCurfew();
  return (
    <main className="curfew-locked">
      <div className="curfew-card">
        <h1>{"You're signed out"}</h1>
        <p role="status">{reasonInWords(reason, view?.policy)}</p>
        {reason === 'compromised' && <p>If you think somebody else was here, choose a new password.</p>}
        {reason !== 'signed_out' && <p>What was saved comes back when you sign in again.</p>}
        <div className="curfew-actions">
          <button type="button" className="curfew-button curfew-button-primary" onClick={chooseSignIn} autoFocus>
            Sign in
          </button>
        </div>
      </div>
    </main>
  );
}
