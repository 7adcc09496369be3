import { once } from 'node:events';
import { Hono, type Context } from 'hono';
import { describe, expect, it, onTestFinished } from 'vitest';
import { minutes, seconds } from '../../../machines/index.ts';
import type { SessionEnv } from '../../../server/index.ts';
import { createHandlers } from '../../../server/handlers.ts';
import { listen } from '../../../server/node/listen.ts';
import { StoreUnavailable } from '../../../server/store/unavailable.ts';
import { Client, createWorld, t0, type World } from '../../support/server/world.ts';

type Handler = (c: Context<SessionEnv>) => Response | Promise<Response>;

/** An application whose one route does what the test says, for a session that began at t0. */
async function begin(options: Parameters<typeof createWorld>[0] = {}) {
  const world = await createWorld(options);
  const { protect, routes } = createHandlers(world.parts);
  let handler: Handler = (c) => c.json({});
  const app = new Hono<SessionEnv>();
  app.onError((_, c) => c.json({ failed: true }, 500));
  app.use('/api/*', protect()).route('/', routes);
  app.get('/api/work', (c) => handler(c));
  const ada = new Client(app, 'cookie');
  await ada.register();
  const entries = async (type: string) => (await world.events(ada.id)).filter((entry) => entry.type === type);
  return {
    ...world,
    app,
    ada,
    activity: () => entries('activity.seen'),
    entries,
    handle: (next: Handler) => void (handler = next),
    work: (next: Handler) => {
      handler = next;
      return ada.get('/api/work');
    },
    background: () => ada.get('/api/auth/session-info'),
  };
}

/** Waits for the next commit. */
const committed = ({ parts }: Pick<World, 'parts'>) =>
  new Promise<void>((resolve) => {
    const stop = parts.log.subscribe(() => {
      stop();
      resolve();
    });
  });

const short = { idleTimeout: seconds(6), warnBefore: seconds(1), activityResolution: 0 };

describe.each(['sqlite', 'memory', 'postgres'] as const)('what a request says of the person, on a log in %s', (log) => {
  it.each([
    ['in one leap', [4_000]],
    ['second by second', [1_000, 1_000, 1_000, 1_000]],
  ])(
    'counts from when it came: a click at 4 s of an idle limit of 6 s lives until 10 s, though its answer takes 4 s, %s',
    async (_, steps) => {
      const { ada, pass, work, activity, background } = await begin({ policy: short, log });
      pass(seconds(4));
      const answer = await work(async (c) => {
        for (const step of steps) {
          pass(step);
          await new Promise(setImmediate);
        }
        return c.json({});
      });
      expect(answer.status).toBe(200);
      expect(await activity()).toMatchObject([{ at: t0 + seconds(4), data: { seenAt: t0 + seconds(4) } }]);
      expect((await background()).body.session).toMatchObject({ idleDeadline: t0 + seconds(10) });
      pass(seconds(2) - 1);
      expect((await ada.get('/api/work', { 'Session-Activity': 'background' })).status).toBe(200);
      pass(1);
      expect((await ada.get('/api/work')).body).toMatchObject({ code: 'session_lapsed', lapsedAt: t0 + seconds(10) });
    },
  );
});

describe('what a request says of the person', () => {
  it('is written one second after the request came, whatever becomes of its answer', async () => {
    const world = await begin();
    world.pass(minutes(2));
    const answer = await world.work(async (c) => {
      world.pass(seconds(1) - 1);
      await new Promise(setImmediate);
      expect(await world.activity()).toEqual([]);
      const written = committed(world);
      world.pass(1);
      await written;
      expect(await world.activity()).toMatchObject([
        { at: t0 + minutes(2), recordedAt: t0 + minutes(2) + seconds(1), data: { seenAt: t0 + minutes(2) } },
      ]);
      world.pass(minutes(3));
      return c.json({}, 422);
    });
    expect(answer.headers.get('Session-Status')).toBe('active; expires-in=1619; version=2');
    expect(await world.activity()).toHaveLength(1);
  });

  it('is written just before the next deadline, where that comes sooner', async () => {
    const world = await begin({ policy: short });
    const { ada, pass, work, activity } = world;
    pass(4_700);
    await work(async (c) => {
      const written = committed(world);
      pass(299);
      await written;
      // Whoever asks at the instant at which the person would have been warned finds that they were there.
      pass(1);
      expect((await ada.get('/api/auth/session-info')).body.session).toMatchObject({
        state: 'active',
        idleDeadline: t0 + 10_700,
      });
      return c.json({});
    });
    expect(await activity()).toHaveLength(1);
  });

  it.each([400, 405, 413, 422, 500] as const)(
    'is written nowhere when it is refused with %s within a second',
    async (status) => {
      const { pass, work, events, ada } = await begin();
      pass(minutes(2));
      const before = await events(ada.id);
      const { headers } = await work((c) => {
        pass(seconds(1) - 1);
        return c.json({}, status);
      });
      expect(headers.get('Session-Status')).toMatch(/version=1$/);
      pass(minutes(1));
      await new Promise(setImmediate);
      expect(await events(ada.id)).toEqual(before);
    },
  );

  it('is written nowhere when the route fails within a second, or does not exist', async () => {
    const { pass, work, events, ada } = await begin();
    pass(minutes(2));
    const failing = await work(() => {
      throw new Error('a bug');
    });
    expect(failing.status).toBe(500);
    expect((await ada.get('/api/nowhere')).status).toBe(404);
    pass(minutes(1));
    await new Promise(setImmediate);
    expect(await events(ada.id)).toHaveLength(1);
  });

  it('is written when a stream begins, and not when it ends', async () => {
    const world = await begin();
    const { pass, activity, work } = world;
    pass(minutes(2));
    let end = () => {};
    const body = new ReadableStream({ start: (controller) => void (end = () => controller.close()) });
    const written = committed(world);
    const streamed = work((c) => c.body(body));
    await written;
    expect(await activity()).toMatchObject([{ at: t0 + minutes(2) }]);
    pass(minutes(5));
    end();
    expect((await streamed).status).toBe(200);
    expect(await activity()).toHaveLength(1);
  });

  it('is that of the first use of a token, too: it confirms from when it came', async () => {
    const { ada, pass, work, entries } = await begin();
    pass(minutes(2));
    await ada.post('/api/auth/refresh');
    await work((c) => {
      pass(seconds(3));
      return c.json({});
    });
    expect(await entries('token.confirmed')).toMatchObject([{ at: t0 + minutes(2), data: { generation: 1 } }]);
  });

  it('brings nothing back that has ended before it could be written', async () => {
    const { ada, pass, work, events } = await begin();
    pass(minutes(2));
    const answer = await work(async (c) => {
      await ada.twin().post('/api/auth/logout');
      pass(seconds(2));
      await new Promise(setImmediate);
      return c.json({});
    });
    expect(answer.headers.get('Session-Status')).toMatch(/version=[12]$/);
    expect((await events(ada.id)).map(({ type }) => type)).toEqual(['session.started', 'user.signedOut']);
  });

  it('of a report whose body is slow is as old as the report says, from when that came', async () => {
    const { app, ada, pass, activity } = await begin();
    pass(minutes(2));
    let give = () => {};
    let wait = () => {};
    const waiting = new Promise<void>((resolve) => (wait = resolve));
    const body = new ReadableStream<Uint8Array>(
      {
        pull: (controller) =>
          new Promise((resolve) => {
            wait();
            give = () => {
              controller.enqueue(new TextEncoder().encode('{"ageMs":1000}'));
              controller.close();
              resolve();
            };
          }),
      },
      { highWaterMark: 0 },
    );
    const headers = { ...ada.headers, 'Content-Type': 'application/json' };
    // The types of the DOM do not know that a body may still be on its way.
    const init = { method: 'POST', headers, body, duplex: 'half' } as RequestInit;
    const answer = Promise.resolve(app.fetch(new Request('http://localhost/api/auth/activity', init)));
    await waiting;
    pass(seconds(20));
    give();
    expect((await answer).status).toBe(200);
    expect(await activity()).toMatchObject([
      { at: t0 + minutes(2), recordedAt: t0 + minutes(2) + seconds(20), data: { seenAt: t0 + minutes(2) - 1000 } },
    ]);
  });
});

describe('a store that is down when activity is to be written', () => {
  const breaking = async (heals: boolean) => {
    const world = await begin();
    const { parts, pass, work } = world;
    pass(minutes(2));
    const append = parts.log.append.bind(parts.log);
    const answer = await work(async (c) => {
      parts.log.append = async () => {
        throw new StoreUnavailable('the database is unavailable: full');
      };
      pass(seconds(1));
      await new Promise(setImmediate);
      if (heals) parts.log.append = append;
      return c.json({});
    });
    const failures = world.lines.filter(({ msg }) => msg === 'failure');
    return { ...world, answer, failures };
  };

  it('while the answer is still being made: that is logged, and it is tried again with the answer', async () => {
    const { answer, failures, activity } = await breaking(true);
    expect(failures).toMatchObject([{ code: 'unavailable' }]);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('Session-Status')).toMatch(/version=2$/);
    expect(await activity()).toMatchObject([{ at: t0 + minutes(2) }]);
  });

  it('and still when the answer is there: the answer is a 503', async () => {
    const { answer, failures, activity } = await breaking(false);
    expect(failures).toHaveLength(2);
    expect(answer.body).toMatchObject({ status: 503, code: 'unavailable' });
    expect(await activity()).toEqual([]);
  });
});

it('a client that hangs up was there all the same: what it said is written', async () => {
  const world = await begin();
  const { app, ada, pass, activity, handle } = world;
  const port = await new Promise<number>((ready) => {
    const server = listen(app.fetch, { port: 0, host: '127.0.0.1' }, ready);
    onTestFinished(() => void server.close());
  });
  pass(minutes(2));
  const hangUp = new AbortController();
  handle((c) => {
    const gone = once(c.req.raw.signal, 'abort');
    hangUp.abort();
    return gone.then(() => c.json({}));
  });
  const written = committed(world);
  const asked = fetch(`http://127.0.0.1:${port}/api/work`, { headers: ada.headers, signal: hangUp.signal });
  await expect(asked).rejects.toThrow('aborted');
  await written;
  expect(await activity()).toMatchObject([{ at: t0 + minutes(2) }]);
});
