import { describe, expect, it } from 'vitest';
import { minutes } from '../../../machines/index.ts';
import { createCurfew, passwords } from '../../../server/index.ts';
import { memory } from '../../../server/memory/index.ts';
import { testClock } from '../../../web/testing/index.ts';

describe('a clock for tests', () => {
  it('stands still until it is advanced, and tells those who listen', () => {
    const clock = testClock(1_000);
    const told: number[] = [];
    const stop = clock.subscribe(() => told.push(clock.now()));
    clock.advance(minutes(1));
    stop();
    clock.advance(1);
    expect([clock.now(), told]).toEqual([61_001, [61_000]]);
  });

  it.each([-1, Number.NaN, 0.5, Infinity])('never goes back, nor by %s', (by) => {
    expect(() => testClock().advance(by)).toThrow('a clock is advanced by whole ms, and never back');
    if (by !== -1) expect(() => testClock(by)).toThrow('the clock must start at epoch ms');
  });

  it('is what a server takes, whose sessions lapse when it is advanced', async () => {
    const clock = testClock();
    const users = [{ id: 'user-1', username: 'ada' }];
    const curfew = await createCurfew({
      store: memory(),
      secret: 'a secret of at least thirty-two bytes',
      clock: clock.now,
      write: () => {},
      accounts: passwords({
        find: async (name) => users.find(({ username }) => username === name) ?? null,
        byId: async (id) => users.find((user) => user.id === id) ?? null,
        verify: async (_, password) => password === 'correct horse',
      }),
    });
    const { token } = (await (
      await curfew.routes.request('/api/auth/login', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ username: 'ada', password: 'correct horse', transport: 'bearer' }),
      })
    ).json()) as { token: string };
    const state = async () => {
      const answer = await curfew.routes.request('/api/auth/session-info', {
        headers: { Authorization: `Bearer ${token}` },
      });
      return ((await answer.json()) as { session: { state: string } }).session.state;
    };
    expect(await state()).toBe('active');
    clock.advance(minutes(26));
    expect(await state()).toBe('expiring');
    clock.advance(minutes(4));
    expect(await state()).toBe('lapsed');
    await curfew.close();
  });
});
