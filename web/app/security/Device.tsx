import { useId, type ReactNode, type RefObject } from 'react';
import { isLive, methodsInWords, standingInWords } from '../../../machines/index.ts';
import { agoInWords, useCurfew } from '../../react/index.ts';
import type { Trouble } from '../api.ts';
import { inspectorPath } from '../pages.ts';
import { Link } from '../router.tsx';
import type { SessionSummary } from '../shapes.ts';
import { AskFirst } from './AskFirst.tsx';
import { deviceName } from './device.ts';
import { useHandedFocus } from './focus.ts';
import { When } from './When.tsx';

interface DeviceProps {
  readonly session: SessionSummary;
  /** Takes the focus when this one goes away. */
  readonly heir: RefObject<HTMLElement | null>;
  readonly onEnd: () => Promise<Trouble | null>;
}

/** One device where the user is signed in, or can go on with the password. */
export function Device({ session, heir, onEnd }: DeviceProps): ReactNode {
  const { now } = useCurfew();
  const row = useHandedFocus<HTMLLIElement>(heir);
  const id = useId();
  const { device, startedAt, lastActivityAt, leaf, method, issuer, provedAt } = session;
  const name = deviceName(device?.userAgent);
  return (
    <li ref={row} className="app-device" data-current={session.current}>
      <div id={id}>
        <h3>
          {name} {session.current && <span className="app-badge">This device</span>}
        </h3>
        <p>{standingInWords(session)}</p>
        <p className="app-quiet">
          Last active {agoInWords(now() - lastActivityAt)}, <When at={lastActivityAt} />
        </p>
        <p className="app-quiet">
          Signed in <When at={startedAt} />
          {device?.address && ` from ${device.address}`}
        </p>
        <p className="app-quiet">
          Last proof{methodsInWords(method, issuer)}, <When at={provedAt} />
        </p>
        {!isLive(leaf) && <Why session={session} />}
      </div>
      {!session.current && (
        <AskFirst
          name={`end ${session.id}`}
          label="Sign out"
          describedBy={id}
          question={`Sign out ${name}? Whoever is there has to sign in again. Work that was saved stays saved.`}
          yes="Sign it out"
          no="Keep it signed in"
          what="sign it out"
          onYes={onEnd}
        />
      )}
    </li>
  );
}

const Why = ({ session }: { readonly session: SessionSummary }): ReactNode => (
  <Link to={inspectorPath(session.id)} className="app-session-link">
    Why was I signed out?
  </Link>
);

/** One device where the user was signed in, and why that is over. */
export function PastDevice({ session }: { readonly session: SessionSummary }): ReactNode {
  const { device, startedAt, endedAt = session.lastActivityAt, method, issuer } = session;
  return (
    <li className="app-device">
      <div>
        <h3>{deviceName(device?.userAgent)}</h3>
        <p>{standingInWords(session)}</p>
        <p className="app-quiet">
          <When at={startedAt} /> to <When at={endedAt} />, last signed in{methodsInWords(method, issuer)}
        </p>
      </div>
      <Why session={session} />
    </li>
  );
}
