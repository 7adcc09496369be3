import type { ReactNode } from 'react';
import { useCurfew } from './hooks.ts';
import { useWords } from './provider.tsx';

/** While it is not known who is here: a moment's wait, or that the server cannot be reached. */
export function Waiting(): ReactNode {
  const { phase, online, retry } = useCurfew();
  const { waiting: words, tryAgain, language } = useWords();
  if (phase !== 'unreachable') {
    return (
      <main className="curfew-locked" lang={language}>
        <p role="status" className="curfew-progress">
          {phase === 'signingOut' ? words.signingOut : words.moment}
        </p>
      </main>
    );
  }
  return (
    <main className="curfew-locked" lang={language}>
      <div className="curfew-card">
        <h1>{online ? words.unreachable : words.offline}</h1>
        <p role="alert">{words.nothingLost}</p>
        <div className="curfew-actions">
          <button type="button" className="curfew-button curfew-button-primary" onClick={retry}>
            {tryAgain}
          </button>
        </div>
      </div>
    </main>
  );
}
