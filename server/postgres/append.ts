import { isRevoked } from '../sql/revocations.ts';
import { lastOf } from '../store/change.ts';
import type { Admission, Change, EventLog, RevocationOfAll, TransactionalWrite } from '../store/eventLog.ts';
import { countRow } from '../store/rows.ts';
import { StoreUnavailable } from '../store/unavailable.ts';
import { admit, lockEverybody } from './admit.ts';
import type { Announcements } from './announcements.ts';
import type { PostgresDatabase, Query } from './connection.ts';
import { isUniqueViolation } from './failure.ts';
import { groupCommit } from './groupCommit.ts';
import { byId } from './lockOrder.ts';
import { everything, narrows, sessionSubject, userSubject, type Settle } from './narrowing.ts';
import { write, WrongExpectedVersion } from './write.ts';
import { isMove, writeTogether } from './writeTogether.ts';

/** The users whom an append may have changed something of besides their sessions. */
const usersOf = (changes: readonly Change[], admission: Admission | undefined): readonly string[] => [
  ...new Set([...changes.map(({ state }) => state.context.user), ...(admission ? [admission.user] : [])]),
];

/** Who is told of a commit. */
interface Told extends Pick<Announcements, 'notify' | 'notifyAll'> {
  /** This node. */
  readonly id: string;
  readonly settle: Settle;
  /** Is told how many appends have shared each commit. */
  readonly committed: (appends: number) => void;
}

/** @returns how many sessions have ended by it. */
async function endAll(query: Query, { at, by, reason, except }: RevocationOfAll): Promise<number> {
  await query(lockEverybody);
  const { rows } = await query(
    `select count(*)::integer as n from sessions
     where ended_at is null and id is distinct from $1 and not ${isRevoked('sessions')}`,
    [except ?? null],
  );
  await query(
    `insert into revocations (epoch, at, revoked_by, reason, spared)
     select coalesce(max(epoch), 0) + 1, $1, $2, $3, $4 from revocations`,
    [at, by, reason, except ?? null],
  );
  await query('insert into curfew_narrowings (subject) values ($1)', [everything]);
  return countRow.parse(rows[0]).n;
}

/** Writes changes of several sessions inside a transaction, in the order of their ids. @returns those that wrote anything */
async function writeAll(query: Query, changes: readonly Change[], node: string): Promise<readonly Change[]> {
  const ids = new Set(changes.map(({ id }) => id));
  if (changes.length > 1 && ids.size === changes.length && changes.every(isMove)) {
    const moved = await writeTogether(query, changes, node, 'wait');
    if (moved.size < changes.length) throw new WrongExpectedVersion();
    return changes;
  }
  const written: Change[] = [];
  for (const change of changes.toSorted(byId)) if (await write(query, change, node)) written.push(change);
  return changes.filter((change) => written.includes(change));
}

/**
 * @param notify is called with the ids of the changed sessions after each commit
 * @param notifyAll is called after all sessions were ended at once
 * @param settle is waited for before an append that narrows is acknowledged
 */
export function postgresAppend(
  database: PostgresDatabase,
  { notify, notifyAll, id: node, settle, committed }: Told,
): Pick<EventLog, 'append' | 'revokeAll'> {
  const writeAlone = (change: Change): Promise<boolean> => write(database.query, change, node);

  const writeInGroup = groupCommit<Change, boolean>({
    keyOf: ({ id }) => id,
    waitFor: database.waitFor,
    committed,
    async write(changes) {
      const [first] = changes;
      if (first && changes.length === 1) {
        await writeAlone(first);
        return () => true;
      }
      try {
        const moved = await writeTogether(database.query, changes, node, 'pass');
        // By itself it waits for who holds the session, and says whether it was not as expected.
        return (change) => moved.has(change.id) || writeAlone(change);
      } catch (error) {
        if (error instanceof StoreUnavailable) throw error;
        // Nothing was written. What is wrong with one of them is not wrong with the others.
        return writeAlone;
      }
    },
  });

  async function appendOne(change: Change): Promise<readonly Change[]> {
    lastOf(change);
    if (isMove(change)) return (await writeInGroup(change)) ? [change] : [];
    const isWritten = await writeAlone(change);
    committed(1);
    return isWritten ? [change] : [];
  }

  async function appendAll(
    changes: readonly Change[],
    admission: Admission | undefined,
    writes: readonly TransactionalWrite[],
  ): Promise<readonly Change[]> {
    const all = await database.transaction(async (query) => {
      if (admission) await admit(query, admission);
      const written = await writeAll(query, changes, node);
      await database.within(query, async () => {
        for (const each of writes) await each();
      });
      return written;
    });
    committed(1);
    return all;
  }

  return {
    async append(changes, admission, writes = []) {
      const [first, ...others] = changes;
      try {
        const written =
          first && others.length === 0 && !admission && writes.length === 0
            ? await appendOne(first)
            : await appendAll(changes, admission, writes);
        notify(written.map(({ id }) => id));
        const narrowed = written.filter(narrows).map(({ id }) => sessionSubject(id));
        const users = writes.length > 0 ? usersOf(changes, admission).map(userSubject) : [];
        await settle([...narrowed, ...users]);
        return 'appended';
      } catch (error) {
        if (error instanceof WrongExpectedVersion || isUniqueViolation(error)) return 'wrong_expected_version';
        throw error;
      }
    },

    async revokeAll(revocation) {
      const ended = await database.transaction((query) => endAll(query, revocation));
      notifyAll();
      await settle([everything]);
      return ended;
    },
  };
}
