import { Fragment, useEffect, useState, type ReactNode } from 'react';
import type { SessionView } from '../../machines/index.ts';
import { hideSelf } from '../client/device/ownWindows.ts';
import { useTitleInstead } from './documentTitle.ts';
import { EndScreen } from './EndScreen.tsx';
import { useGuardedFields } from './guardedFields.ts';
import { useCurfew } from './hooks.ts';
import { KeptWork } from './KeptWork.tsx';
import { LockedPage } from './LockedPage.tsx';
import { LockedScreen } from './LockedScreen.tsx';
import { Notices } from './Notices.tsx';
import { Own, type OwnScreen } from './OwnScreen.tsx';
import { useMessages } from './provider.tsx';
import { SessionWarning } from './SessionWarning.tsx';
import { Waiting } from './Waiting.tsx';
import { WelcomeBack } from './WelcomeBack.tsx';

/** What is shown to whom. */
export interface SessionGuardProps {
  /** In place of the content while no user is signed in. */
  readonly signIn: ReactNode;
  /**
   * In place of the locked screen. Whatever it shows, everything else is hidden, and the focus goes into it and comes back
   * afterwards. What it opens has to be inside it. Default: `LockedScreen`.
   */
  readonly locked?: OwnScreen;
  /**
   * In place of what is seen of the warning. `stage` says which: beside the work (`toast`) it takes no focus, and F6 leads
   * there; before it (`dialog`) it is modal, and Escape means to stay. What is spoken goes on. Default: `SessionWarning`.
   */
  readonly warning?: OwnScreen;
  /** In place of the screen that says why the session has ended, for good; hidden and focused as `locked`. */
  readonly ended?: OwnScreen;
  /** While it is not known who is signed in, and when the server cannot be reached: `phase` says which. */
  readonly waiting?: OwnScreen;
  /**
   * `forms`: what a user fills in and has not sent survives the lock, a reload and a crash, encrypted, on this device alone.
   * `nothing`: only what a hook keeps does. Default `forms`.
   */
  readonly keep?: 'forms' | 'nothing';
  /**
   * What becomes of the content while the page is locked. `unmount`: it is taken away. `hide`: it stays as it is, hidden and
   * inert, and readable in the memory of this page, until the same user is back or the session is over. A policy as strict as
   * that of the strict presets refuses `hide`. Default `unmount`.
   */
  readonly content?: 'unmount' | 'hide';
  /** What helps a user who has forgotten the password, on the locked screen: a link or a few words. Default: nothing. */
  readonly forgotten?: ReactNode;
  /** Only for a user who is signed in. */
  readonly children: ReactNode;
}

/** Hides everything and shows a screen of one's own or, where there is none, the library's, which hides by itself. */
function Hidden({ own, children }: { readonly own: OwnScreen | undefined; readonly children: ReactNode }): ReactNode {
  if (own === undefined) return children;
  return (
    <LockedPage>
      <Own screen={own} />
    </LockedPage>
  );
}

/** Whether a policy is one under which nothing readable may stay in a locked page. */
const isStrict = (view: SessionView | null): boolean =>
  view?.policy.maxLease === 0 && view.policy.undeclaredActivity === 'background';

/**
 * Stands before an application's content. When the time is up it hides the whole page at once, from the eye and from the
 * accessibility tree, with the windows of this origin that the page has opened by `window.open`, and takes the content away
 * when the work has been encrypted; after signing in again it is back in place.
 */
export function SessionGuard({
  signIn,
  children,
  keep = 'forms',
  content = 'unmount',
  forgotten,
  ...own
}: SessionGuardProps): ReactNode {
  const { phase, isOpen, isLocked, view, user } = useCurfew();
  const { locked } = useMessages();
  // A locked tab checks again whenever it is looked at: what was taken away must not come back for that.
  const [wasOpen, setWasOpen] = useState(isOpen);
  const isRefused = content === 'hide' && isStrict(view);
  const isHidden = phase === 'checking' || (isLocked && content === 'hide' && !isRefused);
  const isMounted = isOpen || (wasOpen && isHidden);
  if (wasOpen !== isMounted) setWasOpen(isMounted);
  const { first, last } = useGuardedFields(keep === 'forms', isMounted);
  useEffect(() => {
    if (!isRefused) return;
    // oxlint-disable-next-line eslint/no-console -- it is for the developer, and no page shows it
    console.error('curfew: content="hide" is refused by this policy: the content is taken away at the lock');
  }, [isRefused]);
  const isWaiting = phase === 'starting' || phase === 'signingOut' || phase === 'unreachable';
  const isSignIn = phase === 'signedOut' || phase === 'signingIn';
  useEffect(hideSelf, []);
  useTitleInstead(isLocked || phase === 'ended' ? locked.documentTitle : null);
  return (
    <>
      {isMounted && <template ref={first} />}
      {/* Nothing of one user's content goes on under another. */}
      {isMounted && <Fragment key={user?.id}>{children}</Fragment>}
      {isLocked && (
        <Hidden own={own.locked}>
          <LockedScreen forgotten={forgotten} />
        </Hidden>
      )}
      {phase === 'ended' && (
        <Hidden own={own.ended}>
          <EndScreen />
        </Hidden>
      )}
      {isSignIn && signIn}
      {isWaiting && (own.waiting === undefined ? <Waiting /> : <Own screen={own.waiting} />)}
      {isOpen && <SessionWarning>{own.warning}</SessionWarning>}
      {isOpen && <Notices />}
      {isOpen && <KeptWork />}
      <WelcomeBack last={last} />
    </>
  );
}
