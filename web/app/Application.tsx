import { useEffect, useRef, type ReactNode } from 'react';
import { SessionGuard, useCurfew } from '../index.ts';
import { RouterProvider } from './router.tsx';
import { SignIn } from './SignIn.tsx';
import { Workspace } from './Workspace.tsx';

/** Leaves nothing of whoever was here in the address bar; their own place comes back with the rest of their work. */
function useFreshAddress(): void {
  const { phase } = useCurfew();
  const before = useRef(phase);
  useEffect(() => {
    const wasIn = !['starting', 'signedOut', 'signingIn'].includes(before.current);
    before.current = phase;
    if (phase === 'signedOut' && wasIn) history.replaceState(null, '', '/');
  }, [phase]);
}

/** The reference application: a sign-in, and behind it a workspace. */
export function Application(): ReactNode {
  useFreshAddress();
  return (
    <SessionGuard signIn={<SignIn />}>
      <RouterProvider>
        <Workspace />
      </RouterProvider>
    </SessionGuard>
  );
}
