import { useState, type ReactNode } from 'react';
import { useCurfew, useInventory } from './hooks.ts';
import { ReauthenticateForm } from './ReauthenticateForm.tsx';
import { useTitlePrefix } from './SessionWarning.tsx';
import type { Kept } from './inventory.ts';
import { agoInWords, countInWords, listInWords, reasonInWords } from './words.ts';
import type { Instant } from '../machines/index.ts';

const keptInWords = ({ label, kind, count, savedAt }: Kept, now: Instant): string => {
  const what = kind === 'settings' ? label : countInWords(count, label);
  return savedAt === undefined ? what : `${what} (${agoInWords(now - savedAt)})`;
};

const order = ['conversation', 'draft', 'settings'];
const rank = ({ kind }: Kept): number => (order.includes(kind) ? order.indexOf(kind) : order.indexOf('settings') - 0.5);

/** What was kept, as one sentence; `null` when there was nothing. */
function summaryOf(kept: readonly Kept[], now: Instant): string | null {
  if (kept.length === 0) return null;
  const things = kept.toSorted((a, b) => rank(a) - rank(b)).map((each) => keptInWords(each, now));
  return `Saved on this device: ${listInWords(things)}.`;
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
  useTitlePrefix('Signed out');
  const canSignIn = phase === 'locked' || phase === 'reauthenticating' || phase === 'unconfirmed';
  return (
    <main className="curfew-locked">
      <div className="curfew-card">
        <h1>{phase === 'checking' ? 'One moment' : `Welcome back${user ? `, ${user.username}` : ''}`}</h1>
        <p role="status">{reasonInWords(reason ?? 'idle', view?.policy)}</p>
        {summaryOf(kept, now()) && <p className="curfew-summary">{summaryOf(kept, now())}</p>}
        <Waiting />
        {canSignIn && (
          <>
            <ReauthenticateForm label="Sign in and continue" isBusy={phase === 'reauthenticating'} isFirst />
            <Leave />
          </>
        )}
      </div>
    </main>
  );
}
