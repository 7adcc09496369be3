import fc from 'fast-check';
import { Hono } from 'hono';
import { parseItem, Token, type Item } from 'structured-headers';
import { describe, expect, it } from 'vitest';
import { hours, minutes, type Duration } from '../../../machines/index.ts';
import { readActivity } from '../../../server/http/activity.ts';
import { createWorld, modes, type Client } from '../../support/server/world.ts';

const password = 'correct horse';

/** The header as another implementation reads it. */
function statusOf(header: string | null) {
  const [value, parameters] = parseItem(header ?? '');
  if (!(value instanceof Token)) throw new Error(`${header} is no token`);
  const named = Object.fromEntries(
    [...parameters].map(([name, each]) => [name, each instanceof Token ? each.toString() : each]),
  );
  return { state: value.toString(), ...named };
}

describe.each(modes)('Session-Status, %s mode', (mode) => {
  const states: readonly [what: string, after: Duration, deed: (ada: Client) => Promise<unknown>, status: object][] = [
    ['fresh', 0, () => Promise.resolve(), { state: 'active', 'expires-in': 1800, version: 1 }],
    ['about to end', minutes(26), () => Promise.resolve(), { state: 'expiring', 'expires-in': 240, reason: 'idle' }],
    ['timed out', minutes(31), () => Promise.resolve(), { state: 'lapsed', reason: 'idle' }],
    ['signed out', 0, (ada) => ada.twin().post('/api/auth/logout'), { state: 'ended', reason: 'signed_out' }],
    ['long gone', hours(30), () => Promise.resolve(), { state: 'ended', reason: 'expired' }],
  ];

  it.each(states)(
    'RFC 9651 is read by any parser, and says how a session is that is %s',
    async (_, after, deed, status) => {
      const { client, pass } = await createWorld();
      const ada = client(mode);
      await ada.register('ada', password);
      await deed(ada);
      pass(after);
      for (const path of ['/api/auth/session-info', '/api/drafts'])
        expect(statusOf((await ada.get(path)).headers.get('Session-Status')), path).toMatchObject(status);
    },
  );
});

describe('Session-Activity', () => {
  const app = new Hono().get('/', (c) => c.json(readActivity(c, false)));
  const heard = async (header: string) => (await app.request('/', { headers: { 'Session-Activity': header } })).json();

  const parsed = (header: string): Item | null => {
    try {
      return parseItem(header);
    } catch {
      return null;
    }
  };

  it.each([
    ['user', { by: 'user', age: 0 }],
    ['user;age=250', { by: 'user', age: 250 }],
    ['user; age=250', { by: 'user', age: 250 }],
    ['background', { by: 'background' }],
  ])('RFC 9651 is heard as it is meant: %s', async (header, declaration) => {
    expect(await heard(header)).toEqual(declaration);
  });

  it('RFC 9651 is of a person only when any parser reads a person of that age', async () => {
    const pieces = [
      'user',
      'background',
      ';',
      '; ',
      ' ',
      'age',
      '=',
      '=5',
      'age=60000',
      '-5',
      '1.5',
      '0',
      '"user"',
      '?1',
      '9'.repeat(15),
      ',',
    ];
    let people = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 5 }), async (chosen) => {
        const header = chosen.join('');
        const declaration = await heard(header);
        if (declaration.by === 'background') return;
        people += 1;
        const [value, parameters] = parsed(header) ?? [];
        expect(value, header).toEqual(new Token('user'));
        expect(parameters?.get('age') ?? 0, header).toBe(declaration.age);
      }),
      { numRuns: 3000 },
    );
    expect(people).toBeGreaterThan(5);
  });
});

describe('a request without Session-Activity', () => {
  const listed = 'https://app.example';
  const isListed = (origin: string) => origin === listed;
  const app = new Hono()
    .get('/all', (c) => c.json(readActivity(c, true, { isListed })))
    .get('/navigations', (c) => c.json(readActivity(c, false, { navigations: true, isListed })))
    .get('/none', (c) => c.json(readActivity(c, false, { isListed })));
  const by = async (path: string, headers: Record<string, string>) =>
    (await (await app.request(path, { headers })).json()).by;
  const elsewhere = { 'Sec-Fetch-Site': 'cross-site', Origin: listed };
  const link = { 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-User': '?1' };

  it('counts from a listed origin as from its own, whatever the browser calls the site, and from no other', async () => {
    expect(await by('/all', elsewhere)).toBe('user');
    expect(await by('/all', { ...elsewhere, 'Sec-Fetch-Site': 'same-site' })).toBe('user');
    expect(await by('/navigations', { ...elsewhere, ...link })).toBe('user');
    for (const origin of ['https://app.example.net', 'http://app.example', 'null', ''])
      expect(await by('/all', { ...elsewhere, Origin: origin })).toBe('background');
    expect(await by('/all', { 'Sec-Fetch-Site': 'cross-site' })).toBe('background');
  });

  it('counts from a listed origin only when it would from its own', async () => {
    expect(await by('/none', elsewhere)).toBe('background');
    expect(await by('/navigations', elsewhere)).toBe('background');
    expect(await by('/all', { ...elsewhere, 'Sec-Purpose': 'prefetch' })).toBe('background');
  });
});
