import type { ReactNode } from 'react';
import { Failure } from '../Failure.tsx';
import { DownloadData, useWays } from '../../react/index.ts';
import { Link } from '../router.tsx';
import { useTitle } from '../title.ts';
import '../styles/security.css';
import { ChangePassword } from './ChangePassword.tsx';
import { DeleteAccount } from './DeleteAccount.tsx';
import { DeleteAccountByProof } from './DeleteAccountByProof.tsx';
import { Devices } from './Devices.tsx';
import { History } from './History.tsx';
import { Passkeys } from './Passkeys.tsx';
import { useSessions } from './sessions.ts';

/** Where the person is and was signed in, and what they can do about it. */
export function SecurityPage(): ReactNode {
  const sessions = useSessions();
  const { value, trouble, reload, tell } = sessions;
  const { list: ways, ask } = useWays();
  const hasPassword = ways?.some(({ kind }) => kind === 'password') ?? false;
  useTitle('Security');
  return (
    <article className="app-security">
      <header>
        <h1>Security</h1>
        <p className="app-quiet">
          If you don’t know one of these devices, sign it out{hasPassword && ' and choose a new password'}. Every step
          of your sessions is in the <Link to="/security/inspector">Inspector</Link>.
        </p>
      </header>
      {trouble && <Failure what="load where you are signed in" trouble={trouble} onRetry={reload} />}
      {!value && !trouble && <p className="app-loading app-quiet">Loading…</p>}
      {value && (
        <>
          <Devices sessions={sessions} listed={value.sessions} />
          <History listed={value.sessions} />
        </>
      )}
      <Passkeys onChanged={ask} />
      {hasPassword && (
        <ChangePassword
          onChanged={() => {
            reload();
            tell();
          }}
        />
      )}
      <section aria-labelledby="security-data" className="app-account">
        <h2 id="security-data">Your data</h2>
        <DownloadData />
      </section>
      {ways && (hasPassword ? <DeleteAccount /> : <DeleteAccountByProof />)}
    </article>
  );
}
