import { createContext, use, useEffect, useMemo, useState, type ReactNode } from 'react';
import { useViewState } from '../react/index.ts';

/** Where the person is in the application. */
export interface Router {
  readonly path: string;
  /** How often the person has moved since the page was loaded; being brought back is no move. */
  readonly moves: number;
  readonly go: (path: string) => void;
}

const RouterContext = createContext<Router>({ path: '/', moves: 0, go: () => {} });

/** Keeps the path in the address bar, and brings it back with the rest of the place. */
export function RouterProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [{ path, moves }, setWhere] = useState(() => ({ path: location.pathname, moves: 0 }));
  useEffect(() => {
    const onPop = () => setWhere((last) => ({ path: location.pathname, moves: last.moves + 1 }));
    addEventListener('popstate', onPop);
    return () => removeEventListener('popstate', onPop);
  }, []);
  const router = useMemo<Router>(() => {
    const go = (next: string) => {
      if (next !== location.pathname) history.pushState(null, '', next);
      setWhere((last) => ({ path: next, moves: last.moves + 1 }));
    };
    return { path, moves, go };
  }, [path, moves]);
  useViewState('route', path, (kept) => {
    // An address that says where to go was asked for just now: a bookmark, a link. Only the bare one leaves it open.
    if (typeof kept !== 'string' || location.pathname !== '/') return;
    history.replaceState(null, '', kept);
    setWhere((last) => ({ path: kept, moves: last.moves }));
  });
  return <RouterContext value={router}>{children}</RouterContext>;
}

/** Where the person is, and how to go elsewhere. */
export const useRouter = (): Router => use(RouterContext);

interface LinkProps {
  readonly to: string;
  readonly className?: string;
  readonly children: ReactNode;
}

/** The page itself, or one that lies under it. */
function currentIn(path: string, to: string): 'page' | 'true' | undefined {
  if (path === to) return 'page';
  return path.startsWith(`${to}/`) ? 'true' : undefined;
}

/** A link inside the application; with a modifier key it does what links do. */
export function Link({ to, className, children }: LinkProps): ReactNode {
  const { path, go } = useRouter();
  return (
    <a
      href={to}
      className={className}
      aria-current={currentIn(path, to)}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0) return;
        event.preventDefault();
        go(to);
      }}
    >
      {children}
    </a>
  );
}
