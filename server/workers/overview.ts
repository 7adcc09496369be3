import type { Database, Row } from '../sqlite/database.ts';
import { overviewOf, type CurfewEnv } from './env.ts';
import { reach } from './reach.ts';

/** A session as the overview keeps it: without anything personal but the id of its user. */
export type OverviewRow = Row;

const prefix = 'untold ';
const gone = 'gone ';
/** Stays until it is told. */
const never = 8.64e15;

/**
 * Tells the overview of every session that has changed: at least once, and in whatever order, for the later version wins
 * there. What is to be told is noted with the change itself.
 */
export function overviewTeller(database: Database, env: CurfewEnv) {
  const note = database.prepare(
    'insert into single_use (key, value, expires_at) values (?, ?, ?) on conflict (key) do nothing',
  );
  const first = database.prepare(`select 1 from single_use where key glob '${prefix}*' or key glob '${gone}*' limit 1`);
  const purged = database.prepare(
    `select substr(key, ${gone.length + 1}) as id, value as user from single_use where key glob '${gone}*' limit 100`,
  );
  const done = database.prepare('delete from single_use where key = ?');
  const untold = database.prepare(`
    select sessions.id, user, started_at, leaf, context, version, hash, due, ended_at
    from single_use join sessions on sessions.id = single_use.value where key glob '${prefix}*' limit 100`);
  const told = database.prepare(
    'delete from single_use where key = ?1 and not exists (select 1 from sessions where id = ?2 and version > ?3)',
  );

  return {
    isPending: () => first.get() !== undefined,
    /** Joins the transaction of the change. */
    write: (ids: readonly string[]) => (): void => {
      for (const id of ids) note.run(`${prefix}${id}`, id, never);
    },
    /** Notes that a session of a user was purged. */
    purged(id: string, user: string): void {
      done.run(`${prefix}${id}`);
      note.run(`${gone}${id}`, user, never);
    },
    /** @returns rejects when the overview cannot be reached */
    async tell(): Promise<void> {
      const rows = untold.all();
      const [one] = rows;
      if (one) await reach(() => overviewOf(env, String(one['user'])).learn(rows));
      for (const { id = '', version = 0 } of rows) told.run(`${prefix}${String(id)}`, id, version);
      for (const { id, user } of purged.all()) {
        await reach(() => overviewOf(env, String(user)).forget(String(id)));
        done.run(`${gone}${String(id)}`);
      }
    },
  };
}

/** What tells the overview. */
export type OverviewTeller = ReturnType<typeof overviewTeller>;
