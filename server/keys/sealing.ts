import { hkdfSync } from 'node:crypto';
import { CompactEncrypt, compactDecrypt } from 'jose';

/** Keeps a text that is opened by who brings a token, at a server that has the secret, and by nobody else. */
export interface Sealing {
  /** @param token unguessable; it is not kept, and nothing opens the text without it */
  seal(text: string, token: string): Promise<string>;
  /** @returns `null` for what was sealed with another token or secret, or was changed. */
  open(sealed: string, token: string): Promise<string | null>;
}

const algorithms = { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] };

/**
 * Seals under keys derived from the server's secret and a token. What was sealed under previous secrets is opened, too.
 *
 * @see RFC 5869, RFC 7516
 */
export function createSealing(secret: string, previousSecrets: readonly string[] = []): Sealing {
  const keyOf = (by: string, token: string): Uint8Array =>
    new Uint8Array(hkdfSync('sha256', by, token, 'curfew/sealing', 32));

  return {
    seal: (text, token) =>
      new CompactEncrypt(new TextEncoder().encode(text))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .encrypt(keyOf(secret, token)),
    async open(sealed, token) {
      for (const by of [secret, ...previousSecrets]) {
        try {
          const { plaintext } = await compactDecrypt(sealed, keyOf(by, token), algorithms);
          return new TextDecoder().decode(plaintext);
        } catch {
          continue;
        }
      }
      return null;
    },
  };
}
