import type { Instant } from '../../../machines/index.ts';
import { decodeBase64url, encodeBase64url } from '../http/base64url.ts';
import type { VaultKey, VaultKeys } from '../http/wire.ts';

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

/** Encrypts and opens the work of one user while the key is here: in memory only, and not to be read out of it. */
export interface Vault {
  readonly open: (ring: KeyRing) => void;
  readonly isOpen: () => boolean;
  /** Takes the keys out of memory. */
  readonly clear: () => void;
  /** @returns `null` when there is no key. */
  readonly seal: (
    name: string,
    content: string | Uint8Array<ArrayBuffer>,
    times: { savedAt: Instant; expiresAt: Instant },
  ) => Promise<Envelope | null>;
  /** @returns `null` when there is no key, or when it is another's, another draft's, or has been changed. */
  readonly unseal: (name: string, envelope: Sealed) => Promise<string | null>;
  /** @returns as `unseal`, what was sealed as bytes. */
  readonly unsealBytes: (name: string, envelope: Sealed) => Promise<Uint8Array<ArrayBuffer> | null>;
}

type Sealed = Pick<Envelope, 'keyId' | 'schema' | 'iv' | 'ciphertext'>;

/** The keys of one user, ready for use, and where their records are. */
export interface KeyRing {
  readonly user: string;
  readonly id: string;
  readonly key: CryptoKey;
  /** Every key that opens something, by its id. */
  readonly opens: ReadonlyMap<string, CryptoKey>;
  readonly home: string;
}

const bytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(encoder.encode(text));

/**
 * A name that cannot be guessed without the user's id: HMAC-SHA-256 keyed with it. Another user's existence is
 * hidden on the screen, not from developer tools.
 */
export async function hashOf(user: string, what: string): Promise<string> {
  const key = await crypto.subtle.importKey('raw', bytes(user), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const hash = await crypto.subtle.sign('HMAC', key, bytes(what));
  return encodeBase64url(new Uint8Array(hash).slice(0, 16));
}

/** Where a user's records are on this device. */
export const homeOf = (user: string): Promise<string> => hashOf(user, 'curfew home');

const imported = ({ key }: VaultKey, uses: readonly ('encrypt' | 'decrypt')[]): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', decodeBase64url(key), 'AES-GCM', false, [...uses]);

/** Makes the keys that the server has released ready for use. */
export async function keyRing(user: string, { vaultKey, olderKeys = [] }: VaultKeys): Promise<KeyRing> {
  const key = await imported(vaultKey, ['encrypt', 'decrypt']);
  const older = await Promise.all(olderKeys.map(async (each) => [each.id, await imported(each, ['decrypt'])] as const));
  return { user, id: vaultKey.id, key, opens: new Map([[vaultKey.id, key], ...older]), home: await homeOf(user) };
}

/**
 * A vault without a key.
 *
 * @param ask gets the keys again: another tab may have encrypted something with one that is newer than ours
 */
export function createVault(ask: () => Promise<VaultKeys | null> = async () => null): Vault {
  let opened: KeyRing | null = null;
  const asked = new Map<string, Promise<void>>();

  const bound = ({ user }: KeyRing, name: string, keyId: string, written: number): Uint8Array<ArrayBuffer> =>
    bytes(JSON.stringify([user, name, keyId, written]));

  async function learn(here: KeyRing): Promise<void> {
    const keys = await ask();
    const there = keys && (await keyRing(here.user, keys));
    if (there && opened === here) opened = there;
  }

  /** Each id that is not known is asked about once; what no key opens stays closed. */
  async function keyFor(id: string, here: KeyRing): Promise<CryptoKey | null> {
    const known = here.opens.get(id);
    if (known) return known;
    const answer = asked.get(id) ?? learn(here);
    asked.set(id, answer);
    await answer;
    return opened?.user === here.user ? (opened.opens.get(id) ?? null) : null;
  }

  async function unsealBytes(name: string, { keyId, schema: written, iv, ciphertext }: Sealed) {
    const here = opened;
    const key = here && (await keyFor(keyId, here));
    if (here === null || key === null) return null;
    const additionalData = bound(here, name, keyId, written);
    try {
      return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData }, key, ciphertext));
    } catch {
      return null;
    }
  }

  return {
    open(ring) {
      opened = ring;
      asked.clear();
    },
    unsealBytes,
    isOpen: () => opened !== null,
    clear() {
      opened = null;
    },
    async seal(name, content, times) {
      const here = opened;
      if (here === null) return null;
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const additionalData = bound(here, name, here.id, schema);
      const plain = typeof content === 'string' ? bytes(content) : content;
      const ciphertext = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, here.key, plain);
      return { user: here.home, keyId: here.id, schema, ...times, iv, ciphertext: new Uint8Array(ciphertext) };
    },
    async unseal(name, envelope) {
      const plain = await unsealBytes(name, envelope);
      try {
        return plain && decoder.decode(plain);
      } catch {
        return null;
      }
    },
  };
}
