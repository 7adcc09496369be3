import { setImmediate } from 'node:timers';
import type { CopyRules } from '../store/copies.ts';
import { createListeners, type Listeners } from '../store/listeners.ts';
import type { Database } from './database.ts';

/** Who is told of what this process writes to a database, by whichever of its adapters. */
export interface Changes {
  readonly sessions: Listeners;
  readonly users: Listeners;
}

const byDatabase = new WeakMap<Database, Changes>();

/** @returns the same for the same open database. */
export function changesOf(database: Database): Changes {
  const changes = byDatabase.get(database) ?? { sessions: createListeners(), users: createListeners() };
  byDatabase.set(database, changes);
  return changes;
}

const endOfTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/**
 * Copies are good until another connection commits: SQLite counts that, and asks the file. What this connection writes it
 * does not count, and tells of.
 *
 * @see https://sqlite.org/pragma.html#pragma_data_version
 */
export function sqliteCopyRules(database: Database): CopyRules {
  const { sessions, users } = changesOf(database);
  const version = database.isShared ? database.prepare('pragma data_version') : null;
  let last: number | null = null;
  const mark = () => (last = version === null ? 0 : Number(version.get()?.['data_version']));
  let asking: Promise<number> | null = null;
  async function ask(): Promise<number> {
    await endOfTurn();
    asking = null;
    return mark();
  }

  return {
    mark,
    lastMark: () => last ?? mark(),
    // It takes two locks of the file, which is as much work as the rest of a request that changes nothing.
    ...(version !== null && { markOfTurn: () => (asking ??= ask()) }),
    watch({ session, user, all }) {
      sessions.add(session, all);
      users.add(user, all);
    },
  };
}
