import { expect, it } from 'vitest';
import { minutes, seconds } from '../../machines/index.ts';
import { createStage, type Stage } from '../support/journey.ts';
import { createWorld } from '../support/server/world.ts';

// How much a log grows by what happens, with the policy there is where nothing is said.

const patience = 60_000;
const hour = 3600;

async function signedIn(stage: Stage) {
  const there = stage.open({ isShown: true });
  await there.until('signedOut');
  there.tab.signIn({ username: 'ada', password: 'correct horse', register: true });
  await there.until('active');
  const id = there.tab.state().view?.id ?? '';
  return { ...there, entries: async () => (await stage.world.events(id)).map(({ type }) => type) };
}

it('a busy hour, with a request a second, is at most 70 entries', { timeout: patience }, async () => {
  const world = await createWorld();
  const ada = world.client('cookie');
  await ada.register();
  for (let second = 1; second <= hour; second += 1) {
    world.pass(seconds(1));
    expect((await ada.get('/api/settings')).status).toBe(200);
    if (second % 900 === 0) await ada.post('/api/auth/refresh', { intent: 'rotate' });
  }
  const [, ...entries] = await world.events(ada.id);
  expect(entries.length).toBeGreaterThan(50);
  expect(entries.length).toBeLessThanOrEqual(70);
});

it(
  'a busy hour in a tab, with something done and a request every five seconds, is at most 70 entries',
  { timeout: patience },
  async () => {
    const stage = await createStage();
    const { tab, entries } = await signedIn(stage);
    for (let second = 5; second <= hour; second += 5) {
      await stage.pass(seconds(5));
      tab.recordActivity(true);
      expect((await tab.fetch('/api/settings')).status).toBe(200);
    }
    const [, ...all] = await entries();
    expect(all.filter((type) => type === 'activity.seen').length).toBeGreaterThan(50);
    expect(all.length).toBeLessThanOrEqual(70);
  },
);

it('an idle session has no entry until its deadlines, and one at each', { timeout: patience }, async () => {
  const world = await createWorld();
  const ada = world.client('cookie');
  await ada.register();
  const count = async () => (await world.events(ada.id)).length;
  for (let second = 1; second < 25 * 60; second += 1) {
    world.pass(seconds(1));
    await ada.get('/api/auth/session-info');
  }
  expect(await count()).toBe(1);
  world.pass(minutes(35));
  await ada.get('/api/auth/session-info');
  expect((await world.events(ada.id)).map(({ type, to }) => [type, to])).toEqual([
    ['session.started', 'active.fresh'],
    ['clock.reached', 'active.expiring'],
    ['clock.reached', 'lapsed.idle'],
  ]);
});

it('an idle hour with an open tab is at most 8 entries', async () => {
  const stage = await createStage();
  const { tab, entries } = await signedIn(stage);
  await stage.pass(minutes(60));
  expect(tab.state().phase).toBe('locked');
  const [, ...all] = await entries();
  expect(all).toContain('warning.shown');
  expect(all.length).toBeLessThanOrEqual(8);
});
