import { rawEntry, rawRefusal, rawStream, idsAfter, idsOf, streamColumns } from '../sql/auditRows.ts';
import type { AuditReader } from '../store/auditReader.ts';
import type { PostgresDatabase } from './connection.ts';

const columns = 'version, type, at, recorded_at, from_leaf, to_leaf, data, rules, hash';

/** Reads what is kept in PostgreSQL. */
export function postgresAuditReader({ query }: Pick<PostgresDatabase, 'query'>): AuditReader {
  return {
    async streams(after, limit) {
      const { rows } = await query(
        `with ${idsAfter('$1', '$2')} select ${streamColumns('sessions.user_id')} order by ids.id`,
        [after, limit],
      );
      return rows.map(rawStream);
    },
    async stream(id) {
      const { rows } = await query(`with ${idsOf('$1')} select ${streamColumns('sessions.user_id')}`, [id]);
      return rows[0] ? rawStream(rows[0]) : null;
    },
    async entries(stream, after, limit) {
      const { rows } = await query(
        `select ${columns} from events where stream = $1 and version > $2 order by version limit $3`,
        [stream, after, limit],
      );
      return rows;
    },
    async written(after, limit) {
      const { rows } = await query(
        `select stream, user_id as "user", events.version, type, at, recorded_at, from_leaf, to_leaf, data, rules,
           events.hash
         from events left join sessions on id = stream
         where (recorded_at, stream, events.version) > ($1, $2, $3)
         order by recorded_at, stream, events.version limit $4`,
        [after.recordedAt, after.stream, after.version, limit],
      );
      return rows.map(rawEntry);
    },
    async refused(after, limit) {
      const { rows } = await query(
        `select number, at, kind, account, user_id as "user", address, detail from security_log
         where (at, number) > ($1, $2) order by at, number limit $3`,
        [after.at, after.number, limit],
      );
      return rows.map(rawRefusal);
    },
  };
}
