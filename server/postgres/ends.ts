import { endRow, type Ends } from '../store/ends.ts';
import type { PostgresDatabase } from './connection.ts';

/** Keeps the outbox of ends in PostgreSQL. */
export function postgresEnds({ query, transaction }: Pick<PostgresDatabase, 'query' | 'transaction'>): Ends {
  return {
    // Rows that another node is just claiming are left to it.
    claim: (at, until, limit) =>
      transaction(async (within) => {
        const { rows } = await within(
          `update ends set due = $2, attempts = attempts + 1
           where (stream, version) in (
             select stream, version from ends where due <= $1 order by due, stream limit $3 for update skip locked)
           returning stream, version, attempts`,
          [at, until, limit],
        );
        return rows.map((row) => endRow.parse(row));
      }),
    async remove({ session, version }) {
      await query('delete from ends where stream = $1 and version = $2', [session, version]);
    },
    async postpone({ session, version }, due) {
      await query('update ends set due = $3 where stream = $1 and version = $2', [session, version, due]);
    },
    async purge(before) {
      await query('delete from ends where at < $1', [before]);
    },
  };
}
