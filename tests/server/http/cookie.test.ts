import fc from 'fast-check';
import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { days, minutes } from '../../../machines/index.ts';
import { cookieTokenOf, plainCookieOf } from '../../../server/http/cookie.ts';
import { createWorld, lapse, type Answer, type Client } from '../../support/server/world.ts';

const setCookies = ({ headers }: Answer) => headers.getSetCookie();

/** Everything a client is told but the cookie itself. */
const told = ({ text, headers }: Answer) =>
  [text, ...[...headers].filter(([name]) => name !== 'set-cookie').map(([name, value]) => `${name}: ${value}`)].join(
    '\n',
  );

async function everyHandOut(options: Parameters<typeof createWorld>[0] = {}, more: object = {}) {
  const { client, pass } = await createWorld(options);
  const ada = client();
  const answers: Answer[] = [];
  answers.push(await ada.register('ada', 'correct horse', more));
  pass(minutes(1));
  answers.push(await ada.post('/api/auth/refresh'));
  answers.push(await ada.post('/api/auth/reauthenticate', { password: 'correct horse' }));
  answers.push(await ada.login('ada', 'correct horse', more));
  return { ada, answers };
}

describe('the cookie', () => {
  it('ASVS 3.3.1 3.3.2 3.3.3 3.3.4 RFC 6265bis NIST SP 800-63B-4 §5.1 has its prefix and its attributes, each time it is handed out', async () => {
    const { answers } = await everyHandOut();
    for (const answer of answers) {
      expect(setCookies(answer)).toEqual([
        expect.stringMatching(/^__Host-curfew=[\w-]+\.[\w-]+\.[\w-]+; Path=\/; HttpOnly; Secure; SameSite=Lax$/),
      ]);
    }
  });

  it('stays in the jar of a remembered session for the absolute limit and the restore window', async () => {
    const { answers } = await everyHandOut({}, { remember: true });
    const maxAge = (days(30) + days(1)) / 1000;
    for (const answer of answers)
      expect(setCookies(answer)[0]).toMatch(
        new RegExp(`^__Host-curfew=[\\w.-]+; Max-Age=${maxAge}; Path=/; HttpOnly; Secure; SameSite=Lax$`),
      );
  });

  it('NIST SP 800-63B-4 §5.1 is taken back with the same attributes at sign-out, and only then', async () => {
    const { client, pass } = await createWorld();
    const ada = client();
    await ada.register();
    pass(lapse);
    const refused = await ada.get('/api/auth/me');
    expect(refused.status).toBe(401);
    expect(setCookies(refused)).toEqual([]);
    expect(setCookies(await ada.post('/api/auth/logout'))).toEqual([
      '__Host-curfew=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax',
    ]);
  });

  it.each(['HS256', 'EdDSA'] as const)('ASVS 3.3.5 is far below 4096 bytes (%s)', async (algorithm) => {
    const { answers } = await everyHandOut({ algorithm }, { remember: true });
    for (const answer of answers) expect(Buffer.byteLength(setCookies(answer)[0] ?? '')).toBeLessThan(800);
  });

  it('holds no personal data', async () => {
    const { ada } = await everyHandOut();
    const claims = JSON.parse(Buffer.from(ada.token?.split('.')[1] ?? '', 'base64url').toString());
    expect(Object.keys(claims).toSorted()).toEqual(['aud', 'exp', 'gen', 'iat', 'iss', 'sid', 'sub']);
    expect(JSON.stringify(claims)).not.toMatch(/\bada\b/);
    expect(claims).toMatchObject({ sid: ada.id, sub: ada.user?.id });
  });

  it('ASVS 3.3.4 14.2.1 is nowhere else: no body and no other header ever holds a token in cookie mode', async () => {
    const tokens = new Set<string>();
    const texts: string[] = [];
    const { client, pass, lines } = await createWorld();
    const ada = client();
    const note = async (holder: Client, answer: Promise<Answer>) => {
      const settled = await answer;
      if (holder.token) tokens.add(holder.token);
      texts.push(told(settled));
    };
    await note(ada, ada.register());
    for (const path of ['me', 'session-info', 'sessions', 'vault-key', `sessions/${ada.id}/events`])
      await note(ada, ada.get(`/api/auth/${path}`));
    await note(ada, ada.post('/api/auth/refresh', { intent: 'extend' }));
    await note(ada, ada.twin().post('/api/auth/refresh'));
    await note(ada, ada.post('/api/auth/activity', { ageMs: 0 }));
    pass(lapse);
    await note(ada, ada.get('/api/auth/me'));
    await note(ada, ada.post('/api/auth/reauthenticate', { password: 'correct horse' }));
    await note(ada, ada.login());
    await note(ada, ada.post('/api/auth/logout'));
    expect(tokens.size).toBeGreaterThanOrEqual(4);
    const everything = [...texts, JSON.stringify(lines)].join('\n');
    for (const token of tokens) for (const part of token.split('.').slice(1)) expect(everything).not.toContain(part);
    expect(texts.join('\n')).not.toContain('"token"');
  });
});

describe('a token in bearer mode', () => {
  it('is in the body of exactly the answers that hand one out, and sets no cookie', async () => {
    const { client } = await createWorld();
    const ada = client('bearer');
    for (const answer of [
      await ada.register(),
      await ada.post('/api/auth/refresh'),
      await ada.post('/api/auth/reauthenticate', { password: 'correct horse' }),
      await ada.login(),
    ]) {
      expect(answer.body.token).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
      expect(setCookies(answer)).toEqual([]);
    }
    for (const path of ['me', 'session-info', 'sessions', `sessions/${ada.id}/events`])
      expect((await ada.get(`/api/auth/${path}`)).text).not.toContain(ada.token);
    const out = await ada.post('/api/auth/logout');
    expect(setCookies(out)).toEqual([]);
  });
});

describe('the cookie that is read at once', () => {
  it('is, where it can be a token, the one that is read with care', async () => {
    const mostly = (usual: string, ...others: readonly string[]) =>
      fc.oneof({ weight: 3, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...others) });
    const name = fc.constantFrom('__Host-curfew', 'theme', 'x__Host-curfew', '__Host-curfew2', '', '__Host-curfew ');
    const value = mostly('a.b.c', 'd.e.f', '"a.b.c"', ' a.b.c', 'a b', '', 'a=b', 'a%20b', '%');
    const pair = fc.tuple(name, mostly('=', ' = ', ''), value, mostly('; ', ';', ' ; ', ', ', ';;', ' '));
    const pairs = fc.array(pair, { maxLength: 4 });
    let read = 0;
    await fc.assert(
      fc.asyncProperty(pairs, async (all) => {
        const header = all.map((each) => each.join('')).join('');
        const app = new Hono().get('/', (c) => {
          const plain = plainCookieOf(c, '__Host-curfew');
          if (plain !== undefined && /^[\w.-]+$/.test(plain)) {
            read += 1;
            expect(cookieTokenOf(c, '__Host-curfew')).toBe(plain);
          }
          return c.text('');
        });
        expect((await app.request('/', { headers: { Cookie: header } })).status).toBe(200);
      }),
      { numRuns: 2_000 },
    );
    expect(read).toBeGreaterThan(20);
  });
});
