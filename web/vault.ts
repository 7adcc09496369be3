import { base64url } from 'jose';
import type { Instant } from '../machines/index.ts';
import type { VaultKey } from './wire.ts';

const schema = 1;
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** Preserved work as it lies on the disk: only its owner, with the server's key, can read it. */
export interface Envelope {
  /** Whose it is, as a keyed hash. */
  readonly user: string;
  readonly keyId: string;
  readonly schema: number;
  readonly savedAt: Instant;
  readonly expiresAt: Instant;
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly ciphertext: Uint8Array<ArrayBuffer>;
}

/** Encrypts and opens the work of one person while the key is here: in memory only, and not to be read out of it. */
export interface Vault {
  readonly open: (user: string, key: VaultKey) => Promise<void>;
  readonly isOpen: () => boolean;
  /** Forgets the key. */
  readonly drop: () => void;
  /** @returns `null` when there is no key. */
  readonly seal: (
    name: string,
    text: string,
    times: { savedAt: Instant; expiresAt: Instant },
  ) => Promise<Envelope | null>;
  /** @returns `null` when there is no key, or when it is another's, another draft's, or has been changed. */
  readonly unseal: (
    name: string,
    envelope: Pick<Envelope, 'keyId' | 'schema' | 'iv' | 'ciphertext'>,
  ) => Promise<string | null>;
}

interface Opened {
  readonly user: string;
  readonly id: string;
  readonly key: CryptoKey;
  readonly home: string;
}

const bytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(encoder.encode(text));

/**
 * A name nobody can guess who does not know the user's id: HMAC-SHA-256 keyed with it. Another user's existence is
 * hidden on the screen, not from developer tools.
 */
export async function hashOf(user: string, what: string): Promise<string> {
  const key = await crypto.subtle.importKey('raw', bytes(user), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const hash = await crypto.subtle.sign('HMAC', key, bytes(what));
  return base64url.encode(new Uint8Array(hash).slice(0, 16));
}

/** Where a person's records are on this device. */
export const homeOf = (user: string): Promise<string> => hashOf(user, 'curfew home');

/** A vault without a key. */
export function createVault(): Vault {
  let opened: Opened | null = null;

  const bound = ({ user }: Opened, name: string, keyId: string, written: number): Uint8Array<ArrayBuffer> =>
    bytes(JSON.stringify([user, name, keyId, written]));

  return {
    async open(user, { id, key }) {
      const raw = Uint8Array.from(base64url.decode(key));
      const imported = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);
      opened = { user, id, key: imported, home: await homeOf(user) };
    },
    isOpen: () => opened !== null,
    drop() {
      opened = null;
    },
    async seal(name, text, times) {
      const here = opened;
      if (here === null) return null;
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const additionalData = bound(here, name, here.id, schema);
      const ciphertext = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, here.key, bytes(text));
      return { user: here.home, keyId: here.id, schema, ...times, iv, ciphertext: new Uint8Array(ciphertext) };
    },
    async unseal(name, { keyId, schema: written, iv, ciphertext }) {
      const here = opened;
      if (here === null || here.id !== keyId) return null;
      const additionalData = bound(here, name, keyId, written);
      try {
        const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData }, here.key, ciphertext);
        return decoder.decode(plain);
      } catch {
        return null;
      }
    },
  };
}
