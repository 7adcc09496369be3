import type { PostgresDatabase } from './connection.ts';
import type { Membership } from './membership.ts';

/** A database that is asked only while it is believed, and whose answers count only while it still is. */
export function guarded(database: PostgresDatabase, { believe, proof }: Membership): PostgresDatabase {
  const between = async <Result>(ask: () => Promise<Result>): Promise<Result> => {
    if (!proof.holds()) await believe();
    const result = await ask();
    if (!proof.holds()) await believe();
    return result;
  };
  return {
    ...database,
    query: (sql, values) => between(() => database.query(sql, values)),
    transaction: (work) => between(() => database.transaction(work)),
  };
}
