import { useEffect, useState, type ReactNode } from 'react';
import { EndScreen } from './EndScreen.tsx';
import { useCurfew } from './hooks.ts';
import { LockedScreen } from './LockedScreen.tsx';
import { SessionWarning } from './SessionWarning.tsx';
import type { Phase } from './tab.types.ts';

/** What is shown to whom. */
export interface SessionGuardProps {
  /** In place of the content while nobody is signed in. */
  readonly signIn: ReactNode;
  /** Only for somebody who is signed in. */
  readonly children: ReactNode;
}

const isOpen = (phase: Phase): boolean => phase === 'active' || phase === 'warning';
const isLockedPhase = (phase: Phase): boolean =>
  ['checking', 'unconfirmed', 'locked', 'reauthenticating', 'restoring'].includes(phase);

/** Says once that everything is where it was, after a lock. */
function Welcome({ phase }: { readonly phase: Phase }): ReactNode {
  const [last, setLast] = useState(phase);
  const [isBack, setBack] = useState(false);
  if (last !== phase) {
    setLast(phase);
    if (last === 'restoring' && isOpen(phase)) setBack(true);
    else if (!isOpen(phase)) setBack(false);
  }
  useEffect(() => {
    if (!isBack) return undefined;
    const timer = setTimeout(() => setBack(false), 8_000);
    return () => clearTimeout(timer);
  }, [isBack]);
  return (
    <p className={isBack ? 'curfew-welcome' : 'curfew-spoken'} role="status">
      {isBack ? 'Welcome back. Everything is where you left it.' : ''}
    </p>
  );
}

function Unreachable(): ReactNode {
  const { retry } = useCurfew();
  return (
    <main className="curfew-locked">
      <div className="curfew-card">
        <h1>We can&rsquo;t reach the server</h1>
        <p role="alert">Nothing is lost. We keep trying; you can try at once, too.</p>
        <div className="curfew-actions">
          <button type="button" className="curfew-button curfew-button-primary" onClick={retry}>
            Try again
          </button>
        </div>
      </div>
    </main>
  );
}

/**
 * Stands before an application's content. When the time is up it hides the content at once, from the eye and from the
 * accessibility tree, and takes it away when the work has been encrypted; after signing in again it is back in place.
 */
export function SessionGuard({ signIn, children }: SessionGuardProps): ReactNode {
  const { phase } = useCurfew();
  const isMounted = isOpen(phase) || phase === 'checking';
  return (
    <>
      {isMounted && (
        <div className="curfew-content" hidden={!isOpen(phase)} inert={!isOpen(phase)}>
          {children}
        </div>
      )}
      {isLockedPhase(phase) && <LockedScreen />}
      {phase === 'ended' && <EndScreen />}
      {phase === 'unreachable' && <Unreachable />}
      {(phase === 'signedOut' || phase === 'signingIn') && signIn}
      {(phase === 'starting' || phase === 'signingOut') && (
        <p className="curfew-waiting" role="status">
          One moment…
        </p>
      )}
      {isOpen(phase) && <SessionWarning />}
      <Welcome phase={phase} />
    </>
  );
}
