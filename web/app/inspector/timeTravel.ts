import {
  absoluteDeadline,
  idleDeadline,
  isSessionEvent,
  phaseOf,
  replay,
  stageAt,
  step,
  viewOf,
  warnAt,
  type Entry,
  type Instant,
  type SessionState,
  type SessionView,
  type WarningStage,
} from '../../../machines/index.ts';

/** What was on the person's screen: nothing of ours, a warning, or that they were out. */
export type Seen = 'none' | WarningStage | 'locked' | 'ended';

/** The instants at which the clock alone would have changed the session, as they stood at one step. */
export interface Deadlines {
  readonly warn: Instant;
  readonly idle: Instant;
  readonly absolute: Instant;
}

/** A session as it was right after one entry of its log. */
export interface Moment<Logged extends Entry = Entry> {
  readonly entry: Logged;
  readonly state: SessionState;
  readonly view: SessionView;
  readonly deadlines: Deadlines;
  readonly seen: Seen;
}

/** What the person was shown at an instant. */
export function seenIn(view: SessionView, at: Instant): Seen {
  const phase = phaseOf(view.leaf);
  if (phase === 'ended') return 'ended';
  if (phase === 'lapsed') return 'locked';
  const stage = stageAt(view, at);
  return stage === 'over' ? 'locked' : stage;
}

const deadlinesOf = ({ context }: SessionState): Deadlines => ({
  warn: warnAt(context),
  idle: idleDeadline(context),
  absolute: absoluteDeadline(context),
});

/** One entry on from a state; `null` when a step writes more than this one, so that it has to be replayed. */
function onward(before: SessionState, { type, at, data, to, version }: Entry): SessionState | null {
  const event = { ...data, type, at };
  if (!isSessionEvent(event)) return null;
  const { state, entries } = step(before, event);
  return entries.length === 1 && state.leaf === to && state.context.version === version ? state : null;
}

/**
 * Goes through a log and stops at every entry.
 *
 * @param id the session's, for its views. Default none
 * @throws when the log is not one that these rules can have written.
 */
export function travel<Logged extends Entry>(entries: readonly Logged[], id = ''): readonly Moment<Logged>[] {
  const moments: Moment<Logged>[] = [];
  for (const [index, entry] of entries.entries()) {
    const before = moments.at(-1)?.state;
    const state = (before && onward(before, entry)) ?? replay(entries.slice(0, index + 1));
    const view = viewOf(id, state, entry.at);
    moments.push({ entry, state, view, deadlines: deadlinesOf(state), seen: seenIn(view, entry.at) });
  }
  return moments;
}
