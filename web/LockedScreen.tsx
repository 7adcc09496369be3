import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useCurfew, useInventory } from './hooks.ts';
import { PasswordForm } from './PasswordForm.tsx';
import { useTitlePrefix } from './SessionWarning.tsx';
import type { Kept } from './inventory.ts';
import { agoInWords, countInWords, listInWords, reasonInWords } from './words.ts';
import type { Instant } from '../machines/index.ts';

const keptInWords = ({ label, kind, count, savedAt }: Kept, now: Instant): string => {
  const what = kind === 'settings' ? label : countInWords(count, label);
  return savedAt === undefined ? what : `${what} (${agoInWords(now - savedAt)})`;
};

/** What was kept, as one sentence; `null` when there was nothing. */
function summaryOf(kept: readonly Kept[], now: Instant): string | null {
  return kept.length === 0 ? null : `Saved on this device: ${listInWords(kept.map((each) => keptInWords(each, now)))}.`;
}

function Leave(): ReactNode {
  const { signOut, chooseSignIn } = useCurfew();
  const [isAsking, setAsking] = useState(false);
  if (!isAsking) {
    return (
      <div className="curfew-leave">
        <button type="button" className="curfew-button curfew-button-quiet" onClick={() => setAsking(true)}>
          Sign out and delete from this device
        </button>
        <button type="button" className="curfew-button curfew-button-quiet" onClick={chooseSignIn}>
          Not you? Sign in as someone else
        </button>
      </div>
    );
  }
  return (
    <div className="curfew-leave" role="group" aria-label="Delete from this device?">
      <p>This removes what is saved on this device. It cannot be undone here.</p>
      <button
        type="button"
        className="curfew-button curfew-button-danger"
        onClick={() => signOut({ forgetDevice: true })}
        autoFocus
      >
        Delete and sign out
      </button>
      <button type="button" className="curfew-button" onClick={() => setAsking(false)}>
        Keep it
      </button>
    </div>
  );
}

/** What the tab is doing, or could not do, before anybody can be asked for a password. */
function Waiting(): ReactNode {
  const { phase, online, retry } = useCurfew();
  if (phase === 'checking' || phase === 'restoring') {
    return <p role="status">{phase === 'checking' ? 'Keeping your work…' : 'Bringing your work back…'}</p>;
  }
  if (phase !== 'unconfirmed') return null;
  return (
    <div className="curfew-alert" role="alert">
      <p>
        {online
          ? 'We couldn’t reach the server. Your work is saved; trying again…'
          : 'You are offline. Your work is saved; we’ll confirm when you’re back.'}
      </p>
      <button type="button" className="curfew-button" onClick={retry}>
        Try again
      </button>
    </div>
  );
}

/**
 * In place of the content when nobody has been there for too long: why, what was kept, and the way back.
 *
 * @see WCAG 2.2.5, 3.3.7, NIST SP 800-63B-4 §5.2
 */
export function LockedScreen(): ReactNode {
  const { phase, user, view, reason, now } = useCurfew();
  const kept = useInventory();
  const heading = useRef<HTMLHeadingElement>(null);
  useTitlePrefix('Signed out');
  useEffect(() => heading.current?.focus(), []);
  const canSignIn = phase === 'locked' || phase === 'reauthenticating' || phase === 'unconfirmed';
  return (
    <main className="curfew-locked" data-curfew-ui="">
      <div className="curfew-card">
        <h1 ref={heading} tabIndex={-1}>
          Welcome back{user ? `, ${user.username}` : ''}
        </h1>
        <p>{reasonInWords(reason ?? 'idle', view?.policy)}</p>
        {summaryOf(kept, now()) && <p className="curfew-summary">{summaryOf(kept, now())}</p>}
        <Waiting />
        {canSignIn && (
          <>
            <PasswordForm
              action="Sign in and continue"
              pending="Signing in…"
              isPending={phase === 'reauthenticating'}
              autoFocus
            />
            <Leave />
          </>
        )}
      </div>
    </main>
  );
}
