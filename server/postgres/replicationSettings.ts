import { z } from 'zod';
import { UnusableDatabase } from '../store/unavailable.ts';
import { shown } from './address.ts';
import type { PostgresDatabase } from './connection.ts';

const settingsRow = z.object({ commits: z.string(), standbys: z.string() });

/**
 * @returns in one line each, what may be lost with the primary although it was acknowledged
 * @see https://www.postgresql.org/docs/current/warm-standby.html#SYNCHRONOUS-REPLICATION
 */
export async function replicationWarnings({ query }: Pick<PostgresDatabase, 'query'>): Promise<readonly string[]> {
  const { rows } = await query(
    "select current_setting('synchronous_commit') as commits, current_setting('synchronous_standby_names') as standbys",
  );
  const { commits, standbys } = settingsRow.parse(rows[0]);
  const lost = 'with the primary, ends of sessions that were acknowledged may be lost';
  if (standbys.trim() === '') return [`no standby is synchronous (synchronous_standby_names is empty): ${lost}`];
  return commits === 'local' || commits === 'off' ? [`synchronous_commit is ${commits}: ${lost}`] : [];
}

/**
 * @param isOurs whether it is to be closed when it will not do
 * @returns rejects with `UnusableDatabase` where commits do not wait for a standby
 */
export async function requireReplication(database: PostgresDatabase, isOurs: boolean): Promise<void> {
  const [warning] = await replicationWarnings(database);
  if (warning === undefined) return;
  if (isOurs) await database.close();
  throw new UnusableDatabase(`the database ${shown(database.address)} cannot be used: ${warning}`);
}
