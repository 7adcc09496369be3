import { describe, expect, it } from 'vitest';
import { hours, minutes, type Policy } from '../../../machines/index.ts';
import { createWorld, t0, type Client, type World } from '../../support/server/world.ts';

/** What browsers send with a request that a script of the same page makes. */
const byScript = { 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Mode': 'cors', 'Sec-Fetch-Dest': 'empty' };
/** What they send when the user follows a link of the same origin. */
const byLink = {
  'Sec-Fetch-Site': 'same-origin',
  'Sec-Fetch-Mode': 'navigate',
  'Sec-Fetch-Dest': 'document',
  'Sec-Fetch-User': '?1',
};

const typesOf = async ({ events }: World, { id }: Client) => (await events(id)).map(({ type }) => type);

/** How long after the beginning a person was there last, as far as the server knows, once a request has come after 5 min. */
async function seenAfter({ pass }: World, client: Client, headers: Record<string, string> = {}) {
  pass(minutes(5));
  await client.get('/api/drafts', headers);
  await client.get('/api/auth/session-info');
  return (client.session?.lastActivityAt ?? 0) - t0;
}

async function signedIn(options: Parameters<typeof createWorld>[0] = {}) {
  const world = await createWorld(options);
  const ada = world.client();
  await ada.register();
  return { world, ada };
}

/** A client that never refreshes its token has one that lasts as long as the session. */
const lasting = { tokenLifetime: hours(12) };
const logs = ['memory', 'sqlite', 'postgres'] as const;

describe.each(logs)('a request that says nothing, under the default policy, on a log in %s', (log) => {
  it('NIST SP 800-63B-4 §5.1.2 counts as a person until a client was heard, and then only what is declared does', async () => {
    const { world, ada } = await signedIn({ log });
    expect(ada.session?.policy.undeclaredActivity).toBe('until-declared');
    expect(await seenAfter(world, ada)).toBe(minutes(5));
    expect(await seenAfter(world, ada, { 'Session-Activity': 'background' })).toBe(minutes(5));
    expect(await seenAfter(world, ada, byScript)).toBe(minutes(5));
    expect(await seenAfter(world, ada, { 'Session-Activity': 'user' })).toBe(minutes(20));
    expect(await seenAfter(world, ada)).toBe(minutes(20));
    expect(await typesOf(world, ada)).toEqual(['session.started', 'activity.seen', 'client.heard', 'activity.seen']);
  });

  it('of a page that polls with plain `fetch` for 13 h, nobody there, lets the session time out half an hour after its user was there', async () => {
    const { world, ada } = await signedIn({ log, policy: lasting });
    world.pass(minutes(1));
    await ada.get('/api/settings', { 'Session-Activity': 'user', ...byScript });
    const statuses = new Map<number, number>();
    for (let polled = 0; polled < hours(13); polled += minutes(5)) {
      world.pass(minutes(5));
      const { status } = await ada.get('/api/settings', byScript);
      if (!statuses.has(status)) statuses.set(status, world.now() - t0);
    }
    expect(Object.fromEntries(statuses)).toEqual({ 200: minutes(6), 401: minutes(31) });
    const lapse = (await world.events(ada.id)).find(({ to }) => to === 'lapsed.idle');
    expect(lapse?.at).toBe(t0 + minutes(31));
  });

  it('of a plain client, which never declares, keeps the session alive to the absolute limit, as it always has', async () => {
    const { world, ada } = await signedIn({ log, policy: lasting });
    while (world.now() < t0 + hours(12) - minutes(5)) {
      world.pass(minutes(5));
      expect((await ada.get('/api/settings', byScript)).status).toBe(200);
    }
    world.pass(minutes(5));
    expect((await ada.get('/api/settings', byScript)).body).toMatchObject({ reason: 'absolute' });
    expect(await typesOf(world, ada)).not.toContain('client.heard');
  });
});

describe('a Curfew client that speaks for a session', () => {
  it.each<[string, (ada: Client) => Promise<unknown>]>([
    ['activity', (ada) => ada.get('/api/settings', { 'Session-Activity': 'user' })],
    ['that nobody was there', (ada) => ada.get('/api/settings', { 'Session-Activity': 'background' })],
    ['what no server reads', (ada) => ada.get('/api/settings', { 'Session-Activity': 'robot' })],
    ['anything on a route that counts for nothing', (ada) => ada.get('/api/auth/me', { 'Session-Activity': 'user' })],
    ['a report of activity', (ada) => ada.post('/api/auth/activity', { ageMs: 0 })],
    ['a refresh', (ada) => ada.post('/api/auth/refresh', { intent: 'rotate' }, { 'Session-Activity': 'background' })],
    ['a lease', (ada) => ada.call('PUT', '/api/auth/leases/call', { ms: 1000 }, { 'Session-Activity': 'background' })],
  ])('is heard once, in the append of whatever else it says: %s', async (_, says) => {
    const { world, ada } = await signedIn();
    world.pass(minutes(2));
    const before = world.changes();
    await says(ada);
    const written = world.changes() - before;
    const heard = await typesOf(world, ada);
    expect(heard.filter((type) => type === 'client.heard')).toHaveLength(1);
    await says(ada);
    world.pass(minutes(2));
    await says(ada);
    expect((await typesOf(world, ada)).filter((type) => type === 'client.heard')).toHaveLength(1);
    // The rows of a single append: the session's, and one an entry.
    expect(written).toBe(heard.length);
  });

  it.each<[string, (ada: Client) => Promise<{ readonly status: number }>, number]>([
    ['that is not understood', (ada) => ada.call('PUT', '/api/settings', [], { 'Session-Activity': 'user' }), 422],
    ['to no such route', (ada) => ada.get('/api/nothing', { 'Session-Activity': 'user' }), 404],
    ['for another session', (ada) => ada.get('/api/settings', { 'Session-Activity': 'user', 'Session-Id': 'x' }), 409],
  ])('is not heard by a request %s', async (_, says, status) => {
    const { world, ada } = await signedIn();
    expect((await says(ada)).status).toBe(status);
    expect(await typesOf(world, ada)).toEqual(['session.started']);
  });

  it('is not heard by what says nothing itself: a warning, a lease or a refresh of another kind of client', async () => {
    const { world, ada } = await signedIn();
    await ada.call('PUT', '/api/auth/leases/call', { ms: 1000 });
    await ada.post('/api/auth/refresh', { intent: 'rotate' });
    expect(await typesOf(world, ada)).not.toContain('client.heard');
  });

  it.each(['register', 'login'] as const)('is heard with the sign-in that it sends: %s', async (name) => {
    const { world, ada } = await signedIn();
    const twin = ada.twin();
    const user = name === 'login' ? 'ada' : 'grace';
    const sent = await twin[name](user, 'correct horse', {}, { 'Session-Activity': 'user' });
    expect(sent.body.session.version).toBe(1);
    const events = await world.events(sent.body.session.id);
    expect(events.map(({ type, data }) => [type, data['heard']])).toEqual([['session.started', true]]);
    expect((await world.events(ada.id))[0]?.data).not.toHaveProperty('heard');
  });

  it('is heard with the sign-in that it sends to a session that is there', async () => {
    const { world, ada } = await signedIn();
    world.pass(hours(1));
    const proof = { password: 'correct horse' };
    await ada.post('/api/auth/reauthenticate', proof, { 'Session-Activity': 'user' });
    const events = await world.events(ada.id);
    expect(events.at(-1)).toMatchObject({ type: 'user.reauthenticated', data: { heard: true } });
    const { lastActivityAt } = ada.session ?? { lastActivityAt: 0 };
    expect(await seenAfter(world, ada, byScript)).toBe(lastActivityAt - t0);
  });

  it('stays heard when the person proves again who they are', async () => {
    const { world, ada } = await signedIn();
    await ada.get('/api/settings', { 'Session-Activity': 'background' });
    world.pass(hours(1));
    expect((await ada.post('/api/auth/reauthenticate', { password: 'correct horse' })).status).toBe(200);
    const { lastActivityAt } = ada.session ?? { lastActivityAt: 0 };
    expect(await seenAfter(world, ada, byScript)).toBe(lastActivityAt - t0);
    expect((await typesOf(world, ada)).filter((type) => type === 'client.heard')).toHaveLength(1);
  });
});

describe('a listed origin', () => {
  const app = 'https://app.example';
  const elsewhere = { Origin: app, 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'cors' };

  it('counts like the same one: until a client was heard, and no other does', async () => {
    const world = await createWorld({ origins: [app] });
    const ada = world.client('bearer');
    await ada.register();
    expect(await seenAfter(world, ada, elsewhere)).toBe(minutes(5));
    expect(await seenAfter(world, ada, { ...elsewhere, Origin: 'https://other.example' })).toBe(minutes(5));
    expect(await seenAfter(world, ada, { ...elsewhere, 'Session-Activity': 'user' })).toBe(minutes(15));
    expect(await seenAfter(world, ada, elsewhere)).toBe(minutes(15));
  });
});

describe('once a client was heard, a page that is loaded', () => {
  async function seenBy(headers: Record<string, string>, policy: Partial<Policy> = {}) {
    const { world, ada } = await signedIn({ policy });
    await ada.get('/api/settings', { 'Session-Activity': 'background' });
    return seenAfter(world, ada, headers);
  }

  it('counts when the user followed a link of the same origin', async () => {
    expect(await seenBy(byLink)).toBe(minutes(5));
  });

  it.each<[string, Record<string, string>]>([
    ['by itself', { ...byLink, 'Sec-Fetch-User': '?0' }],
    ['without a word of the user', { 'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Mode': 'navigate' }],
    ['ahead of its time', { ...byLink, 'Sec-Purpose': 'prefetch;prerender' }],
    ['from another site', { ...byLink, 'Sec-Fetch-Site': 'cross-site' }],
    ['from another origin of the site', { ...byLink, 'Sec-Fetch-Site': 'same-site' }],
    ['by a script that says so of itself', { ...byScript, 'Sec-Fetch-User': '?1' }],
    ['with a client’s word that nobody was there', { ...byLink, 'Session-Activity': 'background' }],
  ])('does not when it was loaded %s', async (_, headers) => {
    expect(await seenBy(headers)).toBe(0);
  });

  it('never does where nothing counts that is not declared, as in all strict presets', async () => {
    expect(await seenBy(byLink, { undeclaredActivity: 'background' })).toBe(0);
    for (const preset of ['owasp-high', 'nist-aal2', 'nist-aal3', 'pci'] as const) {
      const { world, ada } = await signedIn({ preset });
      world.pass(minutes(2));
      await ada.get('/api/drafts', byLink);
      await ada.get('/api/auth/session-info');
      expect([preset, (ada.session?.lastActivityAt ?? 0) - t0]).toEqual([preset, 0]);
    }
  });
});
