import { useState, type ReactNode } from 'react';
import { useTitleInstead } from './documentTitle.ts';
import { EndScreen } from './EndScreen.tsx';
import { useCurfew } from './hooks.ts';
import { LockedPage } from './LockedPage.tsx';
import { LockedScreen } from './LockedScreen.tsx';
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

/**
 * Stands before an application's content. When the time is up it hides the whole page at once, from the eye and from the
 * accessibility tree, and takes the content away when the work has been encrypted; after signing in again it is back in
 * place.
 */
export function SessionGuard({ signIn, children, ...own }: SessionGuardProps): ReactNode {
  const { phase, isOpen, isLocked } = useCurfew();
  const { locked } = useMessages();
  // A locked tab checks again whenever it is looked at: what was taken away must not come back for that.
  const [wasOpen, setWasOpen] = useState(isOpen);
  const isMounted = isOpen || (wasOpen && phase === 'checking');
  if (wasOpen !== isMounted) setWasOpen(isMounted);
  const isWaiting = phase === 'starting' || phase === 'signingOut' || phase === 'unreachable';
  const isSignIn = phase === 'signedOut' || phase === 'signingIn';
  useTitleInstead(isLocked || phase === 'ended' ? locked.documentTitle : null);
  return (
    <>
      {isMounted && children}
      {isLocked && (
        <Hidden own={own.locked}>
          <LockedScreen />
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
      <WelcomeBack />
    </>
  );
}
