import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  minutes,
  presets,
  replay,
  sessionEvents,
  settle,
  stepAll,
  type Entry,
  type SessionEvent,
} from '../../../machines/index.ts';
import { seenIn, travel } from '../../../web/app/inspector/timeTravel.ts';
import { policyUnder, replayUnder, signedOutUnder } from '../../../web/app/inspector/whatIf.ts';
import { takenIn } from '../../../web/app/inspector/taken.ts';
import { whoCaused, whyOver } from '../../../web/app/inspector/who.ts';
import { begun, histories, live, policies, policyWith, t0 } from '../../support/machines.ts';

/** A log of a session that these things happened to; the clock went on until `until`. */
function logOf(events: readonly SessionEvent[], until = t0, policy = presets.standard): readonly Entry[] {
  const { state, entries } = begun(policy);
  const lived = stepAll(state, events);
  return [...entries, ...lived.entries, ...settle(lived.state, until).entries];
}

const seen = (at: number): SessionEvent => ({ type: 'activity.seen', at, seenAt: at, generation: 0 });

describe('time travel', () => {
  it('stops at every entry in the state that replaying the log up to it gives', () => {
    fc.assert(
      fc.property(policies, histories, (policy, happenings) => {
        const { log } = live(policy, happenings);
        const moments = travel(log, 's1');
        expect(moments.map(({ state }) => state)).toEqual(log.map((_, index) => replay(log.slice(0, index + 1))));
        for (const { view, deadlines, entry } of moments) {
          expect(view.id).toBe('s1');
          expect(view.serverNow).toBe(entry.at);
          expect(deadlines).toEqual({ warn: view.warnAt, idle: view.idleDeadline, absolute: view.absoluteDeadline });
        }
      }),
      { numRuns: 200 },
    );
  });

  it('tells what the person saw: nothing, the toast, the locked screen, the end', () => {
    const moments = travel(logOf([], t0 + minutes(60 * 30)));
    expect(moments.map(({ entry, seen: what }) => [entry.to, what])).toEqual([
      ['active.fresh', 'none'],
      ['active.expiring', 'toast'],
      ['lapsed.idle', 'locked'],
      ['ended.expired', 'ended'],
    ]);
    const warned = moments[1]!;
    expect(seenIn(warned.view, t0 + minutes(28))).toBe('dialog');
    expect(seenIn(warned.view, t0 + minutes(30))).toBe('locked');
  });

  it('shows how activity moves the deadlines, and never the absolute one', () => {
    const [first, second] = travel(logOf([seen(t0 + minutes(10))]));
    expect(second!.deadlines.idle - first!.deadlines.idle).toBe(minutes(10));
    expect(second!.deadlines.warn - first!.deadlines.warn).toBe(minutes(10));
    expect(second!.deadlines.absolute).toBe(first!.deadlines.absolute);
  });

  it('goes through a long log in one pass', () => {
    const events = Array.from({ length: 400 }, (_, index) => seen(t0 + minutes(index + 1)));
    expect(travel(logOf(events)).length).toBe(401);
  });

  it('refuses a log that these rules cannot have written', () => {
    const log = logOf([seen(t0 + minutes(10))]);
    expect(() => travel([log[0]!, { ...log[1]!, to: 'lapsed.idle' }])).toThrow(/the log says lapsed.idle/);
  });

  it('has nowhere to go in an empty log', () => expect(travel([])).toEqual([]));

  it('names the transition that each entry took in the chart', () => {
    const moments = travel(logOf([seen(t0 + minutes(10))], t0 + minutes(40)));
    expect(moments.map((moment, index) => takenIn(moments[index - 1] ?? null, moment))).toEqual([
      [],
      ['active.fresh|activity.seen|0'],
      ['active.fresh|clock.reached|0'],
      ['active|clock.reached|2'],
    ]);
  });
});

describe('what if the limits had been others', () => {
  const away = logOf([seen(t0 + minutes(5)), seen(t0 + minutes(25))], t0 + minutes(60));

  it('finds no divergence under the policy that was', () => {
    fc.assert(
      fc.property(policies, histories, (policy, happenings) => {
        const undisturbed = happenings.filter(({ type }) => type !== 'policy.applied');
        expect(replayUnder(live(policy, undisturbed).log, policy)).toBeNull();
      }),
      { numRuns: 200 },
    );
  });

  it('finds the earlier warning first, and then the earlier lapse', () => {
    const policy = policyWith({ idleTimeout: minutes(15) });
    expect(replayUnder(away, policy)).toEqual({
      version: 2,
      at: t0 + minutes(15),
      was: 'active.fresh',
      would: 'active.expiring',
      reason: 'idle',
    });
    expect(signedOutUnder(away, policy)).toEqual({
      version: 2,
      at: t0 + minutes(20),
      was: 'active.fresh',
      would: 'lapsed.idle',
      reason: 'idle',
    });
  });

  it('tells that a longer idle limit would have let the person stay', () => {
    const out = signedOutUnder(away, policyWith({ idleTimeout: minutes(45) }));
    expect(out).toMatchObject({ at: t0 + minutes(55), was: 'lapsed.idle', would: 'active.fresh', reason: null });
  });

  it('tells when the absolute limit would have come first', () => {
    const policy = policyWith({ idleTimeout: minutes(30), absoluteTimeout: minutes(40) });
    expect(signedOutUnder(away, policy)).toMatchObject({
      at: t0 + minutes(40),
      would: 'lapsed.absolute',
      reason: 'absolute',
    });
  });

  it('changes the policy of a re-authentication, too', () => {
    const again: SessionEvent = {
      type: 'user.reauthenticated',
      at: t0 + minutes(5),
      method: 'pwd',
      generation: 1,
      policy: presets.standard,
    };
    const log = logOf([again], t0 + minutes(35));
    expect(signedOutUnder(log, policyWith({ idleTimeout: minutes(15) }))?.at).toBe(t0 + minutes(20));
  });

  it('applies tighter limits as they were applied, whatever the first ones had been', () => {
    const applied: SessionEvent = {
      type: 'policy.applied',
      at: t0 + minutes(5),
      policy: policyWith({ idleTimeout: minutes(15) }),
    };
    const log = logOf([applied], t0 + minutes(35));
    expect(signedOutUnder(log, presets.standard)).toBeNull();
    expect(signedOutUnder(log, policyWith({ idleTimeout: minutes(45) }))).toBeNull();
    expect(signedOutUnder(log, policyWith({ idleTimeout: minutes(12) }))?.at).toBe(t0 + minutes(12));
  });

  it('shortens a warning that no longer fits, and refuses limits that make no sense', () => {
    const short = policyUnder(presets.standard, minutes(3), minutes(60));
    expect(short.ok && short.policy.warnBefore).toBe(minutes(1));
    expect(policyUnder(presets.standard, minutes(60), minutes(15)).ok).toBe(false);
    expect(policyUnder(presets.standard, Number.NaN, minutes(15)).ok).toBe(false);
  });
});

describe('who caused an entry', () => {
  it('is known for every event', () => {
    for (const type of Object.keys(sessionEvents) as SessionEvent['type'][])
      expect(whoCaused({ type, data: {} }, 'u1')).toBeTruthy();
  });

  it('tells the person’s other devices from the server', () => {
    expect(whoCaused({ type: 'session.revoked', data: { by: 'u1' } }, 'u1')).toBe('another device');
    expect(whoCaused({ type: 'session.revoked', data: { by: 'admin' } }, 'u1')).toBe('server');
  });

  it('says why a session is over, and nothing while it is not', () => {
    const moments = travel(logOf([], t0 + minutes(30)));
    expect(moments.map(({ state }) => whyOver(state))).toEqual([
      null,
      null,
      'We signed you out because you were inactive for 30 minutes.',
    ]);
  });
});
