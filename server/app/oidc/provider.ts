import { createRemoteJWKSet, errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import * as openid from 'openid-client';
import { seconds, type Instant } from '../../../machines/index.ts';
import { systemClock } from '../../systemClock.ts';
import { logoutClaimsOf, proofOf, type LogoutClaims, type OidcProof } from './claims.ts';
import type { OidcSettings } from './settings.ts';

/** What binds the provider's answer to the question. */
export interface Challenge {
  readonly state: string;
  readonly nonce: string;
  /** Of PKCE. @see RFC 7636 */
  readonly verifier: string;
}

/** Why nobody was signed in: the user did not want to, the provider said something wrong, or nothing at all. */
export type OidcRefusal = {
  readonly ok: false;
  readonly code: 'cancelled' | 'refused' | 'unavailable';
  readonly reason: string;
};

/** An OpenID provider as the application uses it. */
export interface OidcProvider {
  readonly name: string;
  readonly newChallenge: () => Challenge;
  /**
   * Where the user signs in.
   *
   * @param again the user has to prove anew who they are, whatever session they have at the provider
   * @returns rejects with `ProviderUnavailable` when nothing is known of the provider
   */
  readonly authorizationUrl: (challenge: Challenge, redirectUri: URL, again: boolean) => Promise<URL>;
  /** Exchanges the code of an answer for what the provider says of the user. */
  readonly exchange: (answer: URL, challenge: Challenge) => Promise<({ readonly ok: true } & OidcProof) | OidcRefusal>;
  /** Verifies a logout token. @returns what is wrong with it, in one line, when it is none for us */
  readonly verifyLogoutToken: (token: string) => Promise<LogoutClaims | string>;
}

/** Nothing is known of the provider: it cannot be reached, or says nothing that could be used. */
export class ProviderUnavailable extends Error {}

/** With a shared key everybody who can verify could sign. @see RFC 8725 §3.1 */
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

// In seconds, as the standards say them.
const patience = 10;
const oldestLogoutToken = 600;
const clockTolerance = 30;
/** How long a provider's own session may have gone on by itself. */
const longestProof = 30 * 86_400;

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return `${error.message}${cause}`;
};

const isNetworkFailure = (error: unknown): boolean =>
  error instanceof TypeError || (error instanceof openid.ClientError && error.code === 'OAUTH_TIMEOUT');

function refusalOf(error: unknown): OidcRefusal {
  const reason = reasonOf(error);
  if (error instanceof openid.AuthorizationResponseError)
    return { ok: false, code: error.error === 'access_denied' ? 'cancelled' : 'refused', reason: error.error };
  return { ok: false, code: isNetworkFailure(error) ? 'unavailable' : 'refused', reason };
}

interface Known {
  readonly server: openid.ServerMetadata;
  readonly keys: JWTVerifyGetKey;
}

/** Verifies a logout token. @returns what is wrong with it; rejects when the keys cannot be had */
async function verified(token: string, { server, keys }: Known, audience: string, currentDate: Date) {
  try {
    const { payload } = await jwtVerify(token, keys, {
      algorithms,
      issuer: server.issuer,
      audience,
      typ: 'logout+jwt',
      requiredClaims: ['iat', 'exp', 'jti', 'events'],
      maxTokenAge: oldestLogoutToken,
      clockTolerance,
      currentDate,
    });
    return logoutClaimsOf(payload);
  } catch (error) {
    if (error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout)) return error.message;
    throw error;
  }
}

/** A provider that is asked who it is when it is first needed, and again until it answers. */
export function createProvider(
  { issuer, clientId, clientSecret, name }: OidcSettings,
  { clock }: { readonly clock: () => Instant },
): OidcProvider {
  const execute = issuer.protocol === 'http:' ? [openid.allowInsecureRequests] : [];
  let known: Promise<Known> | null = null;

  async function discover(): Promise<Known> {
    const found = await openid.discovery(issuer, clientId, clientSecret, undefined, { execute, timeout: patience });
    const server = found.serverMetadata();
    if (server.jwks_uri === undefined) throw new Error('it names no keys');
    return { server, keys: createRemoteJWKSet(new URL(server.jwks_uri)) };
  }

  async function provider(): Promise<Known> {
    known ??= discover();
    try {
      return await known;
    } catch (error) {
      known = null;
      throw new ProviderUnavailable(`${issuer.href} cannot be used: ${reasonOf(error)}`, { cause: error });
    }
  }

  async function configuration(): Promise<openid.Configuration> {
    const { server } = await provider();
    // What the application takes for the time, which may not be this machine's.
    const skew = Math.round((clock() - systemClock()) / seconds(1));
    const made = new openid.Configuration(server, clientId, {
      client_secret: clientSecret,
      [openid.clockSkew]: skew,
    });
    made.timeout = patience;
    for (const allow of execute) allow(made);
    return made;
  }

  return {
    name,
    newChallenge: () => ({
      state: openid.randomState(),
      nonce: openid.randomNonce(),
      verifier: openid.randomPKCECodeVerifier(),
    }),
    async authorizationUrl({ state, nonce, verifier }, redirectUri, again) {
      return openid.buildAuthorizationUrl(await configuration(), {
        redirect_uri: redirectUri.href,
        scope: 'openid profile',
        state,
        nonce,
        code_challenge: await openid.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        // With `max_age` the provider has to say when the user last proved who they are. @see OpenID Connect Core 1.0 §2
        ...(again ? { prompt: 'login', max_age: '0' } : { max_age: String(longestProof) }),
      });
    },
    async exchange(answer, { state, nonce, verifier }) {
      try {
        const tokens = await openid.authorizationCodeGrant(await configuration(), answer, {
          expectedState: state,
          expectedNonce: nonce,
          pkceCodeVerifier: verifier,
        });
        const proof = proofOf(tokens.claims());
        return proof ? { ok: true, ...proof } : { ok: false, code: 'refused', reason: 'the ID token names no user' };
      } catch (error) {
        if (error instanceof ProviderUnavailable) return { ok: false, code: 'unavailable', reason: error.message };
        return refusalOf(error);
      }
    },
    async verifyLogoutToken(token) {
      try {
        return await verified(token, await provider(), clientId, new Date(clock()));
      } catch (error) {
        if (error instanceof ProviderUnavailable) throw error;
        throw new ProviderUnavailable(`the keys of ${issuer.href} cannot be had: ${reasonOf(error)}`, { cause: error });
      }
    },
  };
}
