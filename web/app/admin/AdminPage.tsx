import { useState, type ReactNode } from 'react';
import { ProveForm } from '../../react/index.ts';
import { Failure } from '../Failure.tsx';
import { Inspected } from '../inspector/Inspected.tsx';
import { Link } from '../router.tsx';
import { useNews } from '../security/sessions.ts';
import { useTitle } from '../title.ts';
import '../styles/inspector.css';
import '../styles/inspector.log.css';
import '../styles/security.css';
import { useFound } from './found.ts';
import { FoundList } from './FoundList.tsx';
import { SearchForm, type Search } from './SearchForm.tsx';

/** What happened in one session, step by step. */
function Story({ id }: { readonly id: string }): ReactNode {
  return (
    <div className="app-inspector">
      <Link to="/admin" className="app-session-link">
        Back to everybody
      </Link>
      <Inspected key={id} id={id} version={0} isLive={false} path={`/api/admin/sessions/${id}/events`} />
    </div>
  );
}

/**
 * Everybody's sessions, for administrators: found by user and state, ended, and told step by step. The server wants a
 * recent proof of who is asking, for looking as well.
 *
 * @param asked the session whose story is asked for; `''` for the list
 * @see ASVS 5.0 7.4.5
 */
export function AdminPage({ asked }: { readonly asked: string }): ReactNode {
  const [search, setSearch] = useState<Search>({ user: '', state: '' });
  const { value, trouble, reload, more } = useFound(search);
  const tell = useNews(reload);
  useTitle('Administration');
  if (trouble === 'unproved')
    return (
      <article className="app-security">
        <h1>Administration</h1>
        <p id="admin-why">You signed in a while ago. To see who is signed in, please show once more that it is you.</p>
        <div className="app-account">
          <ProveForm label="Next" describedBy="admin-why" isFirst onProved={reload} />
        </div>
      </article>
    );
  if (asked !== '') return <Story id={asked} />;
  return (
    <article className="app-security">
      <h1>Administration</h1>
      <SearchForm search={search} onSearch={setSearch} />
      {trouble && <Failure what="load who is signed in" trouble={trouble} onRetry={reload} />}
      {!value && !trouble && <p className="app-loading app-quiet">Loading…</p>}
      {value && (
        <FoundList
          found={value}
          onMore={more}
          onChanged={() => {
            reload();
            tell();
          }}
        />
      )}
    </article>
  );
}
