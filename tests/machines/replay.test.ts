import { describe, expect, it } from 'vitest';
import {
  days,
  minutes,
  replay,
  stepAll,
  type Entry,
  type Leaf,
  type SessionEvent,
  type SessionState,
} from '../../machines/index.ts';
import { begun, policyWith, t0 } from '../support/machines.ts';

const policy = policyWith({ absoluteTimeout: minutes(50) });
const begin = begun(policy);
const extended: SessionEvent = { type: 'session.extended', at: t0 + minutes(21), generation: 0 };

/** A session's log up to an instant, and where it led. */
function logUntil(at: number, ...events: SessionEvent[]): { log: readonly Entry[]; state: SessionState } {
  const { state, entries } = stepAll(begin.state, [...events, { type: 'clock.reached', at }]);
  return { log: [...begin.entries, ...entries], state };
}

/** The log with one more entry, as somebody may have forged it. */
const forged = (log: readonly Entry[], type: Entry['type'], at: number, to: Leaf): readonly Entry[] => {
  const last = log.at(-1)!;
  return [...log, { version: last.version + 1, type, at, from: last.to, to, data: {}, rules: '1' }];
};

describe('a log that is replayed', () => {
  it('leads where the session was', () => {
    for (const at of [t0, t0 + minutes(26), t0 + minutes(31), t0 + days(2)]) {
      const { log, state } = logUntil(at);
      expect(replay(log)).toEqual(state);
    }
  });

  it('is not empty', () => {
    expect(() => replay([])).toThrow('an empty log has no state');
  });
});

describe('a log that cannot have happened', () => {
  it.each<[string, number, SessionEvent[], number, Leaf, Leaf]>([
    ['warns too early', t0, [], minutes(25) - 1, 'active.fresh', 'active.expiring'],
    ['warns when it is too late for that', t0, [], minutes(30), 'lapsed.idle', 'active.expiring'],
    ['lapses without a warning', t0, [], minutes(25), 'active.expiring', 'lapsed.idle'],
    ['lapses too early', t0 + minutes(26), [], minutes(30) - 1, 'active.expiring', 'lapsed.idle'],
    ['lapses by age too early', t0 + minutes(46), [extended], minutes(50) - 1, 'active.expiring', 'lapsed.absolute'],
    ['lapses by the wrong limit', t0 + minutes(46), [extended], minutes(50), 'lapsed.absolute', 'lapsed.idle'],
    ['lapses by a limit that had not come', t0 + minutes(26), [], minutes(30), 'lapsed.idle', 'lapsed.absolute'],
    ['is given up too early', t0 + minutes(31), [], days(1) + minutes(30) - 1, 'lapsed.idle', 'ended.expired'],
  ])('%s', (_, until, events, at, leads, to) => {
    const { log } = logUntil(until, ...events);
    const said = `entry ${log.length + 1} (clock.reached) leads to ${leads}, the log says ${to}`;
    expect(() => replay(forged(log, 'clock.reached', t0 + at, to))).toThrow(said);
  });

  it('ends a session at a limit that it could have been resumed from, or the reverse', () => {
    const strict = begun(policyWith({ absoluteTimeout: minutes(50), restoreFrom: ['idle'] }));
    const toWarning = stepAll(strict.state, [extended, { type: 'clock.reached', at: t0 + minutes(46) }]).entries;
    const log = [...strict.entries, ...toWarning];
    for (const at of [minutes(50) - 1, minutes(50)]) {
      const leads = at < minutes(50) ? 'active.expiring' : 'ended.expired';
      const said = `leads to ${leads}, the log says lapsed.absolute`;
      expect(() => replay(forged(log, 'clock.reached', t0 + at, 'lapsed.absolute'))).toThrow(said);
    }
    expect(replay(forged(log, 'clock.reached', t0 + minutes(50), 'ended.expired')).leaf).toBe('ended.expired');
    const early = forged(log, 'clock.reached', t0 + minutes(50) - 1, 'ended.expired');
    expect(() => replay(early)).toThrow('leads to active.expiring, the log says ended.expired');
    for (const { entries } of [begin, strict]) {
      const idle = forged(entries, 'clock.reached', t0 + minutes(25), 'active.expiring');
      const over = forged(idle, 'clock.reached', t0 + minutes(30), 'ended.expired');
      expect(() => replay(over)).toThrow('leads to lapsed.idle, the log says ended.expired');
    }
  });

  it('leaves out an entry, or counts one twice', () => {
    const { log } = logUntil(t0 + minutes(31));
    const without = log.filter(({ version }) => version !== 2);
    expect(() => replay(without)).toThrow('entry 3 (clock.reached) leads to lapsed.idle, the log says lapsed.idle');
    const counted = log.map((entry) => (entry.version === 3 ? { ...entry, version: 4 } : entry));
    expect(() => replay(counted)).toThrow('entry 4 (clock.reached) leads to lapsed.idle, the log says lapsed.idle');
  });

  it('begins with anything but a beginning, or begins twice', () => {
    const { log } = logUntil(t0 + minutes(26));
    expect(() => replay(log.slice(1))).toThrow('entry 2 is no event these rules know: clock.reached');
    const twice = [...log, { ...log[0]!, version: 3 }];
    expect(() => replay(twice)).toThrow('entry 3 is no event these rules know: session.started');
  });

  it('has an event that these rules do not know, or one that lacks what it has to carry', () => {
    const unknown = forged(begin.entries, 'session.resurrected' as Entry['type'], t0, 'active.fresh');
    expect(() => replay(unknown)).toThrow('entry 2 is no event these rules know: session.resurrected');
    const empty = forged(begin.entries, 'activity.seen', t0, 'active.fresh');
    expect(() => replay(empty)).toThrow('entry 2 is no event these rules know: activity.seen');
  });
});
