// First: it refuses a Node that is too old.
import '../store/nodeVersion.ts';
import type { StoreAdapter } from '../store/adapter.ts';
import type { CopyRules } from '../store/copies.ts';
import type { EventLog } from '../store/eventLog.ts';
import { readAddress } from './address.ts';
import { postgresAttempts } from './attempts.ts';
import { postgresAuditReader } from './auditReader.ts';
import { clockTrouble } from './clock.ts';
import { openPostgres, type PostgresDatabase, type Query } from './connection.ts';
import { postgresDraftStore } from './drafts.ts';
import { postgresEnds } from './ends.ts';
import { postgresEventLog } from './eventLog.ts';
import type { Membership } from './membership.ts';
import { joinNodes } from './nodes.ts';
import { guarded } from './guarded.ts';
import { postgresOverview } from './overview.ts';
import { postgresPeople } from './people.ts';
import { replicationWarnings, requireReplication } from './replicationSettings.ts';
import { postgresReferences } from './references.ts';
import { postgresSecurityLog } from './securityLog.ts';
import { postgresSingleUse } from './singleUse.ts';
import { postgresUsers } from './users.ts';
import { postgresVault } from './vault.ts';
import { tryToWrite } from './writeProbe.ts';

export { openPostgres, type Outcome, type PostgresDatabase, type Query, type Row, type Value } from './connection.ts';

/** What can be added to a PostgreSQL database. */
export interface PostgresOptions {
  /**
   * Deletes what the application keeps of a user in this database; default nothing. It is called inside the transaction
   * that deletes the user, so that all of it is deleted or nothing: when it rejects, the user stays as they were and the
   * request is answered 500. It must write through `query`, which is that transaction, and wait for what it writes. It is
   * called again when the transaction has to be tried again.
   */
  readonly deleteUserData?: (user: string, query: Query) => void | Promise<void>;
  /**
   * Whether what is acknowledged has to be on two servers: with `required` the store opens only where the database waits for
   * a standby with every commit. Default `reported`: where it does not, the log and `/readyz` say so.
   */
  readonly replication?: 'required' | 'reported';
}

/** What this node has written a copy does not know of, nor, a little later, what others have, even where it lets in no less. */
const copiesOf = ({ copies }: Membership, log: Pick<EventLog, 'subscribe'>): CopyRules => ({
  ...copies,
  watch(listener) {
    copies.watch(listener);
    log.subscribe(listener.session, listener.all);
  },
});

/**
 * Keeps everything in one PostgreSQL database, for any number of processes; all of them need the same secret.
 *
 * @param database `postgres://user:password@host:port/name`; or what `openPostgres` has returned, which then stays open
 *   until the application closes it. Of several hosts, as in `postgres://user@a:5432,b:5432/name?target_session_attrs=read-write`
 *   or `?host=a,b&port=5432`, that is used which can be reached and is as `target_session_attrs` says (`any`, the default,
 *   `read-write` or `primary`), and another once it is gone.
 * @throws TypeError when it is neither
 * @see https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-MULTIPLE-HOSTS
 */
export function postgres(
  database: string | PostgresDatabase,
  { deleteUserData, replication = 'reported' }: PostgresOptions = {},
): StoreAdapter {
  const isAddress = typeof database === 'string';
  const read = isAddress ? readAddress(database) : null;
  const isOpened = !isAddress && typeof database?.transaction === 'function';
  const wanted = typeof read === 'string' ? read : 'an address such as postgres://user:password@host:port/name';
  if (typeof read === 'string' || !(isAddress || isOpened))
    throw new TypeError(`postgres(…) takes ${wanted}, or a database that openPostgres has opened`);
  return {
    place: { kind: 'postgres', address: isAddress ? database : database.address },
    async open({ clock, stopwatch, warn }) {
      const connected = isAddress ? await openPostgres(database) : database;
      if (replication === 'required') await requireReplication(connected, isAddress);
      const closed = new AbortController();
      const listened = { ...connected, closing: AbortSignal.any([connected.closing, closed.signal]) };
      // Without a watch there are no leases, and so no copies.
      const node = stopwatch ? joinNodes(listened, stopwatch) : null;
      await node?.begin();
      const opened = node ? guarded(listened, node) : listened;
      let committed = (_appends: number): void => {};
      const log = postgresEventLog(opened, node ?? undefined, warn, (appends) => committed(appends));
      return {
        log,
        overview: postgresOverview(opened),
        users: postgresUsers(opened),
        attempts: postgresAttempts(opened),
        securityLog: (names) => postgresSecurityLog(opened, names),
        vault: (secrets) => postgresVault(opened, secrets),
        drafts: postgresDraftStore(opened),
        auditReader: postgresAuditReader(opened),
        references: postgresReferences(opened),
        singleUse: postgresSingleUse(opened),
        people: postgresPeople(opened),
        ends: postgresEnds(opened),
        ...(node && { copies: copiesOf(node, log), belief: { holds: node.proof.holds, renew: node.believe } }),
        watchCommits: (listener) => void (committed = listener),
        ...(deleteUserData && { eraseUserData: (user: string) => () => deleteUserData(user, opened.query) }),
        warnings: () => replicationWarnings(opened),
        async whyNotReady() {
          await tryToWrite(opened);
          return clockTrouble(opened, clock);
        },
        async close() {
          closed.abort();
          await node?.leave();
          if (isAddress) await connected.close();
        },
      };
    },
  };
}
