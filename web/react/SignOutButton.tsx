import type { ReactNode } from 'react';
import { useCurfew } from './hooks.ts';
import { useWords } from './provider.tsx';

/** The other answer to a warning: to leave. */
export function SignOutButton(): ReactNode {
  const { signOut } = useCurfew();
  const words = useWords();
  return (
    <button type="button" className="curfew-button" onClick={() => signOut()}>
      {words.signOut}
    </button>
  );
}
