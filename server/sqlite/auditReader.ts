import type { Database } from './database.ts';
import { rawEntry, rawRefusal, rawStream, idsAfter, idsOf, streamColumns } from '../sql/auditRows.ts';
import type { AuditReader } from '../store/auditReader.ts';

const columns = 'version, type, at, recorded_at, from_leaf, to_leaf, data, rules, hash';

/** Reads what is kept in SQLite. */
export function sqliteAuditReader(database: Database): AuditReader {
  const page = database.prepare(`with ${idsAfter('?1', '?2')} select ${streamColumns('user')} order by ids.id`);
  const one = database.prepare(`with ${idsOf('?1')} select ${streamColumns('user')}`);
  const entries = database.prepare(
    `select ${columns} from events where stream = ? and version > ? order by version limit ?`,
  );
  const written = database.prepare(`
    select stream, user, events.version, type, at, recorded_at, from_leaf, to_leaf, data, rules, events.hash
    from events left join sessions on id = stream
    where (recorded_at, stream, events.version) > (?, ?, ?) order by recorded_at, stream, events.version limit ?`);
  const refused = database.prepare(`
    select rowid as number, at, kind, account, user, address, detail from security_log
    where at > ?1 or at = ?1 and rowid > ?2 order by at, rowid limit ?3`);

  return {
    async streams(after, limit) {
      return page.all(after, limit).map(rawStream);
    },
    async stream(id) {
      const row = one.get(id);
      return row ? rawStream(row) : null;
    },
    async entries(stream, after, limit) {
      return entries.all(stream, after, limit);
    },
    async written(after, limit) {
      return written.all(after.recordedAt, after.stream, after.version, limit).map(rawEntry);
    },
    async refused(after, limit) {
      return refused.all(after.at, after.number, limit).map(rawRefusal);
    },
  };
}
