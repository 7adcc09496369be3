import type { ReactNode } from 'react';
import { popup, redirect } from 'curfew/client';
import { CurfewProvider, problemInWords, SessionGuard, useCurfew } from 'curfew/react';

function SignIn() {
  const { signIn, problem } = useCurfew();
  return (
    <main>
      <button onClick={() => signIn(redirect({ url: '/api/oidc/start' }))}>Sign in with Example ID</button>
      <p role="alert">{problem && problemInWords(problem)}</p>
    </main>
  );
}

export const Guarded = ({ children }: { children: ReactNode }) => (
  <CurfewProvider sso={popup}>
    <SessionGuard signIn={<SignIn />}>{children}</SessionGuard>
  </CurfewProvider>
);
