import type { Secrets } from '../store/vault.ts';
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** Keeps keys safe with keys that come from the server's secret. */
export interface KeyWrapping {
  wrap(key: Buffer, boundTo: readonly string[]): Buffer;
  /** @returns the key and whether it was wrapped with a previous secret; `null` when no secret opens it. */
  open(wrapped: Uint8Array, boundTo: readonly string[]): { readonly key: Buffer; readonly isOld: boolean } | null;
}

const ivLength = 12;
const tagLength = 16;

const wrappingKey = (secret: string): Buffer => Buffer.from(hkdfSync('sha256', secret, '', 'curfew/vault', 32));

/** What a key is bound to: it cannot be opened as another user's. */
const bound = (to: readonly string[]): Buffer => Buffer.from(JSON.stringify(to));

function tryOpen(wrapped: Uint8Array, by: Buffer, boundTo: readonly string[]): Buffer | null {
  const decipher = createDecipheriv('aes-256-gcm', by, wrapped.subarray(0, ivLength), { authTagLength: tagLength });
  decipher.setAAD(bound(boundTo)).setAuthTag(wrapped.subarray(-tagLength));
  try {
    return Buffer.concat([decipher.update(wrapped.subarray(ivLength, -tagLength)), decipher.final()]);
  } catch {
    return null;
  }
}

/** AES-256-GCM under keys derived with HKDF. @see RFC 5869, NIST SP 800-38D */
export function keyWrapping({ secret, previousSecrets }: Secrets): KeyWrapping {
  const current = wrappingKey(secret);
  const previous = previousSecrets.map(wrappingKey);

  return {
    wrap(key, boundTo) {
      const iv = randomBytes(ivLength);
      const cipher = createCipheriv('aes-256-gcm', current, iv, { authTagLength: tagLength }).setAAD(bound(boundTo));
      return Buffer.concat([iv, cipher.update(key), cipher.final(), cipher.getAuthTag()]);
    },
    open(wrapped, boundTo) {
      if (wrapped.length <= ivLength + tagLength) return null;
      for (const by of [current, ...previous]) {
        const key = tryOpen(wrapped, by, boundTo);
        if (key) return { key, isOld: by !== current };
      }
      return null;
    },
  };
}
