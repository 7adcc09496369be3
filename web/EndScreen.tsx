import type { ReactNode } from 'react';
import { useCurfew } from './hooks.ts';
import { useWords } from './provider.tsx';
import { reasonInWords } from './words.ts';

/** Says why it is over, for good, and whether the work is still there. */
export function EndScreen(): ReactNode {
  const { reason, view, chooseSignIn } = useCurfew();
  const words = useWords();
  return (
    <main className="curfew-locked" lang={words.language}>
      <div className="curfew-card">
        <h1>{words.locked.title}</h1>
        <p role="status">{reasonInWords(reason, view?.policy, words)}</p>
        {reason === 'compromised' && <p>{words.ended.compromised}</p>}
        {reason !== 'signed_out' && <p>{words.ended.comesBack}</p>}
        <div className="curfew-actions">
          <button type="button" className="curfew-button curfew-button-primary" onClick={chooseSignIn} autoFocus>
            {words.signIn}
          </button>
        </div>
      </div>
    </main>
  );
}
