import { afterAll, beforeAll, expect, test } from 'vitest';
import { startProvider, type TestProvider } from '../../../support/oidc/provider.ts';
import { folder, send, serve, stopped, tidy, unspeakable, type Reply } from '../../../support/server/child.ts';

let provider: TestProvider;
beforeAll(async () => {
  provider = await startProvider();
});
afterAll(async () => {
  await provider?.stop();
  await tidy();
});

test('a server process signs a person in and out by the provider of its environment, and prints none of the secrets', async () => {
  const server = await serve(folder(), { ...provider.env, CURFEW_OIDC_NAME: 'Example ID' });
  unspeakable.add(provider.env['CURFEW_OIDC_CLIENT_SECRET'] ?? '');
  const get = (path: string, Cookie = '') => send(server.url, { method: 'GET', path, headers: { Cookie } });
  await provider.register(server.url);
  await provider.setNow(Date.now());
  expect((await get('/api/policy')).body.ways).toEqual([
    { kind: 'password' },
    { kind: 'passkey' },
    { kind: 'sso', name: 'Example ID', url: '/api/oidc/start' },
  ]);
  const jarOf = ({ headers }: Pick<Reply, 'headers'>) =>
    (headers['set-cookie'] ?? []).map((each) => each.split(';')[0]).join('; ');
  const start = await get('/api/oidc/start?returnTo=/settings');
  const back = new URL(await provider.signIn(start.headers.location ?? '', 'ada'));
  const landed = await get(`${back.pathname}${back.search}`, jarOf(start));
  expect(landed.headers.location).toBe('/signed-in.html?returnTo=%2Fsettings');
  expect((await get('/api/auth/me', jarOf(landed))).body.user.username).toBe('ada of elsewhere');
  // The provider's own logout token, as it makes it.
  expect(await provider.logOut('ada')).toBe(200);
  expect((await get('/api/auth/me', jarOf(landed))).body).toMatchObject({ code: 'session_ended', reason: 'revoked' });
  await stopped(server);
  for (const secret of [...unspeakable, back.searchParams.get('code') ?? '', back.searchParams.get('state') ?? ''])
    expect(server.out() + server.err()).not.toContain(secret);
  expect(server.out()).not.toContain('"level":"error"');
  expect(server.err()).toBe('');
});

test('a server process whose provider is away signs people in by the other ways, and says of this one that it is', async () => {
  const away = { ...provider.env, CURFEW_OIDC_ISSUER: 'http://127.0.0.1:9' };
  const server = await serve(folder(), away);
  const start = await send(server.url, { method: 'GET', path: '/api/oidc/start' });
  expect(start).toMatchObject({
    status: 303,
    headers: { location: '/signed-in.html?returnTo=%2F&problem=unavailable' },
  });
  await server.line(/"msg":"sign_in_refused".*"code":"unavailable"/);
  expect((await send(server.url, { method: 'GET', path: '/readyz' })).status).toBe(200);
  await stopped(server);
});
