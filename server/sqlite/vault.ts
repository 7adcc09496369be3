import { randomUUID, randomBytes } from 'node:crypto';
import { keyWrapping } from '../keys/keyWrapping.ts';
import type { Secrets, Vault, KeyRow, VaultKey } from '../store/vault.ts';
import { UnopenableVaultKey, keysKept, keyRow } from '../store/vault.ts';
import type { Database } from './database.ts';

/** Keeps vault keys in SQLite. */
export function sqliteVault(database: Database, secrets: Secrets): Vault {
  const keys = keyWrapping(secrets);
  const newest = database.prepare(
    'select user, number, id, wrapped from vault_keys where user = ? order by number desc limit ?',
  );
  const all = database.prepare('select user, number, id, wrapped from vault_keys order by user, number');
  const insert = database.prepare(
    'insert into vault_keys (user, number, id, wrapped) values (?, 1, ?, ?) on conflict do nothing',
  );
  const renew = database.prepare(`
    insert into vault_keys (user, number, id, wrapped)
    select ?1, coalesce(max(number), 0) + 1, ?2, ?3 from vault_keys where user = ?1`);
  const erase = database.prepare('delete from vault_keys where user = ?');
  const rewrap = database.prepare('update vault_keys set wrapped = ? where user = ? and number = ?');

  function unwrap({ user, id, wrapped }: KeyRow) {
    const found = keys.open(wrapped, [user, id]);
    if (found) return found;
    throw new UnopenableVaultKey(`the vault key ${id} cannot be opened with the present secret or a previous one`);
  }

  function opened(row: KeyRow): VaultKey {
    const { user, number, id } = row;
    const found = unwrap(row);
    if (found.isOld) rewrap.run(keys.wrap(found.key, [user, id]), user, number);
    return { id, key: found.key.toString('base64url') };
  }

  const find = (user: string): readonly KeyRow[] => newest.all(user, keysKept).map((row) => keyRow.parse(row));

  function make(user: string): readonly KeyRow[] {
    const id = randomUUID();
    insert.run(user, id, keys.wrap(randomBytes(32), [user, id]));
    // Read back, for another process may have been faster.
    return find(user);
  }

  return {
    async keysOf(user) {
      const found = find(user);
      const [vaultKey, ...olderKeys] = (found.length > 0 ? found : make(user)).map(opened);
      if (!vaultKey) throw new Error('a key that was just made is there');
      return { vaultKey, ...(olderKeys.length > 0 && { olderKeys }) };
    },
    rotateKeyWrite: (user) => () => {
      const id = randomUUID();
      renew.run(user, id, keys.wrap(randomBytes(32), [user, id]));
    },
    eraseWrite: (user) => () => void erase.run(user),
    async openAll() {
      const rows = () => all.all().map((row) => keyRow.parse(row));
      // Read first: a start that is refused, or that has nothing to wrap anew, writes nothing.
      if (
        rows()
          .map(unwrap)
          .some(({ isOld }) => isOld)
      )
        database.transaction(() => rows().forEach(opened));
    },
  };
}
