import { start, transit, type Entry, type SessionState } from './driver.ts';
import { isSessionEvent, isSessionStarted } from './events.ts';

const eventOf = ({ type, at, data }: Entry) => ({ ...data, type, at });

/**
 * Steps a log through the machine again, entry by entry.
 *
 * @returns the state after the last entry: what the live session was at that moment.
 * @throws when the log is not one that these rules can have written; that is damage, not an expected outcome.
 */
export function replay(entries: Iterable<Entry>): SessionState {
  let state: SessionState | null = null;
  for (const entry of entries) {
    state = apply(state, entry);
    if (state.leaf !== entry.to || state.context.version !== entry.version)
      throw new Error(`entry ${entry.version} (${entry.type}) leads to ${state.leaf}, the log says ${entry.to}`);
  }
  if (!state) throw new Error('an empty log has no state');
  return state;
}

function apply(state: SessionState | null, entry: Entry): SessionState {
  const event = eventOf(entry);
  if (state === null && isSessionStarted(event)) return start(event).state;
  if (state === null || !isSessionEvent(event))
    throw new Error(`entry ${entry.version} is no event these rules know: ${entry.type}`);
  return transit(state, event).state;
}
