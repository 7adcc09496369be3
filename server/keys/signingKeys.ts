import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, type JWK } from 'jose';

export type TokenAlgorithm = 'HS256' | 'EdDSA';

type Key = Uint8Array | KeyObject;

/** The keys tokens are signed and read with. */
export interface TokenKeys {
  readonly algorithm: TokenAlgorithm;
  readonly sign: Key;
  /** Names the key in the header of a token, where others verify with one of several. */
  readonly kid?: string;
  /** The current one first, then those of earlier secrets, so that rotating a secret ends no session. */
  readonly verify: readonly Key[];
  /** What others may verify with; empty for HS256. */
  readonly publicKeys: readonly JWK[];
}

/** In bytes. @see RFC 7518 §3.2 */
export const smallestSecret = 32;

export const isLongEnough = (secret: string): boolean => Buffer.byteLength(secret) >= smallestSecret;

const tokenPurpose = 'curfew/jwt/ed25519';

const pkcs8Ed25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * Derives an Ed25519 key pair from the secret, so that there is one secret to keep and to rotate. Each purpose has a
 * key pair of its own: a signature for one is not valid for another.
 */
export function deriveKeyPair(secret: string, purpose: string): { privateKey: KeyObject; publicKey: KeyObject } {
  const seed = Buffer.from(hkdfSync('sha256', secret, '', purpose, 32));
  const privateKey = createPrivateKey({ key: Buffer.concat([pkcs8Ed25519, seed]), format: 'der', type: 'pkcs8' });
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

/** A public key as others verify with it, named by its thumbprint. @see RFC 7638 */
export const publicJwk = async (key: KeyObject): Promise<JWK> => {
  const jwk = await exportJWK(key);
  return { ...jwk, alg: 'EdDSA', use: 'sig', kid: await calculateJwkThumbprint(jwk) };
};

/**
 * Keys from secrets.
 *
 * @throws when a secret has fewer than 32 bytes.
 * @see RFC 7518 §3.2
 */
export async function createKeys(
  secret: string,
  previousSecrets: readonly string[] = [],
  algorithm: TokenAlgorithm = 'HS256',
): Promise<TokenKeys> {
  const secrets = [secret, ...previousSecrets];
  if (!secrets.every(isLongEnough)) throw new Error(`a secret must have at least ${smallestSecret} bytes`);
  if (algorithm === 'HS256') {
    const encode = (text: string) => new TextEncoder().encode(text);
    return { algorithm, sign: encode(secret), verify: secrets.map(encode), publicKeys: [] };
  }
  const pairs = secrets.map((each) => deriveKeyPair(each, tokenPurpose));
  const publicKeys = await Promise.all(pairs.map(({ publicKey }) => publicJwk(publicKey)));
  const kid = publicKeys[0]?.kid;
  return {
    algorithm,
    sign: deriveKeyPair(secret, tokenPurpose).privateKey,
    ...(kid !== undefined && { kid }),
    verify: pairs.map(({ publicKey }) => publicKey),
    publicKeys,
  };
}
