import type { ReactNode } from 'react';
import { isLive } from '../../../machines/index.ts';
import { deviceName } from '../security/device.ts';
import { inspectorPath } from '../pages.ts';
import { Link } from '../router.tsx';
import type { SessionSummary } from '../shapes.ts';
import { dateToMinute } from '../times.ts';

interface SessionTableProps {
  /** `undefined` until they are loaded. */
  readonly sessions: readonly SessionSummary[] | undefined;
  /** The id of the one that is shown below. */
  readonly shown: string;
}

const questionOf = ({ current, leaf }: SessionSummary): string => {
  if (current) return 'Watch it live';
  return isLive(leaf) ? 'Look inside' : 'Why was I signed out?';
};

/** The person's own sessions, the live ones and those that are over. */
export function SessionTable({ sessions, shown }: SessionTableProps): ReactNode {
  return (
    <section aria-labelledby="inspector-sessions">
      <h2 id="inspector-sessions">Your sessions</h2>
      {sessions === undefined ? (
        <p className="app-loading app-quiet">Loading…</p>
      ) : (
        <ul className="app-sessions">
          {sessions
            .toSorted((a, b) => Number(b.current) - Number(a.current) || b.startedAt - a.startedAt)
            .map((session) => (
              <li key={session.id} data-shown={session.id === shown}>
                <p>
                  <strong>{session.current ? 'This session' : `Signed in ${dateToMinute(session.startedAt)}`}</strong>
                  <code>{session.leaf}</code>
                </p>
                <p className="app-quiet">
                  {deviceName(session.device?.userAgent)}, last active {dateToMinute(session.lastActivityAt)}
                </p>
                <Link to={inspectorPath(session.id)} className="app-session-link">
                  {questionOf(session)}
                </Link>
              </li>
            ))}
        </ul>
      )}
    </section>
  );
}
