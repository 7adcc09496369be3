import { describe, expect, it } from 'vitest';
import { hours, minutes, seconds, type Policy, type SessionView } from '../../../../machines/index.ts';
import { createLeases } from '../../../../web/client/tab/lease.ts';
import { Refused } from '../../../../web/client/http/problem.ts';
import { createTime, quiet, t0, viewAt, viewWith } from '../../../support/tab.ts';

function given(policy: Partial<Policy> = {}) {
  const time = createTime();
  const sent: string[] = [];
  const switches: { view: SessionView | null; refusal: string | null } = { view: viewAt(t0, policy), refusal: null };
  const at = () => `${(time.server() - t0) / 60_000}m`;
  const leases = createLeases({
    clock: time.clock,
    timer: time.timer,
    onWake: time.onWake,
    view: () => switches.view,
    async put(kind, ms) {
      sent.push(`${at()} ${kind} for ${ms / 60_000}m`);
      if (switches.refusal !== null) throw new Refused(switches.refusal, time.server());
    },
    delete: async (kind) => void sent.push(`${at()} ${kind} done`),
  });
  return { time, sent, switches, leases };
}

describe('a lease', () => {
  it('is renewed in stretches that reach over the warning, until it is done', async () => {
    const { time, sent, leases } = given();
    const upload = leases.take('upload');
    await quiet();
    expect(upload.status()).toBe('held');
    await time.pass(minutes(12));
    upload.release();
    await time.pass(hours(1));
    expect(sent).toEqual(['0m upload for 20m', '5m upload for 20m', '10m upload for 20m', '12m upload done']);
    expect(upload.status()).toBe('over');
  });

  it('ends at its own limit, whatever goes on', async () => {
    const { time, sent, leases } = given();
    const upload = leases.take('upload', { max: minutes(7) });
    await time.pass(hours(3));
    expect(sent).toEqual(['0m upload for 7m', '5m upload for 2m', '7m upload done']);
    expect(upload.status()).toBe('over');
  });

  it('never lasts longer than the policy allows, in all its stretches together', async () => {
    const { time, sent, leases } = given({ maxLease: minutes(30) });
    leases.take('call', { max: hours(8) });
    await time.pass(hours(8));
    expect(sent.at(-1)).toBe('30m call done');
    const reached = sent.slice(0, -1).map((line) => {
      const [from, , , length] = line.split(' ');
      return Number.parseFloat(from ?? '') + Number.parseFloat(length ?? '');
    });
    expect(Math.max(...reached)).toBe(30);
  });

  it('is one to the server with others of its kind, and lasts as long as the last of them', async () => {
    const { time, sent, leases } = given();
    const [first, second] = [leases.take('upload'), leases.take('upload')];
    await time.pass(minutes(1));
    first.release();
    await time.pass(minutes(1));
    expect(sent.filter((line) => line.endsWith('done'))).toEqual([]);
    second.release();
    expect(sent.at(-1)).toBe('2m upload done');
  });

  it('that the policy forbids says so, and is not asked for again', async () => {
    const { time, sent, switches, leases } = given({ maxLease: 0 });
    switches.refusal = 'lease_forbidden';
    const upload = leases.take('upload');
    await time.pass(hours(1));
    expect(upload.status()).toBe('refused');
    expect(sent).toHaveLength(1);
  });

  it('waits for an answer to the warning, and goes on by itself after it', async () => {
    const { time, sent, switches, leases } = given();
    switches.refusal = 'answer_first';
    const { view } = switches;
    switches.view = viewWith({ state: 'expiring' }, view ?? undefined);
    const upload = leases.take('upload');
    await quiet();
    expect(upload.status()).toBe('waiting');
    switches.refusal = null;
    switches.view = view;
    leases.look();
    await quiet();
    expect(upload.status()).toBe('held');
    expect(sent).toHaveLength(2);
    await time.pass(0);
  });

  it('that cannot reach the server tries again, no more than six times a minute', async () => {
    const { time, sent, switches, leases } = given();
    switches.refusal = 'network';
    const upload = leases.take('upload');
    await time.pass(seconds(59));
    expect(upload.status()).toBe('unreachable');
    expect(sent).toHaveLength(6);
    switches.refusal = null;
    await time.pass(seconds(10));
    expect(upload.status()).toBe('held');
  });

  it('is over when nobody is signed in any more, and then asks for nothing', async () => {
    const { time, sent, switches, leases } = given();
    const upload = leases.take('upload');
    await time.pass(minutes(1));
    switches.view = null;
    leases.look();
    await time.pass(hours(1));
    expect(upload.status()).toBe('over');
    expect(sent).toHaveLength(1);
  });

  it('released while it is asked for is given back as soon as it is there', async () => {
    const { sent, leases } = given();
    leases.take('upload').release();
    await quiet();
    expect(sent).toEqual(['0m upload for 20m', '0m upload done']);
  });
});
