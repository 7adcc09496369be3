import { describe, expect, it } from 'vitest';
import { minutes } from '../../../machines/index.ts';
import { behindProxy } from '../../support/server/behindProxy.ts';
import { lapse } from '../../support/server/world.ts';

const path = '/api/auth/verify';
const warning =
  'forward authentication was asked about what may be a write, without its method: have the proxy send X-Forwarded-Method or X-Original-Method';

/** A proxy on this machine that is trusted, and a jar with ada's cookie. */
async function begin(options: Parameters<typeof behindProxy>[0] = { trustedProxies: ['127.0.0.1'] }) {
  const world = await behindProxy(options);
  const ada = world.client();
  await ada.login();
  const Cookie = `__Host-curfew=${ada.token}`;
  const verify = (headers: Record<string, string>) => world.ask('GET', path, { Cookie, ...headers });
  return { ...world, ada, verify };
}

const traefik = (method: string, uri = '/wiki/page') => ({
  'X-Forwarded-Method': method,
  'X-Forwarded-Uri': uri,
  'X-Forwarded-Proto': 'https',
  'X-Forwarded-Host': 'wiki.example.com',
});
const nginx = (method: string, uri = '/wiki/page') => ({ 'X-Original-Method': method, 'X-Original-URI': uri });

describe('forward authentication', () => {
  it.each([
    ['X-Forwarded-Method and -Uri', traefik('GET')],
    ['X-Original-Method and -URI', nginx('GET')],
    ['no header, a read', {}],
    [
      'a navigation from another site',
      { ...traefik('GET'), 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' },
    ],
  ])('lets a live session pass, and says whose it is: %s', async (_, headers) => {
    const { verify, ada } = await begin();
    const answer = await verify(headers);
    expect(answer.status).toBe(204);
    expect(answer.headers).toMatchObject({
      'curfew-user': ada.user?.id,
      'curfew-session': ada.id,
      'curfew-name': 'ada',
      'session-status': expect.stringMatching(/^active/),
    });
  });

  it('says why not: nobody, forged, lapsed, ended; and of another session a 403, for proxies know 401 and 403 only', async () => {
    const { ask, verify, ada, pass } = await begin();
    expect((await ask('GET', path, traefik('GET'))).body).toMatchObject({ status: 401, code: 'unauthenticated' });
    const forged = { ...traefik('GET'), Authorization: 'Bearer forged' };
    expect((await ask('GET', path, forged)).body).toMatchObject({ code: 'invalid_token' });
    const other = await verify({ ...traefik('GET'), 'Session-Id': 'another' });
    expect([other.status, other.body.code, other.body.status]).toEqual([403, 'session_mismatch', 403]);
    pass(lapse);
    const lapsed = await verify(traefik('GET'));
    expect([lapsed.status, lapsed.body.code]).toEqual([401, 'session_lapsed']);
    await ada.post('/api/auth/logout');
    expect((await verify(traefik('GET'))).body).toMatchObject({ status: 401, code: 'session_ended' });
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'post'])(
    'ASVS 3.5.1 judges the original method: %s of another site does not pass, of the own it does',
    async (method) => {
      const { verify, parts } = await begin();
      for (const told of [traefik(method), nginx(method)]) {
        const stranger = await verify({ ...told, 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' });
        expect([stranger.status, stranger.body.code]).toEqual([403, 'cross_site']);
        expect((await verify({ ...told, 'Sec-Fetch-Site': 'same-origin' })).status).toBe(204);
      }
      const own = { ...traefik(method), Origin: 'https://wiki.example.com' };
      expect((await verify(own)).status).toBe(204);
      expect(await parts.securityLog.since(0, 10)).toMatchObject([
        { kind: 'cross_site_refused' },
        { kind: 'cross_site_refused' },
      ]);
    },
  );

  it('ASVS 3.5.1 takes no host of a path for the own origin: what begins with two slashes is a path, too', async () => {
    const { verify } = await begin();
    for (const uri of ['//evil.example/page', '/\\evil.example/page', 'https://evil.example/page'])
      for (const more of [{}, { 'Sec-WebSocket-Version': '13' }])
        expect(
          (await verify({ ...traefik('POST', uri), ...more, Origin: 'https://evil.example' })).body,
          uri,
        ).toMatchObject({ status: 403, code: 'cross_site' });
    expect((await verify({ ...traefik('POST', '//page'), Origin: 'https://wiki.example.com' })).status).toBe(204);
  });

  it('ASVS 4.4.2 judges a socket by its exact origin, although proxies do not pass `Upgrade` on', async () => {
    const { verify, ada, parts } = await begin();
    const socket = { ...traefik('GET', '/live'), 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': 'x' };
    const own = { Origin: 'https://wiki.example.com' };
    expect((await verify({ ...socket, ...own })).status).toBe(204);
    expect((await verify({ ...socket, ...own, 'Sec-Fetch-Site': 'same-origin' })).status).toBe(204);
    for (const strange of [
      { Origin: 'https://evil.example' },
      { Origin: 'https://wiki.example.com:8443', 'Sec-Fetch-Site': 'same-site' },
      { 'Sec-Fetch-Site': 'same-origin' },
      {},
    ] as Record<string, string>[])
      expect((await verify({ ...socket, ...strange })).body, JSON.stringify(strange)).toMatchObject({
        status: 403,
        code: 'cross_site',
      });
    expect((await parts.securityLog.since(0, 10)).map(({ kind }) => kind)).toEqual(
      Array.from({ length: 4 }, () => 'cross_site_refused'),
    );
    const bearer = { ...socket, Cookie: '', Authorization: `Bearer ${ada.token}` };
    expect((await verify(bearer)).status).toBe(204);
  });

  it('lets only reads pass where the method is not told, and says so once in the log', async () => {
    const { verify, lines } = await begin();
    const own = { 'Sec-Fetch-Site': 'same-origin' };
    for (const sign of [
      { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' },
      { ...own, Origin: 'http://localhost' },
      { ...own, 'Content-Type': 'text/plain' },
      { ...own, 'Transfer-Encoding': 'chunked' },
    ] as Record<string, string>[])
      expect((await verify(sign)).body, JSON.stringify(sign)).toMatchObject({ status: 403, code: 'forbidden' });
    expect((await verify(own)).status).toBe(204);
    expect(lines.filter(({ msg }) => msg === 'warning')).toEqual([{ msg: 'warning', level: 'warn', warning }]);
  });

  it('believes no header that a client may have added beside the proxy’s: two that differ are refused', async () => {
    const { verify } = await begin();
    const answer = await verify({ 'X-Original-Method': 'POST', 'X-Forwarded-Method': 'GET' });
    expect([answer.status, answer.body.code]).toEqual([403, 'forbidden']);
    for (const method of ['GET, POST', 'CONNECT', '', 'G ET'])
      expect((await verify({ 'X-Forwarded-Method': method })).body, method).toMatchObject({ code: 'forbidden' });
  });

  it('answers a trusted proxy only', async () => {
    const { verify } = await begin({ trustedProxies: ['10.0.0.0/8'] });
    expect((await verify(traefik('GET'))).body).toMatchObject({ status: 403, code: 'forbidden' });
    const { app, client } = await begin();
    const nobody = client();
    await nobody.login();
    // Without a socket there is no proxy to be seen.
    expect((await app.request(path, { headers: { ...nobody.headers, ...traefik('GET') } })).status).toBe(403);
  });

  it('counts as the request would: it keeps the session alive, but not for a declared background, nor for Curfew’s own', async () => {
    const { verify, ada, pass, events } = await begin();
    const seen = async () => (await events(ada.id)).filter(({ type }) => type === 'activity.seen').length;
    pass(minutes(2));
    await verify({ ...traefik('GET', '/api/auth/me'), 'Session-Activity': 'user' });
    await verify({ ...traefik('GET'), 'Session-Activity': 'background' });
    expect(await seen()).toBe(0);
    await verify({ ...traefik('GET'), 'Session-Activity': 'user' });
    expect(await seen()).toBe(1);
  });
});
