import {
  createPolicy,
  isLive,
  isSessionEvent,
  isSessionStarted,
  reasonOf,
  settle,
  start,
  step,
  type Duration,
  type Entry,
  type Instant,
  type Leaf,
  type Policy,
  type PolicyResult,
  type Reason,
  type SessionState,
} from '../../../machines/index.ts';

/** Where a session would have gone another way than it did. */
export interface Divergence {
  /** The version it had reached in its log. */
  readonly version: number;
  readonly at: Instant;
  readonly was: Leaf;
  readonly would: Leaf;
  /** Why it would have been there, `null` when nothing would have been the matter. */
  readonly reason: Reason | null;
}

/** The recorded policy with other limits; a warning that no longer fits becomes a third of the idle limit. */
export const policyUnder = (recorded: Policy, idleTimeout: Duration, absoluteTimeout: Duration): PolicyResult =>
  createPolicy(recorded, {
    idleTimeout,
    absoluteTimeout,
    warnBefore: recorded.warnBefore < idleTimeout ? recorded.warnBefore : idleTimeout / 3,
  });

interface Point {
  readonly at: Instant;
  readonly state: SessionState;
}

/** Everything the session would have been, from the causes that were: whatever is not the clock's doing. */
function livedUnder(entries: readonly Entry[], policy: Policy, until: Instant): readonly Point[] {
  const points: Point[] = [];
  let state: SessionState | null = null;
  // The clock's steps fall out at their own instants; asking for each alone shows the state between two of them.
  const pass = (from: SessionState, to: Instant): SessionState => {
    let settled = from;
    for (const { at } of settle(from, to).entries) {
      settled = settle(settled, at).state;
      points.push({ at, state: settled });
    }
    return settled;
  };
  for (const { type, at, data } of entries) {
    const event = { ...data, type, at };
    if (state === null && isSessionStarted(event)) state = start({ ...event, policy }).state;
    else if (state !== null && isSessionEvent(event) && event.type !== 'clock.reached') {
      const settled = pass(state, at);
      state = step(settled, event.type === 'user.reauthenticated' ? { ...event, policy } : event).state;
    } else continue;
    points.push({ at, state });
  }
  if (state) pass(state, until);
  return points;
}

function* divergencesUnder(entries: readonly Entry[], policy: Policy): Generator<Divergence> {
  const until = entries.at(-1)?.at ?? 0;
  const would = livedUnder(entries, policy, until);
  const instants = [...new Set([...entries, ...would].map(({ at }) => at))].toSorted((a, b) => a - b);
  let [recorded, lived] = [0, 0];
  for (const at of instants) {
    while ((entries[recorded]?.at ?? Infinity) <= at) recorded += 1;
    while ((would[lived]?.at ?? Infinity) <= at) lived += 1;
    const entry = entries[recorded - 1];
    const state = would[lived - 1]?.state;
    if (!entry || !state || entry.to === state.leaf) continue;
    yield { version: entry.version, at, was: entry.to, would: state.leaf, reason: reasonOf(state) };
  }
}

/** The first moment at which a session would have been anywhere else under another policy; `null` if never. */
export const replayUnder = (entries: readonly Entry[], policy: Policy): Divergence | null =>
  [...divergencesUnder(entries, policy)][0] ?? null;

/** The first moment at which the person would have been out where they were in, or the reverse; `null` if never. */
export function signedOutUnder(entries: readonly Entry[], policy: Policy): Divergence | null {
  for (const found of divergencesUnder(entries, policy)) if (isLive(found.was) !== isLive(found.would)) return found;
  return null;
}
