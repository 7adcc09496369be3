import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { minutes, seconds } from '../../../machines/index.ts';
import type { StoreAdapter } from '../../../server/store/adapter.ts';
import { postgres } from '../../../server/postgres/index.ts';
import { openDatabase, sqlite } from '../../../server/sqlite/index.ts';
import { freshDatabase } from '../../support/postgres/fresh.ts';
import { folder } from '../../support/server/folder.ts';
import { formPostWorld } from '../../support/server/formPost.ts';
import { kinds } from '../../support/server/verbs.ts';

const refused = { status: 400, body: { code: 'invalid_hand_over' } };
const proof = 'a signed assertion';

describe.each(kinds)('what a provider posts, on %s', (kind) => {
  test('is handed over to a GET of the same browser, which signs in: the address tells nothing of it', async () => {
    const world = await formPostWorld(kind);
    const ada = world.browser();
    const state = await ada.start();
    const posted = await ada.post({ state, user: 'ada', SAMLResponse: proof, empty: '' });
    expect([posted.status, posted.headers.getSetCookie()]).toEqual([303, []]);
    expect(posted.location).toMatch(/^\/finish\?from=id&hand_over=[\w-]{24}$/);
    expect(posted.headers.get('Cache-Control')).toBe('no-store');
    const done = await ada.follow(posted.location);
    expect(done.body).toMatchObject({
      session: { state: 'active' },
      kept: { nonce: 'a nonce' },
      form: { state, user: 'ada', SAMLResponse: proof, empty: '' },
    });
    expect(done.headers.get('Referrer-Policy')).toBe('no-referrer');
    expect(done.headers.get('Cache-Control')).toBe('no-store');
    expect((await ada.get('/api/hello')).body.user).toBe('ada');
    expect(await world.refusals()).toEqual([]);
  });

  test('is found by its RelayState, too, which has no more than 80 bytes', async () => {
    const world = await formPostWorld(kind);
    const ada = world.browser();
    const state = await ada.start();
    expect(Buffer.byteLength(state)).toBeLessThanOrEqual(80);
    const { location } = await ada.post({ RelayState: state, user: 'ada' });
    expect((await ada.follow(location)).status).toBe(200);
  });

  test('resumes a lapsed session, by a proof younger than the lapse', async () => {
    const world = await formPostWorld(kind);
    const ada = world.browser();
    const provedAt = () => String(world.now());
    const { id } = (await ada.signIn({ user: 'ada', provedAt: provedAt() })).body.session;
    const before = provedAt();
    world.pass(minutes(31));
    expect((await ada.get('/api/hello')).body.code).toBe('session_lapsed');
    expect((await ada.signIn({ user: 'ada', provedAt: before }, id)).body.code).toBe('stale_proof');
    expect((await ada.signIn({ user: 'eve', provedAt: provedAt() }, id)).body.code).toBe('session_mismatch');
    expect((await ada.signIn({ user: 'ada', provedAt: provedAt() }, id)).body.session).toMatchObject({
      id,
      state: 'active',
    });
  });

  test('ASVS 3.5.1, RFC 9700 4.7.1 signs nobody in whose browser has not begun it: an attacker’s own proof is none of the victim’s', async () => {
    const world = await formPostWorld(kind);
    const [eve, ada, nobody] = [world.browser(), world.browser(), world.browser()];
    await ada.start();
    for (const victim of [ada, nobody]) {
      const { location } = await victim.post({ state: await eve.start(), user: 'eve' });
      expect(await victim.follow(location)).toMatchObject(refused);
      expect((await victim.get('/api/hello')).status).toBe(401);
    }
    expect(await world.refusals()).toEqual(['hand_over_refused', 'hand_over_refused']);
    expect(JSON.stringify(world.lines)).toContain('has not begun in this browser');
    expect(await world.curfew.sessions({ user: 'eve' })).toEqual([]);
  });

  test('of another browser, is used up by that, and not the sign-in: it can be posted again', async () => {
    const world = await formPostWorld(kind);
    const [ada, thief] = [world.browser(), world.browser()];
    await thief.start();
    const form = { state: await ada.start(), user: 'ada' };
    const { location } = await ada.post(form);
    expect(await thief.follow(location)).toMatchObject(refused);
    expect(await ada.follow(location)).toMatchObject(refused);
    expect((await ada.follow((await ada.post(form)).location)).status).toBe(200);
  });

  test('can be taken for 60 s, to the millisecond', async () => {
    const world = await formPostWorld(kind);
    const ada = world.browser();
    const first = await ada.post({ state: await ada.start(), user: 'ada' });
    world.pass(seconds(60));
    expect(await ada.follow(first.location)).toMatchObject(refused);
    const second = await ada.post({ state: await ada.start(), user: 'ada' });
    world.pass(seconds(60) - 1);
    expect((await ada.follow(second.location)).status).toBe(200);
  });

  test('comes within ten minutes of the beginning, or is refused, with nothing kept', async () => {
    const world = await formPostWorld(kind);
    const ada = world.browser();
    const state = await ada.start();
    world.pass(minutes(10) - 1);
    const inTime = await ada.post({ state, user: 'ada' });
    world.pass(1);
    expect(await ada.post({ state, user: 'ada' })).toMatchObject(refused);
    expect(await ada.follow(inTime.location)).toMatchObject(refused);
  });

  test('RFC 9700 4.7.1 counts once: neither its code nor its form signs in again', async () => {
    const world = await formPostWorld(kind);
    const ada = world.browser();
    const form = { state: await ada.start(), user: 'ada' };
    const { location } = await ada.post(form);
    const { location: twin } = await ada.post(form);
    expect((await ada.follow(location)).status).toBe(200);
    expect(await ada.follow(location)).toMatchObject(refused);
    expect(await ada.follow(twin)).toMatchObject(refused);
    expect(await ada.post(form)).toMatchObject(refused);
  });

  test('of two that come at once one wins, with one code and with two', async () => {
    const world = await formPostWorld(kind);
    const ada = world.browser();
    const statuses = async (locations: readonly string[]) =>
      (await Promise.all(locations.map((each) => ada.follow(each))))
        .map(({ status }) => status)
        .toSorted((a, b) => a - b);
    const { location } = await ada.post({ state: await ada.start(), user: 'ada' });
    expect(await statuses([location, location])).toEqual([200, 400]);
    const form = { state: await ada.start(), user: 'ada' };
    const codes = [(await ada.post(form)).location, (await ada.post(form)).location];
    expect(await statuses(codes)).toEqual([200, 400]);
  });

  test('goes by the tab: two sign-ins of one browser disturb each other in nothing', async () => {
    const world = await formPostWorld(kind);
    const ada = world.browser();
    const [one, two] = [await ada.start('s-1'), await ada.start('s-2')];
    expect(one).not.toBe(two);
    const taken = [];
    for (const state of [two, one]) taken.push(await ada.follow((await ada.post({ state, user: 'ada' })).location));
    expect(taken.map(({ body }) => body.code)).toEqual(['session_ended', 'session_ended']);
  });

  const wrong: [string, (state: string) => Record<string, string> | string][] = [
    ['names no sign-in', () => ({ user: 'ada' })],
    ['names one that has never begun', () => ({ state: 'nonsense', user: 'ada' })],
    ['names nothing', () => ({ state: '', user: 'ada' })],
    ['names one with another tag', (state) => ({ state: `${state.slice(0, -4)}AAAA`, user: 'ada' })],
    ['names one with no tag', (state) => ({ state: state.split('.')[0] ?? '', user: 'ada' })],
    ['names one at great length', (state) => ({ state: state.repeat(1_000), user: 'ada' })],
    ['has its state twice', (state) => `state=${state}&state=${state}&user=ada`],
    ['has another field twice', (state) => `state=${state}&user=ada&user=eve`],
    ['is empty', () => ''],
  ];
  test.each(wrong)('is refused and recorded where it %s', async (_, form) => {
    const world = await formPostWorld(kind);
    const ada = world.browser();
    expect(await ada.post(form(await ada.start()))).toMatchObject(refused);
    expect(await world.refusals()).toEqual(['hand_over_refused']);
  });

  test('is refused where it is no form, and where it is too large', async () => {
    const world = await formPostWorld(kind);
    const ada = world.browser();
    const state = await ada.start();
    const json = { 'Content-Type': 'application/json' };
    const body = JSON.stringify({ state });
    expect(await ada.send('POST', '/acs', { headers: json, body })).toMatchObject(refused);
    expect(await ada.send('POST', '/acs')).toMatchObject(refused);
    const text = { headers: { 'Content-Type': 'text/plain' }, body: `state=${state}&user=ada` };
    expect(await ada.send('POST', '/acs', text)).toMatchObject(refused);
    const most = 256 * 1024 - `state=${state}&x=`.length;
    expect((await ada.post({ state, x: 'x'.repeat(most + 1) })).body).toMatchObject({ code: 'too_large', status: 413 });
    expect((await ada.post({ state, x: 'x'.repeat(most) })).status).toBe(303);
  });

  const codes = ['', 'nonsense', 'x'.repeat(10_000), '%00', '%F0%9F%95%AF', "' or 1=1 --"];
  test.each(codes)('is reached by no other code (%#)', async (code) => {
    const world = await formPostWorld(kind);
    const ada = world.browser();
    await ada.post({ state: await ada.start(), user: 'ada' });
    expect(await ada.get(`/finish?hand_over=${code}`)).toMatchObject(refused);
    expect(await world.refusals()).toEqual(['hand_over_refused']);
  });
});

const places: [string, () => Promise<() => StoreAdapter>][] = [
  [
    'sqlite',
    async () => {
      const file = join(folder(), 'curfew.db');
      return () => sqlite(file);
    },
  ],
  [
    'postgres',
    async () => {
      const address = await freshDatabase();
      return () => postgres(address);
    },
  ],
];

describe.each(places)('several nodes on one database of %s', (kind, place) => {
  const [secret, another] = ['a secret of at least thirty-two bytes', 'another secret of thirty-two bytes and more'];
  const nodesWith = async (...options: { secret: string; previousSecrets?: string[] }[]) => {
    const store = await place();
    return Promise.all(
      options.map((each) => formPostWorld(kind === 'sqlite' ? 'sqlite' : 'postgres', { ...each, store: store() })),
    );
  };

  test('a sign-in begins on one, is posted to the next, and ends on a third', async () => {
    const [one, two, three] = await nodesWith({ secret }, { secret }, { secret });
    const ada = one?.browser();
    const state = await ada?.start();
    const posted = await two?.browser().post({ state: state ?? '', user: 'ada' });
    const done = await three?.browser(ada?.jar).follow(posted?.location ?? '');
    expect(done?.body.session.state).toBe('active');
  });

  test('another application’s node with another secret takes nothing of it over', async () => {
    const [own, other] = await nodesWith({ secret }, { secret: another });
    const ada = own?.browser();
    const form = { state: (await ada?.start()) ?? '', user: 'ada' };
    const [here, there] = [await own?.browser().post(form), await other?.browser().post(form)];
    expect(await other?.browser(ada?.jar).follow(here?.location ?? '')).toMatchObject(refused);
    expect(await ada?.follow(there?.location ?? '')).toMatchObject(refused);
    expect(await other?.refusals()).toEqual(['hand_over_refused', 'hand_over_refused']);
  });

  test('a change of the secret meanwhile refuses nobody', async () => {
    const [before, after] = await nodesWith({ secret }, { secret: another, previousSecrets: [secret] });
    const ada = before?.browser();
    const { location = '' } = (await ada?.post({ state: (await ada.start()) ?? '', user: 'ada' })) ?? {};
    expect((await after?.browser(ada?.jar).follow(location))?.body.session.state).toBe('active');
  });
});

test('ASVS 14.2.6 what waits in the database is readable by nobody without the code, and neither is there', async () => {
  const database = openDatabase(':memory:');
  const world = await formPostWorld('sqlite', { store: sqlite(database) });
  const ada = world.browser();
  const state = await ada.start('a session');
  const { location } = await ada.post({ state, user: 'ada', SAMLResponse: proof });
  const rows = database.prepare('select * from single_use').all();
  expect(rows).toHaveLength(2);
  const [code = ''] = /[\w-]{24}$/.exec(location) ?? [];
  for (const text of [proof, btoa(proof), 'a session', state, code, ...ada.jar.values()])
    expect(JSON.stringify(rows)).not.toContain(text);
  await ada.follow(location);
  expect(database.prepare('select * from single_use').all()).toEqual([]);
});
