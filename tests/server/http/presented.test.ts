import { describe, expect, it } from 'vitest';
import { forgeries, saidBy } from '../../support/server/forged.ts';
import { settled } from '../../support/server/refusal.ts';
import { createWorld, type Client } from '../../support/server/world.ts';

const sameOrigin = { 'Sec-Fetch-Site': 'same-origin' };
const stranger = { 'Sec-Fetch-Site': 'cross-site', Origin: 'https://evil.example' };
const balancer = { Cookie: 'AWSALB=0123456789' };

/** A request with exactly these headers. */
const bare = (client: Client, method: string, path: string, headers: Record<string, string>, json?: object) => {
  const jar = client.twin();
  Object.defineProperty(jar, 'headers', { value: headers });
  return jar.call(method, path, json);
};

describe('a bearer token that we signed', () => {
  it('DESIGN §5 speaks beside the cookie of a load balancer, which was a 403 cross_site', async () => {
    const { client } = await settled();
    const ada = client('bearer');
    await ada.login();
    const headers = { ...ada.headers, ...balancer };
    expect((await bare(ada, 'POST', '/api/auth/activity', headers, { ageMs: 0 })).status).toBe(200);
    expect((await bare(ada, 'PUT', '/api/settings', headers, { theme: 'dark', density: 'compact' })).status).toBe(200);
  });

  it('needs no cross-site check, whatever cookies and headers a browser adds', async () => {
    const { client, ada: other } = await settled();
    const ada = client('bearer');
    await ada.login();
    const Cookie = `__Host-curfew=${other.token}`;
    const answer = await bare(ada, 'POST', '/api/auth/refresh', { ...ada.headers, ...stranger, Cookie }, {});
    expect(answer.body.session?.id).toBe(ada.id);
  });

  it('is the only one that is exempt: a forged one beside a good cookie is checked as the cookie', async () => {
    const { ada, parts } = await settled();
    for (const [name, token] of Object.entries(await forgeries(parts, ada.token ?? '', 'https://evil.example'))) {
      if (name.startsWith('of ')) continue;
      const headers = { Cookie: `__Host-curfew=${ada.token}`, Authorization: `Bearer ${token}`, ...stranger };
      expect((await bare(ada, 'POST', '/api/auth/logout', headers, {})).body, name).toMatchObject({
        code: 'cross_site',
      });
    }
    expect((await ada.get('/api/auth/me')).status).toBe(200);
  });
});

describe('an Authorization that is not ours', () => {
  it.each(['Basic YWRhOmFkYQ==', 'Bearer eyJhbGciOiJub25lIn0.e30.', 'Bearer ya29.of-another-issuer'])(
    'DESIGN §5 says nothing beside a good cookie: %s',
    async (Authorization) => {
      const world = await settled();
      const { ada } = world;
      const headers = { ...sameOrigin, Cookie: `__Host-curfew=${ada.token}`, Authorization };
      expect((await bare(ada, 'GET', '/api/settings', headers)).status).toBe(200);
      expect((await bare(ada, 'POST', '/api/auth/refresh', headers, {})).status).toBe(200);
      expect(await world.parts.securityLog.since(0, 10)).toEqual([]);
    },
  );

  it('is refused alone, and a foreign token is written down', async () => {
    const { ada, parts } = await settled();
    const alone = (Authorization: string) => bare(ada, 'GET', '/api/settings', { Authorization });
    expect((await alone('Basic YWRhOmFkYQ==')).body).toMatchObject({ code: 'unauthenticated' });
    expect(await parts.securityLog.since(0, 10)).toEqual([]);
    expect((await alone('Bearer ya29.of-another-issuer')).body).toMatchObject({ code: 'invalid_token' });
    expect(await parts.securityLog.since(0, 10)).toMatchObject([{ kind: 'token_refused' }]);
  });
});

describe('two applications on one host name', () => {
  const two = async (names: readonly [string, string]) => {
    const [one, other] = [
      await createWorld({ cookieName: names[0] }),
      await createWorld({ cookieName: names[1], secret: 'the secret of a neighbour, of thirty-two bytes' }),
    ];
    const [ada, bob] = [one.client(), other.client()];
    await ada.register('ada');
    await bob.register('bob');
    return { one, other, ada, bob };
  };
  const jarOf = (ada: Client, bob: Client, names: readonly [string, string]) => ({
    ...sameOrigin,
    Cookie: `__Host-${names[0]}=${ada.token}; __Host-${names[1]}=${bob.token}`,
  });

  it('with a cookie name each leave each other alone', async () => {
    const names = ['board', 'wiki'] as const;
    const { one, other, ada, bob } = await two(names);
    const jar = jarOf(ada, bob, names);
    expect((await bare(ada, 'GET', '/api/auth/me', jar)).body.user.username).toBe('ada');
    expect((await bare(bob, 'GET', '/api/auth/me', jar)).body.user.username).toBe('bob');
    const out = await bare(ada, 'POST', '/api/auth/logout', jar, {});
    expect(out.headers.get('Set-Cookie')).toMatch(/^__Host-board=; Max-Age=0/);
    expect((await bare(bob, 'GET', '/api/auth/me', jar)).body.user.username).toBe('bob');
    for (const { parts } of [one, other]) expect(await parts.securityLog.since(0, 10)).toEqual([]);
  });

  it('with the same name: the cookie of the neighbour is none of ours, and no forgery', async () => {
    const names = ['curfew', 'curfew'] as const;
    const { one, ada, bob } = await two(names);
    const jar = { Cookie: `__Host-curfew=${bob.token}` };
    expect((await bare(ada, 'GET', '/api/auth/me', { ...sameOrigin, ...jar })).body).toMatchObject({
      code: 'unauthenticated',
    });
    // It is no browser, and carries none of our cookies.
    const credentials = { username: 'ada', password: 'correct horse', transport: 'bearer' };
    expect((await bare(ada, 'POST', '/api/auth/login', jar, credentials)).status).toBe(200);
    expect(await one.parts.securityLog.since(0, 10)).toEqual([]);
  });

  it('ASVS 16.3.3 a cookie of ours that was changed is a forgery still', async () => {
    const { one, ada } = await two(['curfew', 'wiki']);
    const [head, , signature] = (ada.token ?? '').split('.');
    const said = { ...saidBy(ada.token ?? ''), sub: 'mallory' };
    const changed = `${head}.${Buffer.from(JSON.stringify(said)).toString('base64url')}.${signature}`;
    const headers = { ...sameOrigin, Cookie: `__Host-curfew=${changed}` };
    expect((await bare(ada, 'GET', '/api/auth/me', headers)).body).toMatchObject({ code: 'invalid_token' });
    expect(await one.parts.securityLog.since(0, 10)).toMatchObject([{ kind: 'token_refused' }]);
  });
});
