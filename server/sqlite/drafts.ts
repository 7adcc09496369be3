import type { Instant } from '../../machines/index.ts';
import type { DraftStore, StoredDraft, DraftPut } from '../store/drafts.ts';
import { draftRow, mostDrafts, listedRow, versionOf } from '../store/drafts.ts';
import type { Database } from './database.ts';

/** Keeps preserved work in SQLite. */
export function sqliteDraftStore(database: Database): DraftStore {
  const live = '(expires_at is null or expires_at > ?)';
  const list = database.prepare(`
    select key, octet_length(ciphertext) as size, saved_at, expires_at, version from drafts
    where user = ? and ${live} order by saved_at desc, key`);
  const get = database.prepare(`
    select key, ciphertext, saved_at, expires_at, version from drafts where user = ? and key = ? and ${live}`);
  const set = database.prepare(`
    insert into drafts (user, key, ciphertext, saved_at, expires_at, version) values (?, ?, ?, ?, ?, ?)
    on conflict (user, key) do update set ciphertext = excluded.ciphertext, saved_at = excluded.saved_at,
      expires_at = excluded.expires_at, version = excluded.version`);
  const remove = database.prepare('delete from drafts where user = ?1 and key = ?2 and (?3 is null or version = ?3)');
  const erase = database.prepare('delete from drafts where user = ?');
  const purge = database.prepare('delete from drafts where expires_at <= ?');
  const count = database.prepare('select count(*) as n from drafts where user = ?');

  function find(user: string, key: string, at: Instant): StoredDraft | null {
    const found = get.get(user, key, at);
    return found ? draftRow.parse(found) : null;
  }

  function hasRoom(user: string, at: Instant): boolean {
    const isFull = () => Number(count.get(user)?.['n']) >= mostDrafts;
    if (!isFull()) return true;
    purge.run(at);
    return !isFull();
  }

  return {
    async list(user, at) {
      return list.all(user, at).map((each) => listedRow.parse(each));
    },
    async get(user, key, at) {
      return find(user, key, at);
    },
    async put(user, key, draft, at, allows) {
      const version = versionOf(draft);
      return database.transaction((): DraftPut => {
        const other = find(user, key, at);
        if (allows?.(other?.version ?? null) === false) return { outcome: 'conflict', other };
        if (!other && !hasRoom(user, at)) return { outcome: 'full' };
        const { ciphertext, savedAt, expiresAt } = draft;
        set.run(user, key, ciphertext, savedAt, expiresAt ?? null, version);
        return { outcome: other ? 'replaced' : 'created', draft: { ...draft, key, version } };
      });
    },
    async remove(user, key, version) {
      return remove.run(user, key, version ?? null) > 0;
    },
    eraseWrite: (user) => () => void erase.run(user),
    async purge(at) {
      purge.run(at);
    },
  };
}
