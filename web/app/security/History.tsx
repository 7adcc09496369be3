import type { ReactNode } from 'react';
import { usePanel } from '../panels.tsx';
import type { SessionSummary } from '../shapes.ts';
import { PastDevice } from './Device.tsx';
import { isOpen } from './standing.ts';

const few = 5;

/** Where the person was signed in during the last 90 days, and why that ended. */
export function History({ listed }: { readonly listed: readonly SessionSummary[] }): ReactNode {
  const { isOpen: isWhole, toggle } = usePanel('history');
  const past = listed
    .filter((session) => !isOpen(session))
    .toSorted((a, b) => (b.endedAt ?? b.lastActivityAt) - (a.endedAt ?? a.lastActivityAt));
  return (
    <section aria-labelledby="security-history">
      <h2 id="security-history">Where you were signed in</h2>
      {past.length === 0 ? (
        <p className="app-quiet">No earlier sign-ins in the last 90 days.</p>
      ) : (
        <ul className="app-devices">
          {past.slice(0, isWhole ? past.length : few).map((session) => (
            <PastDevice key={session.id} session={session} />
          ))}
        </ul>
      )}
      {past.length > few && (
        <button type="button" className="app-textual" aria-expanded={isWhole} onClick={toggle}>
          {isWhole ? 'Show fewer' : `Show all ${past.length}`}
        </button>
      )}
    </section>
  );
}
