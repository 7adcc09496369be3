import { describe, expect, it } from 'vitest';
import { saidBy } from '../support/server/forged.ts';
import { expectRefusal, settled } from '../support/server/refusal.ts';
import { asking, goodOf, pathOf } from '../support/server/rows.ts';
import { createWorld, lapse, type Client } from '../support/server/world.ts';

/** A request with exactly these headers, whatever is in the jar. */
const bare = (client: Client, method: string, path: string, headers: Record<string, string>, json?: object) => {
  const naked = client.twin();
  Object.defineProperty(naked, 'headers', { value: {} });
  return naked.call(method, path, json, headers);
};

const credentials = { username: 'ada', password: 'correct horse' };
const sameOrigin = { 'Sec-Fetch-Site': 'same-origin' };

describe('an id that somebody has brought along', () => {
  it('OWASP Session Management ASVS 7.2.4 is never adopted, and a sign-in over a planted session makes another and ends it', async () => {
    const { client, events, parts } = await createWorld();
    const mallory = client();
    await mallory.register('mallory');
    const victim = client();
    await client('bearer').register('ada');
    // The attacker has put a cookie of their own into the victim's jar.
    victim.token = mallory.token;
    const planted = mallory.id;
    expect((await victim.login('ada')).status).toBe(200);
    expect(victim.id).not.toBe(planted);
    expect(saidBy(victim.token ?? '')['sid']).toBe(victim.id);
    expect((await mallory.get('/api/auth/me')).body).toMatchObject({ code: 'session_ended', reason: 'displaced' });
    expect((await events(victim.id)).at(0)?.type).toBe('session.started');
    expect((await parts.log.load(planted))?.state.context.user).toBe(mallory.user?.id);
  });

  it.each(['Session-Id', 'X-Session-Id', 'Cookie', 'Authorization'])(
    'OWASP Session Management in %s names no session that is begun',
    async (name) => {
      const { client, parts } = await createWorld();
      await client('bearer').register('ada');
      const wanted = 'A'.repeat(24);
      const value = name === 'Cookie' ? `__Host-curfew=${wanted}; sid=${wanted}` : wanted;
      const answer = await bare(client(), 'POST', '/api/auth/login', { ...sameOrigin, [name]: value }, credentials);
      expect(answer.status).toBe(200);
      expect(answer.body.session.id).not.toBe(wanted);
      expect(await parts.log.load(wanted)).toBeNull();
    },
  );

  it.each(['sid', 'session', 'id', 'sub', 'user', 'token'])(
    'OWASP Session Management in the body, as %s, is refused as a field that is not known',
    async (field) => {
      const { client } = await createWorld();
      await client('bearer').register('ada');
      const answer = await client().post('/api/auth/login', { ...credentials, [field]: 'A'.repeat(24) });
      expectRefusal(answer, 'invalid_input', 422, field);
    },
  );

  it('ASVS 7.2.4 of before a re-authentication is of no use after it, whoever kept a copy', async () => {
    const { ada, pass } = await settled();
    const copy = ada.twin();
    pass(lapse);
    expect((await ada.post('/api/auth/reauthenticate', { password: 'correct horse' })).status).toBe(200);
    for (const { method, path, body } of asking) {
      if (/\/(logout|reauthenticate)$/.test(path)) continue;
      const answer = await copy.call(method, pathOf(path, ada.id), body && goodOf(body));
      expectRefusal(answer, 'token_superseded', 401, path);
    }
    expect((await ada.get('/api/auth/me')).status).toBe(200);
  });
});

describe('what names a session', () => {
  it('ASVS 7.2.2 7.2.3 is new for each, says nothing, and has 144 bits of which every one takes both values', async () => {
    const { client, parts } = await createWorld({ policy: { maxSessions: 1000 } });
    await client('bearer').register('ada');
    const ids: string[] = [];
    const tokens = new Set<string>();
    const knowns = new Set<string>();
    for (let time = 0; time < 60; time++) {
      const browser = client('bearer');
      await browser.login();
      knowns.add(browser.id.slice(0, -24));
      ids.push(browser.id.slice(-24));
      tokens.add(browser.token ?? '');
    }
    for (let time = 0; time < 140; time++) ids.push(parts.newId());
    expect(new Set(ids).size).toBe(200);
    expect(tokens.size).toBe(60);
    // The second and the user, who are the same here; what is behind them does not depend on either.
    expect(knowns.size).toBe(1);
    const bytes = ids.map((id) => Buffer.from(id, 'base64url'));
    for (const each of bytes) expect(each).toHaveLength(18);
    for (let bit = 0; bit < 144; bit++) {
      const ones = bytes.filter((each) => (each[bit >> 3] ?? 0) & (1 << (bit & 7))).length;
      // One bit in 2^200 of honest ones never changes; a counter, a clock or a padding does not change for most.
      expect(ones, `bit ${bit}`).toBeGreaterThan(0);
      expect(ones, `bit ${bit}`).toBeLessThan(200);
    }
  });
});

describe('a jar with more in it than one cookie', () => {
  const others = (good: string, foreign: string) => ({
    'without its prefix': `curfew=${foreign}; __Host-curfew=${good}`,
    'with the prefix of less': `__Secure-curfew=${foreign}; __Host-curfew=${good}`,
    'in other letters': `__host-curfew=${foreign}; __HOST-CURFEW=${foreign}; __Host-curfew=${good}`,
    'with more after its name': `__Host-curfew2=${foreign}; __Host-curfew.x=${foreign}; __Host-curfew=${good}`,
    'with its name encoded': `__Host%2Dcurfew=${foreign}; %5F_Host-curfew=${foreign}; __Host-curfew=${good}`,
    'between spaces': `a=1;  ;; =; __Host-curfew=${good}; b="; __Host-x"`,
    'of another application': `session=${foreign}; connect.sid=${foreign}; __Host-curfew=${good}`,
  });

  it.each(Object.keys(others('', '')))(
    'RFC 6265bis a cookie %s, as a sub-domain can set it, is nobody’s credential',
    async (name) => {
      const { ada, client } = await settled();
      const mallory = client();
      await mallory.register('mallory');
      const jar =
        Object.entries(others(ada.token ?? '', mallory.token ?? '')).find(([each]) => each === name)?.[1] ?? '';
      const me = await bare(ada, 'GET', '/api/auth/me', { ...sameOrigin, Cookie: jar });
      expect(me.body.user.id).toBe(ada.user?.id);
      const tossed = jar.replace(`__Host-curfew=${ada.token}`, 'x=1');
      expectRefusal(
        await bare(ada, 'GET', '/api/auth/me', { ...sameOrigin, Cookie: tossed }),
        'unauthenticated',
        401,
        jar,
      );
      // Signing in over it replaces nobody's session but the one in the real cookie.
      await bare(ada, 'POST', '/api/auth/login', { ...sameOrigin, Cookie: tossed }, credentials);
      expect((await mallory.get('/api/auth/me')).status).toBe(200);
      expect((await ada.get('/api/auth/me')).status).toBe(200);
    },
  );

  it('of two with the very name is read the same way on every route: the first decides', async () => {
    const world = await settled();
    const { ada, client } = world;
    const mallory = client();
    await mallory.register('mallory');
    const Cookie = `__Host-curfew=${ada.token}; __Host-curfew=${mallory.token}`;
    expect((await bare(ada, 'GET', '/api/auth/me', { ...sameOrigin, Cookie })).body.user.username).toBe('ada');
    expect((await bare(ada, 'POST', '/api/auth/logout', { ...sameOrigin, Cookie }, {})).status).toBe(204);
    expect((await mallory.get('/api/auth/me')).status).toBe(200);
    expect((await ada.get('/api/auth/me')).status).toBe(401);
  });

  it('beside a bearer token does nothing, not even at sign-out', async () => {
    const { ada, client } = await settled();
    const mallory = client('bearer');
    await mallory.register('mallory');
    const both = { ...sameOrigin, Cookie: `__Host-curfew=${ada.token}`, Authorization: `Bearer ${mallory.token}` };
    expect((await bare(ada, 'GET', '/api/auth/me', both)).body.user.username).toBe('mallory');
    const out = await bare(ada, 'POST', '/api/auth/logout', both, {});
    expect({ status: out.status, cookie: out.headers.get('Set-Cookie') }).toEqual({ status: 204, cookie: null });
    expect((await ada.get('/api/auth/me')).status).toBe(200);
  });

  it.each([
    'Basic YWRhOmFkYQ==',
    'Negotiate',
    'Bearers are many',
    '',
    'Bearer forged',
    'Bearer',
    'bearer ',
    'Bearer \t',
    'BEARER two words',
  ])('beside %j, which a proxy may have added, speaks for itself', async (Authorization) => {
    const { ada } = await settled();
    const both = { ...sameOrigin, Cookie: `__Host-curfew=${ada.token}`, Authorization };
    expect((await bare(ada, 'GET', '/api/auth/me', both)).body.user.username).toBe('ada');
  });

  it('NIST SP 800-63B-4 §5.1 is emptied of a secret that is random, out of reach of scripts, and useless without a check', async () => {
    const { ada } = await settled();
    const copy = ada.twin();
    const forged = await bare(ada, 'POST', '/api/auth/refresh', { Cookie: `__Host-curfew=${ada.token}` }, {});
    expectRefusal(forged, 'cross_site', 403, 'no sign of our own pages');
    const out = await ada.post('/api/auth/logout');
    expect(out.headers.get('Set-Cookie')).toBe('__Host-curfew=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax');
    expectRefusal(await copy.get('/api/auth/me'), 'session_ended', 401, 'the copy');
  });
});
