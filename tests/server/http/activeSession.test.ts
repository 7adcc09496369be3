import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { hours, minutes } from '../../../machines/index.ts';
import type { ActiveSession } from '../../../server/index.ts';
import { createHandlers } from '../../../server/handlers.ts';
import { heldBody } from '../../support/server/heldBody.ts';
import { listeningTo } from '../../support/server/listener.ts';
import { ownApplication } from '../../support/server/ownApplication.ts';
import { Client, lapse, type WorldOptions } from '../../support/server/world.ts';

const stores = ['sqlite', 'memory', 'postgres'] as const;

/** An application that hands out the session of each request, and takes an upload as the recipes do. */
async function begin(options: WorldOptions = {}) {
  const sessions: ActiveSession[] = [];
  const stored: string[] = [];
  const { world, signedIn, app } = await ownApplication((own, { protect, routes }) => {
    own.use('/api/*', protect()).route('/', routes);
    own.get('/api/report', (c) => {
      sessions.push(c.var.session);
      const { id, user: of, name, role, method, view } = c.var.session;
      return c.json({ id, of, name, role, method, state: view.state });
    });
    own.post('/api/upload', async (c) => {
      const body = await c.req.text();
      const refused = await c.var.session.check();
      if (refused) return refused;
      stored.push(body);
      return c.body(null, 201);
    });
  }, options);
  /** Asks once, and keeps what the route was told. */
  const told = async (client: Client): Promise<ActiveSession> => {
    await client.get('/api/report', { 'Session-Activity': 'background' });
    return sessions.at(-1)!;
  };
  return { world, app, signedIn, stored, told };
}

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve());
  });

describe('c.var.session', () => {
  it('says whose session it is, by which name and role, and how they proved it', async () => {
    const { world, signedIn } = await begin();
    const ada = await signedIn();
    const { body } = await ada.get('/api/report');
    expect(body).toEqual({
      id: ada.id,
      of: ada.user?.id,
      name: 'ada',
      role: null,
      method: ['pwd'],
      state: 'active',
    });
    await world.users.setRole(ada.user?.id ?? '', 'administrator');
    expect((await ada.get('/api/report')).body.role).toBe('administrator');
  });
});

describe.each(stores)('an own upload route (%s)', (log) => {
  it('ASVS 7.4.1 stores nothing when the sign-out was answered while the body still came: check() refuses', async () => {
    const { world, app, signedIn, stored } = await begin({ log });
    const ada = await signedIn();
    const upload = heldBody(app, ada, 'POST', '/api/upload', { letter: 'Dear Bob' });
    await upload.waiting;
    expect((await ada.twin().post('/api/auth/logout')).status).toBe(204);
    expect(await upload.arrive()).toMatchObject({
      status: 401,
      session: expect.stringMatching(/^ended; reason=signed_out/),
      body: { code: 'session_ended', reason: 'signed_out' },
    });
    expect(stored).toEqual([]);

    await ada.login();
    const late = heldBody(app, ada, 'POST', '/api/upload', { letter: 'Dear Cleo' });
    await late.waiting;
    world.pass(lapse);
    expect(await late.arrive()).toMatchObject({ status: 401, body: { code: 'session_lapsed' } });
    expect(stored).toEqual([]);

    await ada.login();
    expect((await ada.post('/api/upload', { letter: 'Dear Dora' })).status).toBe(201);
    expect(stored).toHaveLength(1);
  });
});

describe.each(stores)('session.signal (%s)', (log) => {
  it('aborts when the session is signed out elsewhere, and only that of this session', async () => {
    const { signedIn, told } = await begin({ log });
    const [ada, other] = [await signedIn(), await signedIn()];
    const [mine, theirs] = [(await told(ada)).signal, (await told(other)).signal];
    await ada.post('/api/auth/logout');
    await aborted(mine);
    expect(mine.reason).toMatchObject({ name: 'AbortError', message: 'The session has lapsed or ended.' });
    expect(theirs.aborted).toBe(false);
  });

  it('aborts at the deadline, whoever notices, and not before: activity moves it', async () => {
    const { world, signedIn, told } = await begin({ log, policy: { tokenLifetime: hours(1) } });
    const ada = await signedIn();
    const { signal } = await told(ada);
    world.pass(minutes(20));
    await ada.get('/api/report', { 'Session-Activity': 'user' });
    world.pass(minutes(20));
    expect((await ada.get('/api/report', { 'Session-Activity': 'background' })).status).toBe(200);
    expect(signal.aborted).toBe(false);
    world.pass(minutes(10));
    await aborted(signal);
    expect((await world.events(ada.id)).at(-1)).toMatchObject({ to: 'lapsed.idle' });
  });

  it('is another one after the session was resumed', async () => {
    const { world, signedIn, told } = await begin({ log });
    const ada = await signedIn();
    const { signal } = await told(ada);
    world.pass(lapse);
    await aborted(signal);
    await ada.post('/api/auth/reauthenticate', { password: 'correct horse' });
    expect((await told(ada)).signal.aborted).toBe(false);
  });
});

describe('one subscription', () => {
  it('serves all signals, is made when one is asked for, and is gone with the last session', async () => {
    const { world, signedIn, told } = await begin();
    const [ada, other] = [await signedIn(), await signedIn()];
    const listening = listeningTo(world);
    const sessions = [await told(ada), await told(ada), await told(other)];
    expect(listening()).toBe(0);
    const signals = sessions.map(({ signal }) => signal);
    expect(listening()).toBe(1);
    await ada.post('/api/auth/logout');
    await other.post('/api/auth/logout');
    await Promise.all(signals.map(aborted));
    expect(listening()).toBe(0);
  });

  it('is gone, and every signal has aborted, when the server stops', async () => {
    const stopping = new AbortController();
    const { world, signedIn } = await begin();
    const ada = await signedIn();
    const { protect } = createHandlers({ ...world.parts, stopping: stopping.signal });
    const app = new Hono<{ Variables: { session: ActiveSession } }>();
    const signals: AbortSignal[] = [];
    app.get('/own', protect(), (c) => {
      signals.push(c.var.session.signal);
      return c.text('mine');
    });
    const client = new Client(app, 'cookie');
    client.token = ada.token;
    await client.get('/own');
    stopping.abort();
    await client.get('/own');
    expect(signals.map(({ aborted: isAborted }) => isAborted)).toEqual([true, true]);
  });
});

describe('a session that ends on another node', () => {
  it('aborts its signals here', async () => {
    const { world, signedIn, told } = await begin({ log: 'postgres' });
    const elsewhere = await world.anotherNode();
    const ada = await signedIn();
    const { signal } = await told(ada);
    const twin = elsewhere.client();
    twin.token = ada.token;
    expect((await twin.post('/api/auth/logout')).status).toBe(204);
    await aborted(signal);
  });
});
