import { describe, expect, it } from 'vitest';
import { hours, minutes, seconds, type SessionView } from '../../../../machines/index.ts';
import { createRenewal } from '../../../../web/client/tab/renewal.ts';
import { createTime, t0, viewAt, viewWith } from '../../../support/tab.ts';

function given(first: SessionView, answers = true) {
  const time = createTime();
  const asked: number[] = [];
  const state = { view: first, seen: t0 as number | null };
  const renewal = createRenewal({
    clock: time.clock,
    timer: time.timer,
    onWake: time.onWake,
    view: () => state.view,
    lastSeen: () => state.seen,
    async refresh() {
      asked.push(time.server() - t0);
      if (!answers) throw new Error('no network');
      state.view = viewWith({ tokenExpiresAt: time.server() + state.view.policy.tokenLifetime }, state.view);
    },
  });
  return { time, asked, state, renewal };
}

const view = viewAt(t0, { idleTimeout: hours(3), tokenLifetime: minutes(30) });

describe('a token that ends soon', () => {
  it('is renewed five minutes before its end when a person did something since it was made', async () => {
    const { time, asked, state, renewal } = given(view);
    state.seen = t0 + minutes(4);
    renewal.look();
    await time.pass(minutes(25) - 1);
    expect(asked).toEqual([]);
    await time.pass(1);
    expect(asked).toEqual([minutes(25)]);
  });

  it('is left to run out while nobody is here, and renewed with the first sign of a person', async () => {
    const { time, asked, state, renewal } = given(view);
    state.seen = t0 - minutes(1);
    renewal.look();
    await time.pass(minutes(40));
    expect(asked).toEqual([]);
    state.seen = time.server();
    renewal.look();
    await time.pass(0);
    expect(asked).toEqual([minutes(40)]);
  });

  it('is renewed in its last sixth when it is a short one', async () => {
    const { time, asked, state, renewal } = given(viewAt(t0, { tokenLifetime: minutes(6) }));
    state.seen = t0 + seconds(1);
    renewal.look();
    await time.pass(minutes(5) + seconds(30));
    expect(asked).toEqual([minutes(5)]);
  });

  it('is not asked for again and again when it cannot be had', async () => {
    const { time, asked, state, renewal } = given(view, false);
    state.seen = t0 + minutes(4);
    renewal.look();
    await time.pass(minutes(25));
    for (let move = 0; move < 50; move++) renewal.look();
    await time.pass(seconds(30));
    expect(asked.length).toBeLessThanOrEqual(4);
  });

  it('is not renewed when a new one would not last longer', async () => {
    const { time, asked, renewal } = given(viewWith({ tokenExpiresAt: view.absoluteDeadline }, view));
    renewal.look();
    await time.pass(hours(2));
    expect(asked).toEqual([]);
  });
});
