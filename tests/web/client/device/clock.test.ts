import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hours, minutes, seconds } from '../../../../machines/index.ts';
import { createServerClock } from '../../../../web/client/device/clock.ts';
import { createTime } from '../../../support/tab.ts';

const offs = fc.integer({ min: -hours(48), max: hours(48) });
const delays = fc.integer({ min: 0, max: seconds(20) });

/** One request: it takes `there` to the server and `back` from it. */
async function ask(
  time: ReturnType<typeof createTime>,
  clock: ReturnType<typeof createServerClock>,
  there: number,
  back: number,
) {
  const sentAt = clock.read();
  await time.pass(there);
  const told = time.server();
  await time.pass(back);
  clock.learn(told, sentAt);
}

describe('the server clock of a tab', () => {
  it('is off by no more than half the best round trip, however wrong the device is', async () => {
    await fc.assert(
      fc.asyncProperty(
        offs,
        fc.array(fc.tuple(delays, delays), { minLength: 1, maxLength: 4 }),
        async (off, requests) => {
          const time = createTime({ off });
          const clock = createServerClock(time.device);
          for (const [there, back] of requests) await ask(time, clock, there, back);
          const best = Math.min(...requests.map(([there, back]) => there + back));
          expect(Math.abs(clock.now() - time.server())).toBeLessThanOrEqual(best / 2 + 1);
          await time.pass(minutes(3));
          expect(Math.abs(clock.now() - time.server())).toBeLessThanOrEqual(best / 2 + 1);
        },
      ),
      { numRuns: 25 },
    );
  });

  it('keeps the answer that took least, until the device may have drifted as far', async () => {
    const time = createTime();
    const clock = createServerClock(time.device);
    await ask(time, clock, 5, 5);
    await ask(time, clock, 0, seconds(4));
    expect(clock.now()).toBe(time.server());
    await time.pass(minutes(60));
    await ask(time, clock, 0, seconds(4));
    expect(clock.now()).toBe(time.server());
    await time.pass(minutes(10));
    await ask(time, clock, 0, seconds(4));
    expect(clock.now()).toBe(time.server() - seconds(2));
  });

  it('goes on through sleep, during which only the wall clock runs', async () => {
    const time = createTime({ off: -hours(2) });
    const clock = createServerClock(time.device);
    await ask(time, clock, 10, 10);
    time.sleep(hours(9));
    expect(clock.now()).toBe(time.server());
    expect(clock.inDoubt()).toBe(true);
    await ask(time, clock, 200, 200);
    expect(clock.inDoubt()).toBe(false);
  });

  it('does not go back when somebody sets the device back, and is in doubt', async () => {
    const time = createTime();
    const clock = createServerClock(time.device);
    await ask(time, clock, 10, 10);
    await time.pass(minutes(20));
    time.jump(-hours(2));
    expect(clock.now()).toBe(time.server());
    expect(clock.inDoubt()).toBe(true);
  });

  it('is right again with one answer after the device was set while it slept', async () => {
    await fc.assert(
      fc.asyncProperty(offs, fc.integer({ min: 0, max: hours(10) }), async (by, asleep) => {
        const time = createTime();
        const clock = createServerClock(time.device);
        await ask(time, clock, 10, 10);
        time.sleep(asleep);
        time.jump(by);
        await ask(time, clock, 100, 100);
        expect(Math.abs(clock.now() - time.server())).toBeLessThanOrEqual(101);
        expect(clock.inDoubt()).toBe(false);
      }),
      { numRuns: 25 },
    );
  });

  it('distrusts an answer during which the device slept', async () => {
    const time = createTime();
    const clock = createServerClock(time.device);
    await ask(time, clock, 10, 10);
    const sentAt = clock.read();
    const told = time.server();
    time.sleep(0);
    await time.pass(minutes(5));
    clock.learn(told, sentAt);
    expect(clock.now()).toBe(time.server());
    const sentLater = clock.read();
    const toldLater = time.server();
    time.sleep(hours(8));
    clock.learn(toldLater, sentLater);
    expect(clock.now()).toBe(time.server());
    expect(clock.inDoubt()).toBe(true);
  });

  it('is not led astray by an answer that was on its way for long, however old what it knew', async () => {
    const time = createTime();
    const clock = createServerClock(time.device);
    await ask(time, clock, 10, 10);
    await time.pass(minutes(18));
    await ask(time, clock, minutes(18), 0);
    expect(clock.now()).toBe(time.server());
  });
});
