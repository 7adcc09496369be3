import { createContext, use, useEffect, useMemo, useState, type ReactNode } from 'react';
import { usePlace } from '../index.ts';

/** Where the person is in the application. */
export interface Router {
  readonly path: string;
  readonly go: (path: string) => void;
}

const RouterContext = createContext<Router>({ path: '/', go: () => {} });

/** Keeps the path in the address bar, and brings it back with the rest of the place. */
export function RouterProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [path, setPath] = useState(() => location.pathname);
  useEffect(() => {
    const onPop = () => setPath(location.pathname);
    addEventListener('popstate', onPop);
    return () => removeEventListener('popstate', onPop);
  }, []);
  const router = useMemo<Router>(() => {
    const go = (next: string) => {
      if (next !== location.pathname) history.pushState(null, '', next);
      setPath(next);
    };
    return { path, go };
  }, [path]);
  usePlace('route', path, (kept) => {
    if (typeof kept === 'string') router.go(kept);
  });
  return <RouterContext value={router}>{children}</RouterContext>;
}

export const useRouter = (): Router => use(RouterContext);

/** A link inside the application. */
export function Link({ to, className, children }: { to: string; className?: string; children: ReactNode }): ReactNode {
  const { path, go } = useRouter();
  return (
    <a
      href={to}
      className={className}
      aria-current={path === to ? 'page' : undefined}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        go(to);
      }}
    >
      {children}
    </a>
  );
}
