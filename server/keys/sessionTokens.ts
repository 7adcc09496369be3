import { CompactSign, compactVerify, decodeJwt, decodeProtectedHeader } from 'jose';
import { z } from 'zod';
import type { TokenKeys } from './signingKeys.ts';
import { verifiedTokens } from './verifiedTokens.ts';

const type = 'session+jwt';

/** What a token says: whose session, which generation, and from when to when, in whole seconds. */
export interface Claims {
  readonly sid: string;
  readonly sub: string;
  readonly gen: number;
  readonly iat: number;
  readonly exp: number;
}

const claimsOf = (issuer: string, audience: string) =>
  z.object({
    iss: z.literal(issuer),
    aud: z.literal(audience),
    sid: z.string().min(1),
    sub: z.string().min(1),
    gen: z.int().min(0),
    iat: z.int(),
    exp: z.int(),
    // Curfew makes none, and does not check it.
    nbf: z.never().optional(),
  });

/** A token has one spelling: no padding, no white space, nothing in the bits that base64url leaves unused. */
const isSpelledRight = (token: string): boolean =>
  token.split('.').every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);

/** Signs and reads tokens; no other file does. */
export interface Tokens {
  sign(claims: Claims): Promise<string>;
  /**
   * @returns the claims, `exp` not checked yet (the state of the session comes first), or `null` for a token that is
   * not ours.
   */
  verify(token: string): Promise<Claims | null>;
  /**
   * Reads a token whose signature was verified before, and is remembered.
   *
   * @returns what `verify` has returned then, or `undefined`: ask `verify`.
   */
  verified(token: string): Claims | undefined;
  /** Remembers a token no more: its generation, or its session, is over. */
  forget(token: string): void;
  /**
   * The session that a token names which may be of another application's own key: it has the form of ours.
   *
   * @returns its id, never to be trusted, or `null` for a token of another form.
   */
  sessionNamedBy(token: string): string | null;
}

/**
 * Signs and verifies the tokens of one issuer and audience. The algorithm is pinned by configuration; a header that
 * asks for another, or brings its own key, is refused.
 *
 * @see RFC 8725 §3.1, ASVS 5.0 9.1.1–9.1.3
 */
export function createTokens(keys: TokenKeys, issuer = 'curfew', audience = 'curfew'): Tokens {
  const schema = claimsOf(issuer, audience);
  const known = verifiedTokens();

  const payloadOf = async (token: string): Promise<string | null> => {
    if (!isSpelledRight(token)) return null;
    for (const key of keys.verify) {
      try {
        const { payload, protectedHeader } = await compactVerify(token, key, { algorithms: [keys.algorithm] });
        return protectedHeader.typ === type ? new TextDecoder().decode(payload) : null;
      } catch {
        continue;
      }
    }
    return null;
  };

  return {
    sign: ({ sid, sub, gen, iat, exp }) =>
      new CompactSign(new TextEncoder().encode(JSON.stringify({ iss: issuer, aud: audience, sub, sid, gen, iat, exp })))
        .setProtectedHeader({ alg: keys.algorithm, typ: type, ...(keys.kid !== undefined && { kid: keys.kid }) })
        .sign(keys.sign),
    verified: known.get,
    forget: known.delete,
    async verify(token) {
      const before = known.get(token);
      if (before) return before;
      const payload = await payloadOf(token);
      if (payload === null) return null;
      try {
        const { sid, sub, gen, iat, exp } = schema.parse(JSON.parse(payload));
        const claims = { sid, sub, gen, iat, exp };
        known.add(token, claims);
        return claims;
      } catch {
        return null;
      }
    },
    sessionNamedBy(token) {
      try {
        const { typ, alg } = decodeProtectedHeader(token);
        if (!isSpelledRight(token) || typ !== type || alg !== keys.algorithm) return null;
        return schema.parse(decodeJwt(token)).sid;
      } catch {
        return null;
      }
    },
  };
}
