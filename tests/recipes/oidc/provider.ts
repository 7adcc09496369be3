import { createRemoteJWKSet, jwtVerify } from 'jose';
import * as openid from 'openid-client';
import { registeredMethods } from 'curfew/machines';
import type { BackChannelLogout } from 'curfew/server';

const issuer = new URL(process.env['OIDC_ISSUER'] ?? '');
const clientId = process.env['OIDC_CLIENT_ID'] ?? '';

/** Without TLS on this machine only, as in tests. */
const execute = issuer.hostname === '127.0.0.1' ? [openid.allowInsecureRequests] : [];
const config = await openid.discovery(issuer, clientId, process.env['OIDC_CLIENT_SECRET'], undefined, { execute });
const server = config.serverMetadata();
const keys = createRemoteJWKSet(new URL(server.jwks_uri ?? ''));

/** What binds an answer to the browser that asked, and to the session that is to go on. */
export interface Pending {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** Of the page that is locked; `null` at a sign-in. */
  readonly session: string | null;
}

export const newPending = (session: string | null): Pending => ({
  state: openid.randomState(),
  nonce: openid.randomNonce(),
  verifier: openid.randomPKCECodeVerifier(),
  session,
});

/** Where the user signs in. To go on with a session they have to prove anew who they are: a silent answer is no proof. */
export async function authorizationUrl(pending: Pending, redirectUri: string): Promise<URL> {
  return openid.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: 'openid profile',
    state: pending.state,
    nonce: pending.nonce,
    code_challenge: await openid.calculatePKCECodeChallenge(pending.verifier),
    code_challenge_method: 'S256',
    // With `max_age` the provider has to say when the user last proved who they are.
    ...(pending.session === null ? { max_age: '2592000' } : { prompt: 'login', max_age: '0' }),
  });
}

const isText = (value: unknown): value is string => typeof value === 'string';

/** What Curfew is told. @throws when the answer of the provider is not for this browser, or was used before */
export async function proofIn(answer: URL, { state, nonce, verifier }: Pending) {
  const tokens = await openid.authorizationCodeGrant(config, answer, {
    expectedState: state,
    expectedNonce: nonce,
    pkceCodeVerifier: verifier,
  });
  const claims = tokens.claims();
  if (!claims) throw new Error('the provider sent no ID token');
  const amr = Array.isArray(claims['amr']) ? claims['amr'].filter(isText) : [];
  return {
    // A `sub` is unique at its issuer only.
    user: { id: `${claims.iss}#${claims.sub}`, ...(isText(claims['name']) && { name: claims['name'] }) },
    method: amr.filter((each) => registeredMethods.includes(each)),
    // In seconds there. A provider that does not say it cannot bring anything back.
    authenticatedAt: (claims.auth_time ?? 0) * 1000,
    issuer: claims.iss,
    amr,
    ...(isText(claims['acr']) && { acr: claims['acr'] }),
    ...(isText(claims['sid']) && { reference: { issuer: claims.iss, sid: claims['sid'] } }),
  };
}

type LogoutClaims = Awaited<ReturnType<BackChannelLogout['verify']>>;

/** Verifies a logout token as an ID token is; what stands in it is judged by Curfew. */
export async function verifyLogoutToken(token: string): Promise<LogoutClaims> {
  const { payload } = await jwtVerify<LogoutClaims>(token, keys, {
    issuer: server.issuer,
    audience: clientId,
    typ: 'logout+jwt',
    algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
    requiredClaims: ['iss', 'iat', 'exp', 'jti', 'events'],
  });
  return payload;
}
