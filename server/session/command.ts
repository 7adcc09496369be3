import {
  settle,
  step,
  stepAll,
  type Entry,
  type Instant,
  type Refusal,
  type SessionEvent,
  type SessionState,
} from '../../machines/index.ts';
import { chain } from '../store/chain.ts';
import type { TransactionalWrite, Change, Stored } from '../store/eventLog.ts';
import type { SessionDependencies } from './dependencies.ts';
import { StoreUnavailable } from '../store/unavailable.ts';
import { maxAttempts, inQueue } from './sessionQueue.ts';

/** What is to happen to a session, decided on its settled state, and what the caller wants to remember of deciding. */
export interface Decision<T> {
  readonly events: readonly SessionEvent[];
  readonly answer: T;
}

/** What a session is changed with. */
export type CommandDependencies = Pick<SessionDependencies, 'log' | 'clock' | 'write' | 'vault' | 'drafts'>;

/** A session after a command, as it is kept. */
export interface Commanded<T> extends Stored {
  readonly at: Instant;
  readonly answer: T;
  /** Why the events did not happen, as far as they did not. */
  readonly refused: Refusal | null;
}

/** What is to be written of a session, and what it is then. */
interface Changed {
  readonly next: Stored;
  /** `null` when there is nothing to write. */
  readonly change: Change | null;
  readonly refused: Refusal | null;
}

type Settled = ReturnType<typeof settle>;

/**
 * Steps every deadline that has come. A session that ended together with all others ends at that instant first, whatever
 * happens to it afterwards.
 */
function settleStored({ state, revoked }: Stored, at: Instant): Settled {
  if (!revoked) return settle(state, at);
  const { at: revokedAt, by, reason } = revoked;
  const ended = step(state, { type: 'session.revoked', at: revokedAt, by, reason });
  const { state: settled, entries } = settle(ended.state, at);
  return { state: settled, entries: [...ended.entries, ...entries] };
}

/** The earliest that something can be written of a session: its time never runs backwards. */
export const earliestOf = ({ state, revoked }: Stored): Instant => Math.max(state.context.updatedAt, revoked?.at ?? 0);

/** Steps events on a session whose clock is settled, and the clock again. */
function changeFrom(stored: Stored, settled: Settled, events: readonly SessionEvent[], now: Instant): Changed {
  const stepped = stepAll(settled.state, events);
  const after = settle(stepped.state, now);
  const refused = stepped.outcome === 'rejected' ? stepped.code : null;
  const entries = chain(stored.hash, [...settled.entries, ...stepped.entries, ...after.entries], now);
  const last = entries.at(-1);
  if (!last) return { next: stored, change: null, refused };
  const { id, device } = stored;
  return {
    next: { id, device, state: after.state, hash: last.hash },
    change: { id, expected: stored.state.context.version, state: after.state, entries },
    refused,
  };
}

/** Steps a stored session on paper: the clock at an instant, and the events that take effect then. */
export const change = (stored: Stored, events: readonly SessionEvent[], at: Instant): Changed =>
  changeFrom(stored, settleStored(stored, at), events, at);

/** A change without entries: the append fails when the session was changed since it was read. */
export const unchanged = ({ id, state }: Stored): Change => ({
  id,
  expected: state.context.version,
  state,
  entries: [],
});

/** Writes a log line for each entry that was committed. */
export function logEntries(
  { write }: Pick<SessionDependencies, 'write'>,
  id: string,
  user: string,
  entries: readonly Entry[],
): void {
  for (const { version, type, at, from, to } of entries)
    write({ msg: 'session', session: id, user, version, type, at, from, to });
}

/**
 * What else is written when a session changes. Who has stolen a credential may have got the key of the preserved
 * work with it: from now on there is another. A user who signs out and wants nothing kept leaves nothing.
 */
function consequences(
  { vault, drafts }: CommandDependencies,
  { state, entries }: Change,
): readonly TransactionalWrite[] {
  const { user } = state.context;
  return entries.flatMap(({ type, data }) => {
    if (type === 'token.reused') return [vault.rotateKeyWrite(user)];
    return type === 'user.signedOut' && data['forgetDevice'] === true ? [drafts.eraseWrite(user)] : [];
  });
}

/**
 * The one path by which a session changes: load, the clock first, decide, append at the expected version; when another
 * request was faster, load and decide again. What changes nothing does not wait.
 *
 * @param session its id, or the session as it was loaded before: then it is loaded only when another request was faster
 * @param decide what is to happen, given the state with its clock settled; asked again on every attempt
 * @param receivedAt when what is to happen takes effect: before the clock goes on to the present; default the present
 * @returns the session as it is kept now, or `null` when there is none of that id
 * @throws StoreUnavailable when the store does not take it
 */
export async function command<T>(
  parts: CommandDependencies,
  session: string | Stored,
  decide: (state: SessionState, at: Instant) => Decision<T>,
  receivedAt = Infinity,
): Promise<Commanded<T> | null> {
  const decideOn = (stored: Stored) => {
    const earliest = earliestOf(stored);
    const now = Math.max(parts.clock(), earliest);
    const at = Math.max(earliest, Math.min(now, receivedAt));
    const settled = settleStored(stored, at);
    const { events, answer } = decide(settled.state, at);
    const { next, change: written, refused } = changeFrom(stored, settled, events, now);
    return { change: written, commanded: { ...next, at: now, answer, refused } };
  };

  const id = typeof session === 'string' ? session : session.id;
  const read = async () => {
    const stored = await parts.log.load(id);
    return stored && decideOn(stored);
  };

  const first = typeof session === 'string' ? await read() : decideOn(session);
  if (!first?.change) return first?.commanded ?? null;
  return inQueue(parts.log, [id], async () => {
    let decided: ReturnType<typeof decideOn> | null = first;
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      if (!decided?.change) return decided?.commanded ?? null;
      if ((await parts.log.append([decided.change], undefined, consequences(parts, decided.change))) === 'appended') {
        logEntries(parts, id, decided.commanded.state.context.user, decided.change.entries);
        return decided.commanded;
      }
      decided = await read();
    }
    throw new StoreUnavailable('this session is changing too fast');
  });
}

/** Loads a session, or takes one as it was loaded before, with every deadline that has come already written. */
export const loadCurrent = (parts: CommandDependencies, session: string | Stored): Promise<Commanded<null> | null> =>
  command(parts, session, () => ({ events: [], answer: null }));
