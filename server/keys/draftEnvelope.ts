import { createDecipheriv } from 'node:crypto';
import type { VaultKeys } from '../store/vault.ts';

const ivLength = 12;
const tagLength = 16;
const decoder = new TextDecoder('utf-8', { fatal: true });

/** Whose a piece of preserved work is, under which name it is kept, and what may open it. */
export interface DraftOwner {
  readonly user: string;
  readonly name: string;
  readonly keys: VaultKeys;
}

/**
 * Reads a piece of preserved work as the browser has encrypted it: the number of its form, the length of the key's id, the
 * id, the IV, the ciphertext with its tag. It is bound to its user and its name.
 *
 * @param ciphertext base64url
 * @returns `null` when none of the keys opens it: it is another's, has another form, or was changed.
 */
export function openDraft(ciphertext: string, { user, name, keys }: DraftOwner): string | null {
  const whole = Buffer.from(ciphertext, 'base64url');
  const [form = 0, idLength = 0] = whole;
  const start = 2 + idLength;
  const keyId = whole.toString('utf8', 2, start);
  const found = [keys.vaultKey, ...(keys.olderKeys ?? [])].find(({ id }) => id === keyId);
  const sealed = whole.subarray(start + ivLength);
  if (!found || sealed.length < tagLength) return null;
  const iv = whole.subarray(start, start + ivLength);
  const options = { authTagLength: tagLength };
  const decipher = createDecipheriv('aes-256-gcm', Buffer.from(found.key, 'base64url'), iv, options);
  decipher.setAAD(Buffer.from(JSON.stringify([user, name, keyId, form]))).setAuthTag(sealed.subarray(-tagLength));
  try {
    return decoder.decode(Buffer.concat([decipher.update(sealed.subarray(0, -tagLength)), decipher.final()]));
  } catch {
    return null;
  }
}
