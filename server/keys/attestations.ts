import { createPublicKey, type KeyObject } from 'node:crypto';
import { CompactSign, compactVerify, decodeProtectedHeader, type JWK } from 'jose';
import { z } from 'zod';
import { deriveKeyPair, publicJwk } from './signingKeys.ts';

const algorithm = 'EdDSA';

/** What a statement is about; one kind is never taken for another. @see RFC 8725 §3.11 */
export type StatementType = 'curfew-checkpoint+jws' | 'curfew-purge+jws' | 'secevent+jwt';

/** Signs statements about the log that can be kept elsewhere, and reads them again. */
export interface Attestations {
  sign(type: StatementType, statement: object): Promise<string>;
  /** @returns the statement, or `null` for whatever none of the keys has signed as one of this type. */
  read(type: StatementType, signed: string): Promise<unknown>;
  /** What others may verify with; the present key first. */
  readonly publicKeys: readonly JWK[];
}

const header = z.object({ alg: z.literal(algorithm), typ: z.string(), kid: z.string() });

/**
 * Attestations under a key derived from the server's secret, for this purpose alone. Those made under previous secrets
 * are read, too; those of secrets that are gone, when their public keys were kept.
 *
 * @param kept public keys from elsewhere
 * @see RFC 8037, ASVS 5.0 16.4.2
 */
export async function createAttestations(
  secret: string,
  previousSecrets: readonly string[] = [],
  kept: readonly JWK[] = [],
): Promise<Attestations> {
  const pairs = [secret, ...previousSecrets].map((each) => deriveKeyPair(each, 'curfew/audit/ed25519'));
  const publicKeys = await Promise.all(pairs.map(({ publicKey }) => publicJwk(publicKey)));
  const privateKey = pairs[0]?.privateKey;
  const kid = publicKeys[0]?.kid;
  if (!privateKey || kid === undefined) throw new Error('there is a key for every secret');
  const keys = new Map<string, KeyObject>();
  for (const jwk of [...kept, ...publicKeys])
    if (jwk.kid !== undefined) keys.set(jwk.kid, createPublicKey({ key: { ...jwk }, format: 'jwk' }));

  return {
    publicKeys,
    sign: (typ, statement) =>
      new CompactSign(new TextEncoder().encode(JSON.stringify(statement)))
        .setProtectedHeader({ alg: algorithm, typ, kid })
        .sign(privateKey),
    async read(type, signed) {
      try {
        const { typ, kid: by } = header.parse(decodeProtectedHeader(signed));
        const key = keys.get(by);
        if (typ !== type || !key) return null;
        const { payload } = await compactVerify(signed, key, { algorithms: [algorithm] });
        const statement: unknown = JSON.parse(new TextDecoder().decode(payload));
        return statement;
      } catch {
        return null;
      }
    },
  };
}
