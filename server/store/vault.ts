import { z } from 'zod';
import type { TransactionalWrite } from './eventLog.ts';

/** The server's secret, and those it had before: what they have wrapped can still be opened. */
export interface Secrets {
  readonly secret: string;
  readonly previousSecrets: readonly string[];
}

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
  /**
   * The write that makes a new key the present one: after a change of password, or when the old one may have been
   * stolen.
   */
  rotateKeyWrite(user: string): TransactionalWrite;
  /** Ready to erase the user's keys; what was encrypted with them is lost for ever. */
  eraseWrite(user: string): TransactionalWrite;
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
export type KeyRow = z.infer<typeof keyRow>;

/** How many keys a session gets at most: work does not outlive that many changes of a password. */
export const keysKept = 50;
