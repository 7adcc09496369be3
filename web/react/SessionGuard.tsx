import { useState, type ReactNode } from 'react';
import { useTitleInstead } from './documentTitle.ts';
import { EndScreen } from './EndScreen.tsx';
import { useCurfew } from './hooks.ts';
import { LockedScreen } from './LockedScreen.tsx';
import { useMessages } from './provider.tsx';
import { SessionWarning } from './SessionWarning.tsx';
import type { Phase } from '../client/tab/tab.types.ts';
import { Waiting } from './Waiting.tsx';
import { WelcomeBack } from './WelcomeBack.tsx';

/** What is shown to whom. */
export interface SessionGuardProps {
  /** In place of the content while no user is signed in. */
  readonly signIn: ReactNode;
  /** Only for a user who is signed in. */
  readonly children: ReactNode;
}

const lockedPhases: readonly Phase[] = ['checking', 'unconfirmed', 'locked', 'reauthenticating', 'restoring'];

/**
 * Stands before an application's content. When the time is up it hides the whole page at once, from the eye and from the
 * accessibility tree, and takes the content away when the work has been encrypted; after signing in again it is back in
 * place.
 */
export function SessionGuard({ signIn, children }: SessionGuardProps): ReactNode {
  const { phase } = useCurfew();
  const { locked } = useMessages();
  const isOpen = phase === 'active' || phase === 'warning';
  const isLocked = lockedPhases.includes(phase);
  // A locked tab checks again whenever it is looked at: what was taken away must not come back for that.
  const [wasOpen, setWasOpen] = useState(isOpen);
  const isMounted = isOpen || (wasOpen && phase === 'checking');
  if (wasOpen !== isMounted) setWasOpen(isMounted);
  const isSignIn = phase === 'signedOut' || phase === 'signingIn';
  useTitleInstead(isLocked || phase === 'ended' ? locked.documentTitle : null);
  return (
    <>
      {isMounted && children}
      {isLocked && <LockedScreen />}
      {phase === 'ended' && <EndScreen />}
      {isSignIn && signIn}
      {(phase === 'starting' || phase === 'signingOut' || phase === 'unreachable') && <Waiting />}
      {isOpen && <SessionWarning />}
      <WelcomeBack />
    </>
  );
}
