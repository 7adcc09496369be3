import { begun, decided, extended } from '../../../server/contract/history.ts';
import type { Change, EventLog } from '../../../server/store/eventLog.ts';

const batch = 1000;

/** The id of a session that was begun by `fillWithSessions`, which is the name of its user, too: as long as a real one. */
export const nameOf = (index: number): string => `filled-${String(index).padStart(36, '0')}`;

/** Begins as many sessions as are asked for, each of a user of its own: the same one, under other names. */
export async function fillWithSessions(log: EventLog, count: number, at: number): Promise<void> {
  const one = begun('one', 'one', at);
  for (let from = 0; from < count; from += batch) {
    const changes = Array.from({ length: Math.min(batch, count - from) }, (_, index): Change => {
      const name = nameOf(from + index);
      return { ...one, id: name, state: { ...one.state, context: { ...one.state.context, user: name } } };
    });
    await log.append(changes);
  }
}

/** How many entries a session of the log has. */
export const entriesEach = 50;

/** The id of a session that the log is filled with. */
export const idOf = (index: number): string => `session-${index}`;

/** Fills the log with sessions of fifty entries each, until it has as many entries as are asked for. */
export async function fillWithEntries(log: EventLog, from: number, to: number, at: number): Promise<void> {
  const first = begun('one', 'one', at);
  const events = Array.from({ length: entriesEach - 1 }, (_, index) => extended(at + (index + 1) * 1000));
  const hash = first.entries.at(-1)?.hash ?? '';
  const rest = decided({ id: 'one', state: first.state, hash }, events);
  const one: Change = { ...first, state: rest.state, entries: [...first.entries, ...rest.entries] };
  if (one.entries.length !== entriesEach) throw new Error(`A session has ${one.entries.length} entries`);
  const each = batch / entriesEach;
  for (let index = from / entriesEach; index < to / entriesEach; index += each)
    await log.append(Array.from({ length: each }, (_, more): Change => ({ ...one, id: idOf(index + more) })));
}
