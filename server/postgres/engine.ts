import type { ClientBase } from 'pg';
import { z } from 'zod';

/** Engines that speak as PostgreSQL does, and what they have not of what this store rests on. */
const others: readonly (readonly [sign: RegExp, name: string, lacks: string])[] = [
  [/cockroach/i, 'CockroachDB', 'LISTEN and advisory locks'],
  [/yugabyte|-YB-/i, 'YugabyteDB', 'LISTEN and table locks'],
  [/dsql/i, 'Aurora DSQL', 'LISTEN, triggers and advisory locks'],
];

const oldest = 130_000;

const versionRow = z.object({ version: z.string(), number: z.number() });

/** @returns why a database cannot be used by what it is, `null` when it can. */
export async function whyNotThisEngine(client: ClientBase): Promise<string | null> {
  const { rows } = await client.query<object>(
    "select version() as version, current_setting('server_version_num')::integer as number",
  );
  const { version, number } = versionRow.parse(rows[0]);
  const other = others.find(([sign]) => sign.test(version));
  if (other) return `is ${other[1]}, which has no ${other[2].replace(' and ', ' or ')}: PostgreSQL is needed`;
  return number < oldest ? `is too old (${version}): PostgreSQL 13 or newer is needed` : null;
}

/** What to do about an error of a connection, beside what it says itself. */
export const remedyFor = (error: unknown): string =>
  error instanceof Error && /unsupported startup parameter/.test(error.message)
    ? ': a pooler before the database refuses it; with PgBouncer, set ignore_startup_parameters = ' +
      'extra_float_digits, statement_timeout, lock_timeout, idle_in_transaction_session_timeout'
    : '';
