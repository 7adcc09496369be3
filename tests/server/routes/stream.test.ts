import { describe, expect, it } from 'vitest';
import { hours, minutes, seconds } from '../../../machines/index.ts';
import { StoreUnavailable } from '../../../server/store/unavailable.ts';
import { listen, listeningTo } from '../../support/server/listener.ts';
import { createWorld, lapse, modes, t0 } from '../../support/server/world.ts';

describe.each(modes)('the stream of a session, %s mode', (mode) => {
  const begin = async (options: Parameters<typeof createWorld>[0] = {}) => {
    const world = await createWorld(options);
    const ada = world.client(mode);
    await ada.register();
    return { ...world, ada };
  };

  it('is resumed with Last-Event-ID: whatever was missed is in the view that comes at once', async () => {
    const { ada, ...world } = await begin();
    const before = await listen(world, ada);
    const last = (await before.next())?.id ?? '';
    await before.hangUp();
    world.pass(minutes(26));
    const after = await listen(world, ada, { 'Last-Event-ID': last });
    expect(await after.next()).toMatchObject({
      event: 'session',
      id: String(Number(last) + 1),
      view: { state: 'expiring' },
    });
    await after.hangUp();
  });

  it('ASVS 14.3.2 is an event stream that nobody keeps, and tells the view at once', async () => {
    const world = await begin();
    const listener = await listen(world, world.ada);
    const { headers } = listener.response;
    expect(headers.get('Content-Type')).toMatch(/^text\/event-stream/);
    expect(headers.get('Cache-Control')).toBe('no-store');
    expect(headers.get('Session-Status')).toBe('active; expires-in=1800; version=1');
    expect(await listener.next()).toEqual({ event: 'session', id: '1', view: world.ada.session });
    await listener.hangUp();
  });

  it('tells every change, whoever made it', async () => {
    const world = await begin();
    const { ada, pass } = world;
    const listener = await listen(world, ada);
    await listener.view();
    pass(minutes(2));
    await ada.get('/api/settings', { 'Session-Activity': 'user' });
    // With the first declaration the log also says that a client was heard.
    expect(await listener.view()).toMatchObject({ version: 3, lastActivityAt: t0 + minutes(2) });
    await ada.post('/api/auth/refresh');
    expect(await listener.view()).toMatchObject({ version: 4, tokenExpiresAt: t0 + minutes(32) });
    await listener.hangUp();
  });

  it('tells the warning and the lapse at their instants by the clock alone, and closes', async () => {
    const world = await begin({ policy: { tokenLifetime: hours(12) } });
    const listener = await listen(world, world.ada);
    await listener.view();
    world.pass(minutes(25) - 1);
    expect(await listener.next()).toEqual({ event: null, id: null, view: null });
    world.pass(1);
    expect(await listener.view()).toMatchObject({ state: 'expiring', reason: 'idle', serverNow: t0 + minutes(25) });
    world.pass(minutes(5));
    expect(await listener.view()).toMatchObject({ state: 'lapsed', reason: 'idle', serverNow: t0 + minutes(30) });
    expect(await listener.next()).toBeNull();
    expect((await world.events(world.ada.id)).map(({ type, at }) => [type, at - t0])).toEqual([
      ['session.started', 0],
      ['clock.reached', minutes(25)],
      ['clock.reached', minutes(30)],
    ]);
  });

  it('Promise 3, NIST SP 800-63B-4 §5.1.2: keeps nothing alive, though it is read to the end', async () => {
    const world = await begin({ policy: { tokenLifetime: hours(12) } });
    const listener = await listen(world, world.ada);
    const before = world.changes();
    for (let beat = 0; beat < 40; beat++) {
      await listener.next();
      world.pass(seconds(25));
    }
    expect(world.changes()).toBe(before);
    expect((await world.ada.get('/api/auth/session-info')).body.session).toMatchObject({
      lastActivityAt: t0,
      idleDeadline: t0 + minutes(30),
    });
    await listener.hangUp();
  });

  it('ASVS 7.4.1 tells the end with its reason and closes', async () => {
    const world = await begin();
    const listener = await listen(world, world.ada);
    await listener.view();
    await world.ada.twin().post('/api/auth/logout');
    expect(await listener.view()).toMatchObject({ state: 'ended', reason: 'signed_out' });
    expect(await listener.next()).toBeNull();
  });

  it('ASVS 7.2.4 closes at a re-authentication, for its token is void', async () => {
    const world = await begin();
    const listener = await listen(world, world.ada);
    await listener.view();
    await world.ada.post('/api/auth/reauthenticate', { password: 'correct horse' });
    expect(await listener.view()).toMatchObject({ state: 'active', version: 2 });
    expect(await listener.next()).toBeNull();
    const next = await listen(world, world.ada);
    expect(await next.view()).toMatchObject({ version: 2 });
    await next.hangUp();
  });

  it('ASVS 9.2.1 closes when its token expires, and the session lives on', async () => {
    const world = await begin({ policy: { tokenLifetime: minutes(2) } });
    const listener = await listen(world, world.ada);
    await listener.view();
    world.pass(minutes(2));
    expect(await listener.view()).toBeNull();
    expect((await world.ada.get('/api/auth/session-info')).body.session.state).toBe('active');
    const refused = await world.ada.get('/api/auth/stream');
    expect(refused.body).toMatchObject({ code: 'token_expired' });
  });

  it('is refused to a dead session, with the reason, and to nobody at all', async () => {
    const world = await begin();
    world.pass(lapse);
    expect((await world.ada.get('/api/auth/stream')).body).toMatchObject({ code: 'session_lapsed', reason: 'idle' });
    expect((await world.client(mode).get('/api/auth/stream')).body).toMatchObject({ code: 'unauthenticated' });
  });

  it('tells nothing of anybody else’s session', async () => {
    const world = await begin();
    const listener = await listen(world, world.ada);
    await listener.view();
    const bob = world.client('bearer');
    await bob.register('bob');
    await bob.post('/api/auth/logout');
    await world.ada.post('/api/auth/refresh');
    expect(await listener.next()).toMatchObject({ id: '2', view: { id: world.ada.id } });
    await listener.hangUp();
  });
});

describe('a stream and its server', () => {
  it('tells an ending to every tab that listens', async () => {
    const world = await createWorld();
    const ada = world.client();
    await ada.register();
    const listeners = await Promise.all(Array.from({ length: 5 }, () => listen(world, ada)));
    for (const listener of listeners) await listener.view();
    await ada.post('/api/auth/logout');
    for (const listener of listeners) {
      expect(await listener.view()).toMatchObject({ state: 'ended' });
      expect(await listener.next()).toBeNull();
    }
  });

  it('leaves nobody listening behind when somebody hangs up, asks for the head only, or is told the end', async () => {
    const world = await createWorld();
    const open = listeningTo(world);
    const ada = world.client();
    await ada.register();
    const [first, second] = [await listen(world, ada), await listen(world, ada)];
    await Promise.all([first.view(), second.view()]);
    expect((await ada.raw('HEAD', '/api/auth/stream')).status).toBe(200);
    expect(open()).toBe(2);
    await first.hangUp();
    await ada.post('/api/auth/refresh');
    expect(await second.view()).toMatchObject({ version: 2 });
    expect(open()).toBe(1);
    await ada.post('/api/auth/logout');
    expect(await second.view()).toMatchObject({ state: 'ended' });
    expect(await second.next()).toBeNull();
    expect(open()).toBe(0);
  });

  it('ASVS 16.5.1 16.5.2 closes when the store breaks, with one line in the log and no stack on the wire', async () => {
    const world = await createWorld();
    const ada = world.client();
    await ada.register();
    const listener = await listen(world, ada);
    await listener.view();
    const load = world.parts.log.load.bind(world.parts.log);
    world.parts.log.load = async () => {
      throw new StoreUnavailable('the database is unavailable: full');
    };
    world.pass(seconds(25));
    expect(await listener.next()).toBeNull();
    expect(world.lines.at(-1)).toMatchObject({ msg: 'failure', level: 'error', code: 'unavailable' });
    world.parts.log.load = load;
    const again = await listen(world, ada);
    expect(await again.view()).toMatchObject({ state: 'active' });
    await again.hangUp();
  });
});
