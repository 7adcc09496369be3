import fc from 'fast-check';
import {
  createPolicy,
  currentGeneration,
  minutes,
  nextDeadline,
  presets,
  seconds,
  start,
  step,
  type Authentication,
  type Entry,
  type Instant,
  type Policy,
  type SessionEvent,
  type SessionState,
  type Step,
} from '../../machines/index.ts';

export const t0: Instant = Date.UTC(2026, 10, 24, 9);

/** A policy for tests, `standard` with some fields replaced. */
export function policyWith(overrides: Partial<Policy> = {}, base: Policy = presets.standard): Policy {
  const result = createPolicy(base, overrides);
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return result.policy;
}

/** A session that has just begun. */
export const begun = (policy: Policy = presets.standard, at = t0) =>
  start({ type: 'session.started', at, user: 'u1', policy, remembered: false, method: 'pwd', device: 'd1' });

/** Where on the time line something happens, so that every interesting order is likely. */
export type Place = 'now' | 'before' | 'at' | 'after' | 'later' | 'long after' | 'earlier';
const places: readonly Place[] = ['now', 'before', 'at', 'after', 'later', 'long after', 'earlier'];

export function instantOf(place: Place, state: SessionState, now: Instant): Instant {
  const due = Math.min(nextDeadline(state), now + minutes(60 * 24 * 40));
  const instants: Record<Place, Instant> = {
    now,
    before: Math.max(now, due - 1),
    at: Math.max(now, due),
    after: Math.max(now, due + 1),
    later: now + seconds(61),
    'long after': Math.max(now, due) + minutes(31),
    earlier: now - minutes(10),
  };
  return instants[place];
}

/** What happens, without its times and generations: those follow from the state it happens in. */
export interface Happening {
  readonly place: Place;
  readonly type: SessionEvent['type'];
  /** Which generation comes: the current one, one before, or the first. */
  readonly back: 0 | 1 | 2;
  /** How long ago the person was there, or how long a lease is to last, in ms. */
  readonly length: number;
}

const types: readonly SessionEvent['type'][] = [
  'clock.reached',
  'activity.seen',
  'lease.taken',
  'lease.released',
  'session.extended',
  'token.rotated',
  'token.confirmed',
  'token.replayed',
  'token.reused',
  'user.reauthenticated',
  'user.signedOut',
  'session.revoked',
  'session.displaced',
  'warning.shown',
  'session.usedAfterEnd',
  'client.heard',
  'policy.applied',
];

/** Endings are rare, or every history would be short. */
const type = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.constantFrom(...types.filter((each) => !/signedOut|revoked|displaced|reused/.test(each))),
  },
  { weight: 1, arbitrary: fc.constantFrom(...types) },
);

export const happening: fc.Arbitrary<Happening> = fc.record({
  place: fc.constantFrom(...places),
  type,
  back: fc.constantFrom(0, 1, 2),
  length: fc.constantFrom(0, 1, seconds(30), minutes(10), minutes(45)),
});

export const histories = fc.array(happening, { maxLength: 30 });

export const policies: fc.Arbitrary<Policy> = fc.constantFrom(
  presets.standard,
  presets.pci,
  presets['owasp-high'],
  policyWith({ activityResolution: 0, warnBefore: 0 }),
  policyWith({
    idleTimeout: seconds(20),
    warnBefore: seconds(8),
    absoluteTimeout: seconds(50),
    restoreWindow: minutes(1),
  }),
  policyWith({
    idleTimeout: minutes(30),
    absoluteTimeout: minutes(40),
    restoreFrom: ['idle'],
    undeclaredActivity: 'until-declared',
  }),
);

/** How the person proves who they are: as rules 1 wrote it, by a list, or by another provider's word for it. */
const proofs = (provedAt: Instant) =>
  [
    { method: 'pwd' },
    { method: ['pwd'], heard: true },
    { method: ['hwk', 'user'], provedAt, issuer: 'https://id.example', amr: ['phr'], acr: '1' },
  ] as const satisfies readonly Authentication[];

/** Policies that are applied to a session that is there. */
const applied = [
  presets.standard,
  presets['owasp-high'],
  policyWith({ idleTimeout: minutes(20), maxLease: minutes(5), restoreWindow: minutes(10), restoreFrom: ['idle'] }),
] as const;

/** The event a happening is in a state. */
export function eventOf(
  { type: kind, back, length, place }: Happening,
  state: SessionState,
  now: Instant,
): SessionEvent {
  const at = instantOf(place, state, now);
  const current = currentGeneration(state.context).generation;
  const generation = Math.max(0, current - back);
  switch (kind) {
    case 'activity.seen':
      return { type: kind, at, seenAt: at - length, generation };
    case 'lease.taken':
      return { type: kind, at, kind: 'call', until: at + length };
    case 'lease.released':
      return { type: kind, at, kind: 'call' };
    case 'session.extended':
    case 'token.confirmed':
    case 'token.replayed':
    case 'token.reused':
      return { type: kind, at, generation };
    case 'token.rotated':
      return { type: kind, at, generation: current + 1 };
    case 'user.reauthenticated':
      return { type: kind, at, generation: current + 1, policy: state.context.policy, ...proofs(at - length)[back] };
    case 'policy.applied':
      return { type: kind, at, policy: applied[back] };
    case 'session.revoked':
      return { type: kind, at, by: 'u2', reason: 'user' };
    case 'session.displaced':
      return { type: kind, at, by: 's2' };
    case 'warning.shown':
      return { type: kind, at, stage: back === 0 ? 'toast' : 'dialog', visible: length > 0 };
    case 'clock.reached':
    case 'user.signedOut':
    case 'session.usedAfterEnd':
    case 'client.heard':
      return { type: kind, at };
  }
}

/** One step of a history with everything around it. */
export interface Lived {
  readonly before: SessionState;
  readonly event: SessionEvent;
  readonly step: Step;
}

/** Lives a history; `also` may put further events in between. */
export function live(policy: Policy, happenings: readonly Happening[]) {
  const { state: first, entries } = begun(policy);
  const log: Entry[] = [...entries];
  const lived: Lived[] = [];
  let state: SessionState = first;
  let now = t0;
  for (const each of happenings) {
    const event = eventOf(each, state, now);
    const taken = step(state, event);
    lived.push({ before: state, event, step: taken });
    log.push(...taken.entries);
    state = taken.state;
    now = Math.max(now, event.at);
  }
  return { state, log, lived, now };
}
