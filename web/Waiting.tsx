import type { ReactNode } from 'react';
import { useCurfew } from './hooks.ts';

/** While it is not known who is here: a moment's wait, or that the server cannot be reached. */
export function Waiting(): ReactNode {
  const { phase, online, retry } = useCurfew();
  if (phase !== 'unreachable') {
    return (
      <main className="curfew-locked">
        <p role="status" className="curfew-progress">
          {phase === 'signingOut' ? 'Signing out…' : 'One moment…'}
        </p>
      </main>
    );
  }
  return (
    <main className="curfew-locked">
      <div className="curfew-card">
        <h1>{online ? "We can't reach the server" : "You're offline"}</h1>
        <p role="alert">Nothing is lost. We keep trying, and you can try at once, too.</p>
        <div className="curfew-actions">
          <button type="button" className="curfew-button curfew-button-primary" onClick={retry}>
            Try again
          </button>
        </div>
      </div>
    </main>
  );
}
