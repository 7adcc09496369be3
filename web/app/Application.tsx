import type { ReactNode } from 'react';
import { SessionGuard } from '../index.ts';
import { RouterProvider } from './router.tsx';
import { SignIn } from './SignIn.tsx';
import { Workspace } from './Workspace.tsx';

/** The reference application: a sign-in, and behind it a workspace. */
export function Application(): ReactNode {
  return (
    <SessionGuard signIn={<SignIn />}>
      <RouterProvider>
        <Workspace />
      </RouterProvider>
    </SessionGuard>
  );
}
