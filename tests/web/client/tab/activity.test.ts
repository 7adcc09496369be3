import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../../../machines/index.ts';
import { createActivity } from '../../../../web/client/tab/activity.ts';
import { createTime, t0 } from '../../../support/tab.ts';

function given() {
  const time = createTime();
  const sent: [at: number, age: number][] = [];
  const otherwise: number[] = [];
  const switches = { counts: true, arrives: true, arrivesOtherwise: true };
  const activity = createActivity({
    clock: time.clock,
    timer: time.timer,
    counts: () => switches.counts,
    resolution: () => minutes(1),
    async send(age) {
      sent.push([time.server() - t0, age]);
      return switches.arrives;
    },
    otherwiseEvery: () => minutes(7.5),
    async sendOtherwise() {
      otherwise.push(time.server() - t0);
      return switches.arrivesOtherwise;
    },
  });
  return { time, sent, otherwise, switches, activity };
}

describe('activity', () => {
  it('is told at once, then at most once per resolution, with its age', async () => {
    const { time, sent, activity } = given();
    activity.note();
    await time.pass(0);
    expect(sent).toEqual([[0, 0]]);
    for (let second = 0; second < 150; second++) {
      await time.pass(seconds(1));
      activity.note();
    }
    expect(sent).toEqual([
      [0, 0],
      [minutes(1), seconds(1)],
      [minutes(2), seconds(1)],
    ]);
    await time.pass(minutes(10));
    expect(sent.slice(3)).toEqual([[minutes(3), seconds(30)]]);
  });

  it('that a blocker keeps back is told otherwise after two failures, at most every quarter of the idle limit', async () => {
    const { time, sent, otherwise, switches, activity } = given();
    switches.arrives = false;
    for (let second = 0; second < 20 * 60; second++) {
      activity.note();
      await time.pass(seconds(1));
    }
    expect(otherwise).toEqual([minutes(1), minutes(9), minutes(17)]);
    expect(sent.length).toBeLessThan(22);
    switches.arrives = true;
    await time.pass(minutes(1));
    activity.note();
    await time.pass(minutes(20));
    expect(otherwise).toHaveLength(3);
  });

  it('is not told otherwise for one failure, nor while it does not count', async () => {
    const { time, otherwise, switches, activity } = given();
    switches.arrives = false;
    activity.note();
    await time.pass(0);
    switches.counts = false;
    await time.pass(minutes(30));
    expect(otherwise).toEqual([]);
  });

  it('says nothing new for a moment, and begins anew with another session', async () => {
    const { time, switches, activity } = given();
    expect(activity.isRecent()).toBe(false);
    switches.counts = false;
    activity.note();
    expect(activity.isRecent()).toBe(false);
    switches.counts = true;
    activity.note();
    expect(activity.isRecent()).toBe(true);
    await time.pass(249);
    expect(activity.isRecent()).toBe(true);
    await time.pass(1);
    expect(activity.isRecent()).toBe(false);
    activity.note();
    activity.reset();
    expect(activity.isRecent()).toBe(false);
  });

  it('is not told again when a request has told it', async () => {
    const { time, sent, activity } = given();
    activity.note();
    await time.pass(0);
    await time.pass(seconds(10));
    activity.note();
    await time.pass(seconds(5));
    const declaration = activity.declare();
    expect(declaration.header).toBe(`user;age=${seconds(5)}`);
    declaration.arrived();
    expect(activity.declare().header).toBe('background');
    await time.pass(minutes(5));
    expect(sent).toHaveLength(1);
  });

  it('is declared again when the request that told it did not arrive', () => {
    const { activity } = given();
    activity.note();
    expect(activity.declare().header).toBe('user;age=0');
    expect(activity.declare().header).toBe('user;age=0');
  });

  it('says of a request what its caller says: a person, or the application by itself', () => {
    const { activity } = given();
    activity.note();
    expect(activity.declare('background').header).toBe('background');
    expect(activity.declare('user').header).toBe('user');
    expect(activity.declare().header).toBe('user;age=0');
  });

  it('does not count while it must not, and is not told then either', async () => {
    const { time, sent, switches, activity } = given();
    switches.counts = false;
    activity.note();
    expect(activity.last()).toBeNull();
    switches.counts = true;
    activity.note();
    switches.counts = false;
    await time.pass(minutes(5));
    expect(sent).toEqual([]);
  });

  it('is told again after a resolution when it could not be told', async () => {
    const { time, sent, switches, activity } = given();
    switches.arrives = false;
    activity.note();
    await time.pass(0);
    switches.arrives = true;
    await time.pass(minutes(3));
    expect(sent).toEqual([
      [0, 0],
      [minutes(1), minutes(1)],
    ]);
  });

  it('begins anew with a new session', async () => {
    const { time, sent, activity } = given();
    activity.note();
    activity.reset();
    await time.pass(minutes(5));
    expect(sent).toEqual([]);
    expect(activity.declare().header).toBe('background');
  });
});
