import { z } from 'zod';
import type { Database } from '../sqlite/database.ts';
import { objectOfSession, type CurfewEnv } from './env.ts';

/** A session of another user, whose cookie a sign-in here has replaced: it ends in the object of that user. */
export interface Displacement {
  readonly session: string;
  readonly user: string;
  /** The session that takes its place in the browser. */
  readonly by: string;
}

const displacementOf = z.object({ session: z.string(), user: z.string(), by: z.string() });

const prefix = 'displacement ';
/** Stays until it is done. */
const never = 8.64e15;

/**
 * The outbox of ends in other objects. An entry is written with the admission that makes it, and taken out when the end is
 * committed there; the sign-in is answered only then.
 */
export function displacementsOf(database: Database, env: CurfewEnv) {
  const insert = database.prepare(
    'insert into single_use (key, value, expires_at) values (?, ?, ?) on conflict (key) do nothing',
  );
  const all = database.prepare(`select value from single_use where key glob '${prefix}*' order by key limit 100`);
  const remove = database.prepare('delete from single_use where key = ?');
  const pending = () => all.all().map(({ value }) => displacementOf.parse(JSON.parse(String(value))));

  return {
    isPending: () => pending().length > 0,
    /** Joins the transaction of the admission. */
    write: (displacement: Displacement) => (): void => {
      insert.run(`${prefix}${displacement.session}`, JSON.stringify(displacement), never);
    },
    /** Ends every session of the outbox where it is. @returns rejects when one of them cannot be reached */
    async finish(): Promise<void> {
      for (const { session, by } of pending()) {
        await objectOfSession(env, session)?.displace(session, by);
        remove.run(`${prefix}${session}`);
      }
    },
  };
}

/** The outbox of one object. */
export type Displacements = ReturnType<typeof displacementsOf>;
