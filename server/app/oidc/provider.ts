import { createRemoteJWKSet, jwtVerify, type JWTVerifyGetKey } from 'jose';
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

/** What the provider is to ask the user. @see OpenID Connect Core 1.0 §3.1.2.1 */
export type Prompt = 'login' | 'select_account';

/** Why nobody was signed in: the user did not want to, the provider said something wrong, or nothing at all. */
export type OidcRefusal = {
  readonly ok: false;
  readonly code: 'cancelled' | 'not_signed_in' | 'unavailable';
  readonly reason: string;
};

/** An OpenID provider as the application uses it. */
export interface OidcProvider {
  /** Whether a token's issuer is this provider. */
  readonly isIssuer: (issuer: string) => boolean;
  /** What people call it. */
  readonly name: string;
  readonly newChallenge: () => Challenge;
  /**
   * Where the user signs in.
   *
   * @param prompt `login`: the user has to prove anew who they are, whatever session they have at the provider;
   *   `select_account`: they have said that they are another user than the one it knows
   * @returns rejects with `ProviderUnavailable` when nothing is known of the provider
   */
  readonly authorizationUrl: (challenge: Challenge, redirectUri: URL, prompt: Prompt | null) => Promise<URL>;
  /** Exchanges the code of an answer for what the provider says of the user. */
  readonly exchange: (answer: URL, challenge: Challenge) => Promise<({ readonly ok: true } & OidcProof) | OidcRefusal>;
  /** @returns rejects with `ProviderUnavailable` when nothing is known of the provider */
  readonly ready: () => Promise<void>;
  /**
   * Verifies the signature, the type, the issuer, the audience and the times of a logout token.
   *
   * @returns its claims; rejects with one line that says what is wrong with it
   * @see OpenID Connect Back-Channel Logout 1.0 §2.6
   */
  readonly verifyLogoutToken: (token: string) => Promise<LogoutClaims>;
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
  if (error instanceof openid.ResponseBodyError) return `${error.error}: ${error.error_description ?? error.message}`;
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
  return `${error.message}${cause}`;
};

const isNetworkFailure = (error: unknown): boolean =>
  error instanceof TypeError || (error instanceof openid.ClientError && error.code === 'OAUTH_TIMEOUT');

function refusalOf(error: unknown): OidcRefusal {
  const reason = reasonOf(error);
  if (error instanceof openid.AuthorizationResponseError)
    return { ok: false, code: error.error === 'access_denied' ? 'cancelled' : 'not_signed_in', reason: error.error };
  return { ok: false, code: isNetworkFailure(error) ? 'unavailable' : 'not_signed_in', reason };
}

interface Known {
  readonly server: openid.ServerMetadata;
  readonly keys: JWTVerifyGetKey;
}

/**
 * Asks a provider who it is when that is first needed, and again until it answers.
 *
 * @returns rejects with `ProviderUnavailable` as long as it does not
 */
function knowing(
  { issuer, clientId, clientSecret }: OidcSettings,
  execute: readonly ((made: openid.Configuration) => void)[],
): () => Promise<Known> {
  let known: Promise<Known> | null = null;

  async function discover(): Promise<Known> {
    const options = { execute: [...execute], timeout: patience };
    const server = (await openid.discovery(issuer, clientId, clientSecret, undefined, options)).serverMetadata();
    if (server.jwks_uri === undefined) throw new Error('it names no keys');
    return { server, keys: createRemoteJWKSet(new URL(server.jwks_uri)) };
  }

  return async () => {
    known ??= discover();
    try {
      return await known;
    } catch (error) {
      known = null;
      throw new ProviderUnavailable(`${issuer.href} cannot be used: ${reasonOf(error)}`, { cause: error });
    }
  };
}

/** A provider as the environment names it. */
export function createProvider(settings: OidcSettings, { clock }: { readonly clock: () => Instant }): OidcProvider {
  const { issuer, clientId, clientSecret, name } = settings;
  const execute = issuer.protocol === 'http:' ? [openid.allowInsecureRequests] : [];
  const provider = knowing(settings, execute);

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
    isIssuer: (text) => URL.canParse(text) && new URL(text).href === issuer.href,
    newChallenge: () => ({
      state: openid.randomState(),
      nonce: openid.randomNonce(),
      verifier: openid.randomPKCECodeVerifier(),
    }),
    async authorizationUrl({ state, nonce, verifier }, redirectUri, prompt) {
      return openid.buildAuthorizationUrl(await configuration(), {
        redirect_uri: redirectUri.href,
        scope: 'openid profile',
        state,
        nonce,
        code_challenge: await openid.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        // With `max_age` the provider has to say when the user last proved who they are. @see OpenID Connect Core 1.0 §2
        ...(prompt && { prompt }),
        max_age: prompt === 'login' ? '0' : String(longestProof),
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
        if (proof === null) return { ok: false, code: 'not_signed_in', reason: 'the ID token names no user' };
        if ((proof.authenticatedAt ?? 0) > clock() + seconds(clockTolerance))
          return { ok: false, code: 'not_signed_in', reason: 'the clock of the provider is ahead' };
        return { ok: true, ...proof };
      } catch (error) {
        if (error instanceof ProviderUnavailable) return { ok: false, code: 'unavailable', reason: error.message };
        return refusalOf(error);
      }
    },
    async ready() {
      await provider();
    },
    async verifyLogoutToken(token) {
      const { server, keys } = await provider();
      const { payload } = await jwtVerify(token, keys, {
        algorithms,
        issuer: server.issuer,
        audience: clientId,
        typ: 'logout+jwt',
        requiredClaims: ['iat', 'exp', 'jti', 'events'],
        maxTokenAge: oldestLogoutToken,
        clockTolerance,
        currentDate: new Date(clock()),
      });
      return logoutClaimsOf(payload);
    },
  };
}
