import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Along } from '../log/eventLog.ts';
import type { Database } from '../sqlite/database.ts';
import { wrapping, type Secrets } from './wrapping.ts';

/** What a browser encrypts preserved work with, released by the server to a live session only. */
export interface VaultKey {
  readonly id: string;
  /** 32 random bytes, base64url. */
  readonly key: string;
}

/** A stored key that no secret of the configuration opens. */
export class UnopenableVaultKey extends Error {
  override readonly name = 'UnopenableVaultKey';
}

/** The keys of one user, as a live session gets them. */
export interface VaultKeys {
  /** The present one, which new work is encrypted with. */
  readonly vaultKey: VaultKey;
  /** Earlier ones, newest first, which only open what was encrypted with them; left out when there are none. */
  readonly olderKeys?: readonly VaultKey[];
}

/** Keeps random keys for each user, wrapped by the server's secret. */
export interface Vault {
  /** The user's keys; the present one is made at the first call. @throws `UnopenableVaultKey` */
  keysOf(user: string): Promise<VaultKeys>;
  /** Ready to make a new key the present one: after a change of password, or when somebody else may have had the old. */
  renewing(user: string): Along;
  /** Ready to erase the user's keys; what was encrypted with them is lost for ever. */
  erasing(user: string): Along;
  /**
   * Opens every stored key once, and wraps anew what was wrapped with a previous secret: afterwards the previous ones
   * are not needed any more. For the start of the server.
   *
   * @throws `UnopenableVaultKey` when a key cannot be opened; then nothing was changed.
   */
  openAll(): Promise<void>;
}

/** A row of `vault_keys`. */
export const keyRow = z.object({
  user: z.string(),
  number: z.number(),
  id: z.string(),
  wrapped: z.instanceof(Uint8Array),
});
type KeyRow = z.infer<typeof keyRow>;

/** How many keys a session gets at most: work does not outlive that many changes of a password. */
export const keysKept = 50;

/** Keeps vault keys in SQLite. */
export function sqliteVault(database: Database, secrets: Secrets): Vault {
  const keys = wrapping(secrets);
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

  function opened({ user, number, id, wrapped }: KeyRow): VaultKey {
    const found = keys.open(wrapped, [user, id]);
    if (!found)
      throw new UnopenableVaultKey(`the vault key ${id} cannot be opened with the present secret or a previous one`);
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
    renewing: (user) => () => {
      const id = randomUUID();
      renew.run(user, id, keys.wrap(randomBytes(32), [user, id]));
    },
    erasing: (user) => () => void erase.run(user),
    async openAll() {
      database.transaction(() => {
        for (const row of all.all()) opened(keyRow.parse(row));
      });
    },
  };
}
