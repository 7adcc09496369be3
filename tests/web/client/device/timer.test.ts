import { describe, expect, it } from 'vitest';
import { days, hours, minutes } from '../../../../machines/index.ts';
import { createAlarm, longestSleep } from '../../../../web/client/device/timer.ts';
import { createTime, t0 } from '../../../support/tab.ts';

function given() {
  const time = createTime();
  const rung: number[] = [];
  const alarm = createAlarm(time, (at) => rung.push(at - t0));
  return { time, rung, alarm };
}

describe('an alarm', () => {
  it('rings at its instant and not 1 ms before', async () => {
    const { time, rung, alarm } = given();
    alarm.set(t0 + minutes(25));
    await time.pass(minutes(25) - 1);
    expect(rung).toEqual([]);
    await time.pass(1);
    expect(rung).toEqual([minutes(25)]);
    await time.pass(hours(1));
    expect(rung).toHaveLength(1);
  });

  it('never sleeps longer than half a minute, so that delays over 2^31 − 1 ms do not fire at once', async () => {
    const { time, rung, alarm } = given();
    alarm.set(t0 + days(40));
    expect(time.pending()).toEqual([longestSleep]);
    time.sleep(days(39));
    await time.pass(0);
    expect(rung).toEqual([]);
    expect(time.pending()).toEqual([longestSleep]);
    await time.pass(minutes(1));
    expect(rung).toEqual([]);
  });

  it('rings once when the device wakes after it was due', () => {
    const { time, rung, alarm } = given();
    alarm.set(t0 + minutes(5));
    time.sleep(hours(3));
    time.wake();
    time.wake();
    expect(rung).toEqual([hours(3)]);
  });

  it('rings at once when it is set to the past, and again when it is set again', () => {
    const { rung, alarm } = given();
    alarm.set(t0 - 1);
    alarm.set(t0);
    expect(rung).toEqual([0, 0]);
  });

  it('moves with its deadline, and does nothing once it is off or stopped', async () => {
    const { time, rung, alarm } = given();
    alarm.set(t0 + minutes(5));
    alarm.set(t0 + minutes(10));
    await time.pass(minutes(9));
    expect(rung).toEqual([]);
    alarm.set(null);
    await time.pass(minutes(9));
    alarm.set(t0 + minutes(30));
    alarm.stop();
    time.wake();
    await time.pass(minutes(30));
    expect(rung).toEqual([]);
    expect(time.pending()).toEqual([]);
  });
});
