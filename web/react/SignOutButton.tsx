import type { ReactNode } from 'react';
import { useCurfew } from './hooks.ts';
import { useMessages } from './provider.tsx';

/** The other answer to a warning: to leave. */
export function SignOutButton(): ReactNode {
  const { signOut } = useCurfew();
  const messages = useMessages();
  return (
    <button type="button" className="curfew-button curfew-button-quiet" onClick={() => signOut()}>
      {messages.signOut}
    </button>
  );
}
