import type { ReactNode } from 'react';
import { TimeLeft, useCurfew } from '../react/index.ts';
import { Brand } from './Brand.tsx';
import { administration, isAdministrator, pages } from './pages.ts';
import { Link } from './router.tsx';

/** On every page: the way home, the other pages, who is here, how much time is left, and the way out. */
export function Header(): ReactNode {
  const { user, signOut } = useCurfew();
  const shown = isAdministrator(user) ? [...pages, administration] : pages;
  return (
    <header className="app-bar">
      <a className="app-skip" href="#content">
        Skip to content
      </a>
      <Link to="/" className="app-home">
        <Brand />
      </Link>
      <nav className="app-pages" aria-label="Pages">
        {shown.map(({ path, label }) => (
          <Link key={path} to={path} className="app-page">
            {label}
          </Link>
        ))}
      </nav>
      <TimeLeft />
      <span className="app-user" title={user?.username}>
        {user?.username}
      </span>
      <button type="button" className="curfew-button app-out" onClick={() => signOut()}>
        Sign out
      </button>
    </header>
  );
}
