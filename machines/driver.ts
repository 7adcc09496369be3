import { initialTransition } from 'xstate';
import { lapsesAt, restorableUntil, warnAt } from './deadlines.ts';
import type { LoggedEvent, SessionEvent, SessionStarted } from './events.ts';
import { leafOf, type Leaf } from './leaf.ts';
import { isWithoutEffect } from './recorded.ts';
import { malformed, refusalOf, type Refusal } from './refusal.ts';
import type { SessionContext } from './session.context.ts';
import { rules, sessionMachine } from './session.machine.ts';
import { stepMachine } from './stepper.ts';
import type { Instant } from './time.ts';

/** All there is to know of a session. */
export interface SessionState {
  readonly leaf: Leaf;
  readonly context: SessionContext;
}

/** One entry of a session's log, before the server notes when it wrote it. */
export interface Entry {
  /** Its place in the stream, from 1. */
  readonly version: number;
  readonly type: LoggedEvent['type'];
  /** When it took effect; a deadline's own instant for `clock.reached`. */
  readonly at: Instant;
  /** The leaf before, `null` in the first entry. */
  readonly from: Leaf | null;
  readonly to: Leaf;
  /** What the event carries besides `type` and `at`. */
  readonly data: Readonly<Record<string, unknown>>;
  /** The version of the machine that wrote it. */
  readonly rules: string;
}

/**
 * What became of an event. `entries` are to be written whatever the outcome, for the clock may have moved first:
 * `changed`, `unchanged` (accepted, nothing of its own to write) or `rejected` with a code.
 */
export type Step = { readonly state: SessionState; readonly entries: readonly Entry[] } & (
  | { readonly outcome: 'changed' }
  | { readonly outcome: 'unchanged' }
  | { readonly outcome: 'rejected'; readonly code: Refusal }
);

/**
 * The next instant at which the clock alone changes the session: 1 ms earlier nothing happens. Infinity when it never
 * will. It is the sweeper's key, the browser's alarm and the test by which most requests need no step at all.
 */
export function nextDeadline({ leaf, context }: SessionState): Instant {
  switch (leaf) {
    case 'active.fresh':
      return warnAt(context);
    case 'active.expiring':
      return lapsesAt(context);
    case 'lapsed.idle':
    case 'lapsed.absolute':
      return restorableUntil(context) ?? Infinity;
    case 'ended.expired':
    case 'ended.signedOut':
    case 'ended.revoked':
    case 'ended.displaced':
    case 'ended.compromised':
      return Infinity;
  }
}

/** The one place that knows how XState is called. */
export function transit(state: SessionState, event: SessionEvent): { state: SessionState; accepted: boolean } {
  const { snapshot, actions } = stepMachine(state.leaf, state.context, event);
  const recorded = snapshot.context.version > state.context.version;
  return {
    state: recorded ? { leaf: leafOf(snapshot.value), context: snapshot.context } : state,
    accepted: recorded || actions.includes('accept'),
  };
}

export const entryOf = (event: LoggedEvent, from: Leaf | null, { leaf, context }: SessionState): Entry => {
  const { type, at, ...data } = event;
  return { version: context.version, type, at, from, to: leaf, data, rules };
};

/** Creates a stream. */
export function start(started: SessionStarted): { readonly state: SessionState; readonly entries: readonly [Entry] } {
  const [snapshot] = initialTransition(sessionMachine, started);
  const state = { leaf: leafOf(snapshot.value), context: snapshot.context };
  return { state, entries: [entryOf(started, null, state)] };
}

/**
 * Steps every deadline that has come, each at its own instant.
 *
 * @returns the settled state and the entries to write, none when no deadline has come.
 */
export function settle(state: SessionState, at: Instant): { state: SessionState; entries: readonly Entry[] } {
  const entries: Entry[] = [];
  let settled = state;
  for (let due = nextDeadline(settled); due <= at; due = nextDeadline(settled)) {
    const event: SessionEvent = { type: 'clock.reached', at: Math.max(due, settled.context.updatedAt) };
    const next = transit(settled, event).state;
    if (next === settled) throw new Error(`the clock stands still in ${settled.leaf}`);
    entries.push(entryOf(event, settled.leaf, next));
    settled = next;
  }
  return { state: settled, entries };
}

/**
 * The only way to step a session: the clock first, then the event, then the clock again. So a late or backdated event
 * can never revive a session, and extra clock checks anywhere never change the outcome.
 *
 * @returns what became of it; a refusal is `rejected` with a code, never an exception.
 */
export function step(before: SessionState, given: SessionEvent): Step {
  const unfit = malformed(given);
  if (unfit) return { outcome: 'rejected', code: unfit, state: before, entries: [] };
  const event = { ...given, at: Math.max(given.at, before.context.updatedAt) };
  const { state, entries } = settle(before, event.at);
  if (event.type === 'clock.reached') return { outcome: entries.length > 0 ? 'changed' : 'unchanged', state, entries };

  if (isWithoutEffect(state, event)) return { outcome: 'unchanged', state, entries };
  const { state: next, accepted } = transit(state, event);
  if (!accepted) return { outcome: 'rejected', code: refusalOf(state, event), state, entries };
  if (next === state) return { outcome: 'unchanged', state, entries };

  const after = settle(next, event.at);
  return {
    outcome: 'changed',
    state: after.state,
    entries: [...entries, entryOf(event, state.leaf, next), ...after.entries],
  };
}

/** Steps several events that belong to one append; stops at the first that is rejected. */
export function stepAll(before: SessionState, events: readonly SessionEvent[]): Step {
  const entries: Entry[] = [];
  let state = before;
  for (const event of events) {
    const next = step(state, event);
    entries.push(...next.entries);
    if (next.outcome === 'rejected') return { ...next, entries };
    state = next.state;
  }
  return { outcome: entries.length > 0 ? 'changed' : 'unchanged', state, entries };
}
