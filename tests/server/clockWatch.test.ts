import { Hono } from 'hono';
import { afterEach, describe, expect, it } from 'vitest';
import { days, hours, minutes, seconds } from '../../machines/index.ts';
import { watchClock } from '../../server/clockWatch.ts';
import { createCurfew, passwords, type Curfew, type LogLine } from '../../server/index.ts';
import { openDatabase, sqlite } from '../../server/sqlite/index.ts';
import { sweepRegularly } from '../../server/sweeper.ts';
import { cost, createWorld, lapse, secret, t0 } from '../support/server/world.ts';

const running: Curfew[] = [];
afterEach(() => Promise.all(running.splice(0).map((curfew) => curfew.close())));

/** A watch over a world's log, with a clock and a stop-watch that the test moves. */
async function watched(more: { readonly since?: number } = {}) {
  const world = await createWorld();
  await world.client().register();
  const lines: LogLine[] = [];
  let [off, elapsed] = [more.since ?? 0, 0];
  const watch = await watchClock({
    clock: () => t0 + off,
    elapsed: () => elapsed,
    auditReader: world.parts.auditReader,
    write: (line) => lines.push(line),
  });
  return {
    ...watch,
    lines,
    pass(duration: number) {
      off += duration;
      elapsed += duration;
    },
    set(by: number) {
      off += by;
    },
  };
}

describe('a clock', () => {
  it('that goes on, is corrected a little, or slept over night, is believed', async () => {
    const clock = await watched();
    for (const step of [0, -900, seconds(30), minutes(5), hours(10), -900]) {
      clock.set(step);
      clock.pass(seconds(30));
      expect(clock.trouble()).toBeNull();
      expect(clock.mayPurge()).toBe(true);
    }
    expect(clock.lines).toEqual([]);
  });

  it('that was put back an hour is not, until it is right again; it is said at once, and once a minute', async () => {
    const clock = await watched();
    clock.pass(minutes(10));
    expect(clock.trouble()).toBeNull();
    clock.set(-hours(1));
    expect(clock.trouble()).toMatch(
      /^the clock was put back: it is \S+, 60 minutes before a time that has been; [^\n]+$/,
    );
    expect(clock.mayPurge()).toBe(false);
    expect(clock.lines).toEqual([{ msg: 'warning', level: 'error', warning: clock.trouble() }]);
    clock.pass(minutes(30));
    expect(clock.trouble()).toMatch(/, 30 minutes before a time/);
    expect(clock.lines).toHaveLength(2);
    clock.set(minutes(31));
    expect(clock.trouble()).toBeNull();
    expect(clock.mayPurge()).toBe(true);
  });

  it('that leapt a year ahead is not, until it is right again', async () => {
    const clock = await watched();
    clock.set(days(365));
    expect(clock.trouble()).toMatch(
      /^the clock leapt 365 days ahead to \S+; nothing is settled or purged until[^\n]+$/,
    );
    clock.pass(days(2));
    expect(clock.mayPurge()).toBe(false);
    clock.set(-days(365));
    expect(clock.trouble()).toBeNull();
  });

  it('that is before the newest entry at the start is not, until it has passed it', async () => {
    const clock = await watched({ since: -hours(1) });
    expect(clock.trouble()).toMatch(/^the clock was put back: it is \S+, 60 minutes before/);
    clock.pass(hours(1));
    expect(clock.trouble()).toBeNull();
  });

  it('that is long after the newest entry at the start is believed, but purges nothing for a day', async () => {
    const clock = await watched({ since: days(365) });
    expect(clock.trouble()).toBeNull();
    expect(clock.mayPurge()).toBe(false);
    clock.pass(hours(24));
    expect(clock.mayPurge()).toBe(true);
  });
});

describe('a server whose clock is wrong', () => {
  async function begun() {
    let off = 0;
    const lines: LogLine[] = [];
    const database = openDatabase(':memory:');
    const curfew = await createCurfew({
      store: sqlite(database),
      secret,
      accounts: passwords({ cost, register: true }),
      clock: () => t0 + off,
      write: (line) => lines.push(line),
    });
    running.push(curfew);
    const app = new Hono().route('/', curfew.routes);
    const answer = await app.request('/api/auth/register', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ username: 'ada', password: 'correct horse', transport: 'bearer' }),
    });
    expect(answer.status).toBe(201);
    return { curfew, lines, set: (by: number) => (off += by) };
  }

  it.each([
    ['put back one hour', -hours(1), 'the clock was put back'],
    ['a year ahead', days(365), 'the clock leapt 365 days ahead'],
  ])('%s, is not ready, and says so loudly', async (_, by, what) => {
    const { curfew, lines, set } = await begun();
    expect(await curfew.whyNotReady()).toBeNull();
    set(by);
    expect(await curfew.whyNotReady()).toContain(what);
    expect(lines).toContainEqual({ msg: 'warning', level: 'error', warning: expect.stringContaining(what) });
    set(-by);
    expect(await curfew.whyNotReady()).toBeNull();
  });
});

describe('the sweeper', () => {
  it('ends and purges nothing while the clock is far ahead, and everything that is due once it may', async () => {
    const world = await createWorld();
    const [ada, bob] = [world.client(), world.client()];
    await ada.register('ada');
    await ada.post('/api/auth/logout');
    world.pass(lapse);
    await bob.register('bob');
    let wrong: string | null = 'the clock leapt 365 days ahead';
    let looked = () => {};
    const parts = {
      ...world.parts,
      clockWatch: {
        trouble: () => {
          looked();
          return wrong;
        },
        mayPurge: () => wrong === null,
      },
    };
    world.pass(days(365));
    const looks = (times: number) =>
      new Promise<void>((resolve) => {
        let seen = 0;
        looked = () => ++seen >= times && resolve();
      });
    const stop = sweepRegularly(parts, 1);
    await looks(3);
    expect((await world.parts.log.load(bob.id))?.state.leaf).toBe('active.fresh');
    expect(await world.parts.log.load(ada.id)).not.toBeNull();
    wrong = null;
    await looks(3);
    await stop();
    for (const { id } of [ada, bob]) expect(await world.parts.log.load(id)).toBeNull();
  });
});
