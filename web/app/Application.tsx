import { useEffect, useRef, type ReactNode } from 'react';
import { SessionGuard, useCurfew } from '../index.ts';
import { forgetLook } from './look.ts';
import { RouterProvider } from './router.tsx';
import { SignIn } from './SignIn.tsx';
import { Workspace } from './Workspace.tsx';

/**
 * Leaves nothing of whoever was here in the address bar or in the look of the page; both come back with the rest of
 * their work.
 */
function useFreshStart(): void {
  const { phase } = useCurfew();
  const before = useRef(phase);
  useEffect(() => {
    const wasIn = !['starting', 'signedOut', 'signingIn'].includes(before.current);
    before.current = phase;
    if (phase !== 'signedOut') return;
    forgetLook();
    if (wasIn) history.replaceState(null, '', '/');
  }, [phase]);
}

/** The reference application: a sign-in, and behind it a workspace. */
export function Application(): ReactNode {
  useFreshStart();
  return (
    <SessionGuard signIn={<SignIn />}>
      <RouterProvider>
        <Workspace />
      </RouterProvider>
    </SessionGuard>
  );
}
