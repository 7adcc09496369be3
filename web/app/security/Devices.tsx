import { useRef, useState, type ReactNode, type RefObject } from 'react';
import { useCurfew } from '../../react/index.ts';
import { useApi, type Outcome, type Trouble } from '../api.ts';
import { isNothing, type SessionSummary } from '../shapes.ts';
import { AskFirst } from './AskFirst.tsx';
import { Device } from './Device.tsx';
import { deviceName } from './device.ts';
import { useHandedFocus } from './focus.ts';
import type { Sessions } from './sessions.ts';
import { isOpen } from './standing.ts';

/** This device first, then those that were used last. */
const inOrder = (sessions: readonly SessionSummary[]): readonly SessionSummary[] =>
  sessions
    .filter(isOpen)
    .toSorted((a, b) => Number(b.current) - Number(a.current) || b.lastActivityAt - a.lastActivityAt);

interface DevicesProps {
  readonly sessions: Sessions;
  readonly listed: readonly SessionSummary[];
}

/** Where the person is signed in, and how to end it there. */
export function Devices({ sessions, listed }: DevicesProps): ReactNode {
  const api = useApi();
  const { now } = useCurfew();
  const heading = useRef<HTMLHeadingElement>(null);
  const [said, setSaid] = useState('');
  const open = inOrder(listed);
  const others = open.filter(({ current }) => !current);

  /** What the server has ended is over here at once; the next look brings what the server knows of it. */
  const ended = (outcome: Outcome<null>, gone: readonly SessionSummary[], words: string): Trouble | null => {
    if (!outcome.ok && outcome.trouble !== 'gone') return outcome.trouble;
    const ids = new Set(gone.map(({ id }) => id));
    const over = { leaf: 'ended.revoked', reason: 'revoked', endedAt: now() } as const;
    sessions.set({ sessions: listed.map((each) => (ids.has(each.id) ? { ...each, ...over } : each)) });
    setSaid(words);
    sessions.reload();
    sessions.tell();
    return null;
  };
  const end = async (session: SessionSummary) => {
    const outcome = await api(`/api/auth/sessions/${session.id}`, isNothing, 'DELETE');
    return ended(outcome, [session], `${deviceName(session.device?.userAgent)} is signed out.`);
  };
  const endOthers = async () => {
    const outcome = await api('/api/auth/sessions', isNothing, 'DELETE');
    return ended(outcome, others, 'You are signed out everywhere else.');
  };
  return (
    <section aria-labelledby="security-devices">
      <h2 id="security-devices" ref={heading} tabIndex={-1}>
        Where you are signed in
      </h2>
      <p role="status" className="app-said">
        {said}
      </p>
      <ul className="app-devices">
        {open.map((session) => (
          <Device key={session.id} session={session} heir={heading} onEnd={() => end(session)} />
        ))}
      </ul>
      {others.length > 0 && <EndOthers heir={heading} onEnd={endOthers} />}
      {others.length === 0 && open.length > 0 && <p className="app-quiet">You are signed in nowhere else.</p>}
    </section>
  );
}

interface EndOthersProps {
  /** Takes the focus when there are no others any more. */
  readonly heir: RefObject<HTMLElement | null>;
  readonly onEnd: () => Promise<Trouble | null>;
}

function EndOthers({ heir, onEnd }: EndOthersProps): ReactNode {
  const all = useHandedFocus<HTMLDivElement>(heir);
  return (
    <div ref={all} className="app-everywhere">
      <AskFirst
        name="end the others"
        label="Sign out everywhere else"
        question="Sign out everywhere but here? Whoever is there has to sign in again. Work that was saved stays saved."
        yes="Sign out everywhere else"
        no="Change nothing"
        what="sign out everywhere else"
        onYes={onEnd}
      />
    </div>
  );
}
