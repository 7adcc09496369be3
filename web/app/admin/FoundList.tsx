import { useId, useRef, useState, type ReactNode, type RefObject } from 'react';
import { standingOfOther } from '../../../machines/index.ts';
import { agoInWords, useCurfew } from '../../react/index.ts';
import { useApi, type Outcome, type Trouble } from '../api.ts';
import { storyPath } from '../pages.ts';
import { Link } from '../router.tsx';
import { AskFirst } from '../security/AskFirst.tsx';
import { deviceName } from '../security/device.ts';
import { useHandedFocus } from '../security/focus.ts';
import { isOpen } from '../security/standing.ts';
import { When } from '../security/When.tsx';
import { isNothing, type Found, type FoundSession } from '../shapes.ts';

const nameOf = ({ user }: FoundSession): string => user.username ?? 'A deleted account';

interface FoundRowProps {
  readonly session: FoundSession;
  readonly heir: RefObject<HTMLElement | null>;
  readonly onEnd: () => Promise<Trouble | null>;
}

function FoundRow({ session, heir, onEnd }: FoundRowProps): ReactNode {
  const { now } = useCurfew();
  const row = useHandedFocus<HTMLLIElement>(heir);
  const id = useId();
  const { device, startedAt, lastActivityAt, current } = session;
  return (
    <li ref={row} className="app-device" data-current={current}>
      <div id={id}>
        <h3>
          {nameOf(session)} {current && <span className="app-badge">This device</span>}
        </h3>
        <p>
          {deviceName(device?.userAgent)}
          {device?.address && `, ${device.address}`}
        </p>
        <p>{standingOfOther(session)}</p>
        <p className="app-quiet">
          Last active {agoInWords(now() - lastActivityAt)}, <When at={lastActivityAt} />. Signed in{' '}
          <When at={startedAt} />
        </p>
      </div>
      <Link to={storyPath(session.id)} className="app-session-link">
        What happened
      </Link>
      {isOpen(session) && !current && (
        <AskFirst
          name={`end ${session.id}`}
          label="Sign out"
          describedBy={id}
          question={`Sign ${nameOf(session)} out of ${deviceName(device?.userAgent)}? Work that was saved stays saved.`}
          yes="Sign them out"
          no="Change nothing"
          what="sign them out"
          onYes={onEnd}
        />
      )}
    </li>
  );
}

interface MoreProps {
  readonly listed: number;
  readonly heir: RefObject<HTMLElement | null>;
  readonly onMore: () => void;
}

/** The way to the next page; the focus stays on it until there is none. */
function More({ listed, heir, onMore }: MoreProps): ReactNode {
  const row = useHandedFocus<HTMLDivElement>(heir);
  return (
    <div ref={row} className="app-more">
      <p role="status" className="app-quiet">
        {listed} are listed. There are more.
      </p>
      <button type="button" className="curfew-button" onClick={onMore}>
        Show more
      </button>
    </div>
  );
}

interface FoundListProps {
  readonly found: Found;
  /** Asks for the next page. */
  readonly onMore: () => void;
  /** Something was ended: what is listed is no longer so. */
  readonly onChanged: () => void;
}

/** The sessions that were found, and how to end them. @see ASVS 5.0 7.4.5 */
export function FoundList({ found: { sessions, next }, onMore, onChanged }: FoundListProps): ReactNode {
  const api = useApi();
  const heading = useRef<HTMLHeadingElement>(null);
  const [said, setSaid] = useState('');
  const [one] = sessions;
  const isOne = one !== undefined && sessions.every(({ user }) => user.id === one.user.id);
  const done = (outcome: Outcome<null>, words: string): Trouble | null => {
    if (!outcome.ok && outcome.trouble !== 'gone') return outcome.trouble;
    setSaid(words);
    onChanged();
    return null;
  };
  const end = async (session: FoundSession) =>
    done(
      await api(`/api/admin/sessions/${session.id}`, isNothing, 'DELETE'),
      `${nameOf(session)} is signed out of ${deviceName(session.device?.userAgent)}.`,
    );
  const endAll = async (session: FoundSession) =>
    done(
      await api(`/api/admin/users/${session.user.id}/sessions`, isNothing, 'DELETE'),
      `${nameOf(session)} is signed out everywhere.`,
    );
  return (
    <section aria-labelledby="admin-found">
      <h2 id="admin-found" ref={heading} tabIndex={-1}>
        Who is and was signed in
      </h2>
      <p role="status" className="app-said">
        {said}
      </p>
      {sessions.length === 0 && <p className="app-quiet">Nothing was found.</p>}
      <ul className="app-devices">
        {sessions.map((session) => (
          <FoundRow key={session.id} session={session} heir={heading} onEnd={() => end(session)} />
        ))}
      </ul>
      {isOne && sessions.some(isOpen) && (
        <div className="app-everywhere">
          <AskFirst
            name="end all"
            label={`Sign ${nameOf(one)} out everywhere`}
            question={`Sign ${nameOf(one)} out on every device? Work that was saved stays saved.`}
            yes="Sign them out everywhere"
            no="Change nothing"
            what="sign them out everywhere"
            onYes={() => endAll(one)}
          />
        </div>
      )}
      {next !== undefined && <More listed={sessions.length} heir={heading} onMore={onMore} />}
    </section>
  );
}
