import { useEffect, useRef, useState, type ReactNode } from 'react';
import { SessionGuard, useCurfew } from '../react/index.ts';
import { Boundary } from './Boundary.tsx';
import { Farewell } from './farewell.ts';
import { Forgotten } from './Forgotten.tsx';
import { forgetLook } from './look.ts';
import { PanelsProvider } from './panels.tsx';
import { RouterProvider } from './router.tsx';
import { SignIn } from './SignIn.tsx';
import { Workspace } from './Workspace.tsx';

/**
 * Leaves nothing of the last user in the address bar or in the look of the page; both come back with the rest of
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

/** The session that ended here last, so that a user who comes back can ask why; `null` once a user is signed in. */
function useEnded(): string | null {
  const { phase, view } = useCurfew();
  const [ended, setEnded] = useState<string | null>(null);
  const now = phase === 'ended' && view ? view.id : phase === 'active' ? null : ended;
  if (now !== ended) setEnded(now);
  return now;
}

const signedOut =
  'You’re signed out. Nothing of your work is left on this device; what the server has is there when you sign in again.';

/** The last words to a user who has left, until a user signs in. */
function useFarewell() {
  const { phase } = useCurfew();
  const [words, bid] = useState('');
  const [last, setLast] = useState(phase);
  if (last !== phase) {
    setLast(phase);
    if (last === 'signingOut' && phase === 'signedOut' && words === '') bid(signedOut);
    if (phase === 'signingIn') bid('');
  }
  return { words, bid };
}

/** The reference application: a sign-in, and behind it a workspace. */
export function Application(): ReactNode {
  useFreshStart();
  const ended = useEnded();
  const { words, bid } = useFarewell();
  return (
    <Farewell value={bid}>
      <SessionGuard signIn={<SignIn ended={words === '' ? ended : null} said={words} />} forgotten={<Forgotten />}>
        <Boundary>
          <RouterProvider>
            <PanelsProvider>
              <Workspace />
            </PanelsProvider>
          </RouterProvider>
        </Boundary>
      </SessionGuard>
    </Farewell>
  );
}
