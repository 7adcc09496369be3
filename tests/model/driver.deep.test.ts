import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  currentGeneration,
  minutes,
  nextDeadline,
  replay,
  sessionMachine,
  start,
  step,
  type Entry,
  type Policy,
  type SessionEvent,
} from '../../machines/index.ts';
import { begun, policyWith, t0 } from '../support/machines.ts';
import { coverageRow, missing, notByDriver, watch } from '../support/model/coverage.ts';
import { instantOf, isAll, pathsPerEdge, portionOf, type Deed, type Moment } from '../support/model/paths.ts';

const tighter = policyWith({ absoluteTimeout: minutes(40), restoreWindow: minutes(30), maxLease: minutes(5) });

type Make = (moment: Moment, at: number) => SessionEvent;

const generation = ({ state }: Moment) => currentGeneration(state.context).generation;

/** Everything that can happen to a session, as an event that follows from where it happens. */
const makes = {
  'the clock is asked': (_, at) => ({ type: 'clock.reached', at }),
  'activity is seen': (moment, at) => ({ type: 'activity.seen', at, seenAt: at, generation: generation(moment) }),
  'a call begins': (_, at) => ({ type: 'lease.taken', at, kind: 'call', until: at + minutes(10) }),
  'a call begins without an end': (_, at) => ({ type: 'lease.taken', at, kind: 'call', until: at + minutes(1000) }),
  'a call ends': (_, at) => ({ type: 'lease.released', at, kind: 'call' }),
  'it is extended': (moment, at) => ({ type: 'session.extended', at, generation: generation(moment) }),
  'the token is rotated': (moment, at) => ({ type: 'token.rotated', at, generation: generation(moment) + 1 }),
  'the token is rotated twice': (moment, at) => ({ type: 'token.rotated', at, generation: generation(moment) + 2 }),
  'the token is used': (moment, at) => ({ type: 'token.confirmed', at, generation: generation(moment) }),
  'the token before is used': (moment, at) => ({
    type: 'token.confirmed',
    at,
    generation: Math.max(0, generation(moment) - 1),
  }),
  'the token before comes again': (moment, at) => ({
    type: 'token.replayed',
    at,
    generation: Math.max(0, generation(moment) - 1),
  }),
  'the token before is reused': (moment, at) => ({
    type: 'token.reused',
    at,
    generation: Math.max(0, generation(moment) - 1),
  }),
  'an older token is reused': (moment, at) => ({
    type: 'token.reused',
    at,
    generation: Math.max(0, generation(moment) - 2),
  }),
  'who is here is proved': (moment, at) => ({
    type: 'user.reauthenticated',
    at,
    method: 'pwd',
    generation: generation(moment) + 1,
    policy: moment.state.context.policy,
  }),
  'who is here is proved with an old token': (moment, at) => ({
    type: 'user.reauthenticated',
    at,
    method: 'pwd',
    generation: generation(moment),
    policy: moment.state.context.policy,
  }),
  'the person signs out': (_, at) => ({ type: 'user.signedOut', at }),
  'it is revoked': (_, at) => ({ type: 'session.revoked', at, by: 'u1', reason: 'other device' }),
  'it is displaced': (_, at) => ({ type: 'session.displaced', at, by: 's2' }),
  'the toast is shown': (_, at) => ({ type: 'warning.shown', at, stage: 'toast', visible: true }),
  'it is used after its end': (_, at) => ({ type: 'session.usedAfterEnd', at }),
  'its client is heard': (_, at) => ({ type: 'client.heard', at }),
  'its limits become tighter': (_, at) => ({ type: 'policy.applied', at, policy: tighter }),
} as const satisfies Record<string, Make>;

type Name = keyof typeof makes;
const names = Object.keys(makes) as Name[];

const does = (moment: Moment, { type, place }: Deed<Name>): Moment => {
  const at = instantOf(place, moment);
  return { state: step(moment.state, makes[type](moment, at)).state, now: at };
};

const policies: readonly [string, Policy][] = [
  ['whose absolute limit can be resumed from', policyWith({ absoluteTimeout: minutes(45), maxLease: minutes(20) })],
  [
    'whose absolute limit is for good',
    policyWith({ absoluteTimeout: minutes(45), maxLease: minutes(20), restoreFrom: ['idle'] }),
  ],
];

describe('the driver, on one path for every edge', () => {
  let walked: ReturnType<typeof watch>;
  beforeAll(() => {
    walked = watch('session');
  });
  afterAll(() => {
    walked.stop();
    console.log(coverageRow('the driver', sessionMachine, walked, notByDriver));
  });

  it.each(policies)(
    'of a session %s: replay equals live, and no moment is skipped',
    { timeout: 3_600_000 },
    (_, policy) => {
      const begin: Moment = { state: begun(policy).state, now: t0 };
      const all = pathsPerEdge(begin, names, does);
      const paths = isAll ? all : portionOf(all, 7);
      console.log(`${paths.length} of ${all.length} paths`);
      expect(paths.length).toBeGreaterThan(names.length * 5);
      for (const { deeds, moments } of paths) {
        const { state, entries } = start({ ...startedWith(policy) });
        let moment: Moment = { state, now: t0 };
        const log: Entry[] = [...entries];
        for (const [index, deed] of deeds.entries()) {
          const at = instantOf(deed.place, moment);
          const outcome = step(moment.state, makes[deed.type](moment, at));
          log.push(...outcome.entries);
          moment = { state: outcome.state, now: at };
          expect(moment).toEqual(moments[index]);
          expect(nextDeadline(moment.state)).toBeGreaterThan(at);
        }
        expect(replay(log)).toEqual(moment.state);
      }
    },
  );

  it('walks every state, every transition, and every guard both ways', () => {
    expect(missing(sessionMachine, walked, notByDriver)).toEqual([]);
  });
});

function startedWith(policy: Policy) {
  return {
    type: 'session.started',
    at: t0,
    user: 'u1',
    policy,
    remembered: false,
    method: 'pwd',
    device: 'd1',
  } as const;
}
