import { Hono } from 'hono';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import type { Curfew, LogoutClaims } from 'curfew/server';
import { provider } from './oidc.ts';

/** Verifies a logout token as an ID token is; what stands in it is judged by Curfew. */
async function verify(token: string): Promise<LogoutClaims> {
  const config = await provider();
  const { issuer, jwks_uri: keys = '' } = config.serverMetadata();
  const { payload } = await jwtVerify<LogoutClaims>(token, createRemoteJWKSet(new URL(keys)), {
    issuer,
    audience: config.clientMetadata().client_id,
    typ: 'logout+jwt',
    algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
    requiredClaims: ['iss', 'iat', 'exp', 'jti', 'events'],
  });
  return payload;
}

/** From the provider itself, no browser. */
export const logoutRoutes = (curfew: Curfew) =>
  new Hono().post('/api/oidc/back-channel-logout', async (c) => {
    const result = await curfew.backChannelLogout(c, { verify });
    return c.body(null, result.ok ? 200 : 400);
  });
