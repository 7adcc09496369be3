import { isFreshlyAuthenticated, isLive, nextDeadline, type Duration, type Instant } from '../../machines/index.ts';
import type { Claims } from '../keys/sessionTokens.ts';
import { isAccepted } from '../session/accepted.ts';
import type { Stored } from '../store/eventLog.ts';
import type { KnownPerson } from './activeSession.ts';
import type { HttpDependencies } from './dependencies.ts';

/** What is known of sessions and users without reading it. */
export interface RequestCopies {
  /** What a copy has to be of, `null` while none may be used. @throws StoreUnavailable */
  readonly mark: () => number | null;
  /** The same where it takes long to ask: once for all requests that came in one turn of the event loop, after they came. */
  readonly markOfTurn?: (() => Promise<number | null>) | undefined;
  /** Whether an answer to what was let in behind a mark may leave. */
  readonly holds: (mark: number) => boolean;
  readonly session: (id: string, mark: number) => Stored | undefined;
  /** `undefined` where it has to be read. */
  readonly person: (user: string, mark: number) => KnownPerson | undefined;
}

/** What a request is let in by. */
export interface JudgedCopy {
  readonly mark: number;
  readonly stored: Stored;
  /** `undefined` where it has to be read, or nobody asks. */
  readonly person: KnownPerson | undefined;
  readonly at: Instant;
}

/** What a route asks of a session. */
export interface CopyOptions {
  /** Whether the name and the role of the user are needed. Default `false`. */
  readonly persons?: boolean;
  /** How old the proof may be, in ms. Default any. */
  readonly recent?: Duration | undefined;
}

/**
 * Judges a credential by a copy of its session. A copy only ever lets in: between two deadlines, with a generation and a
 * token that are good. Whatever else is to be said, the store has to say.
 *
 * @param mark what the store has said of copies since the request came; by default it is asked
 * @returns what lets the request in, or `null`: the session is to be read.
 */
export function judgeCopy(
  { copies, clock }: Pick<HttpDependencies, 'copies' | 'clock'>,
  { sid, sub, gen, exp }: Claims,
  { persons, recent }: CopyOptions,
  mark: number | null = copies?.mark() ?? null,
): JudgedCopy | null {
  if (!copies || mark === null) return null;
  const stored = copies.session(sid, mark);
  if (!stored) return null;
  const { state } = stored;
  const at = Math.max(clock(), state.context.updatedAt);
  const isGood =
    state.context.user === sub &&
    isLive(state.leaf) &&
    at < nextDeadline(state) &&
    at < exp * 1000 &&
    isAccepted(state, gen, at) &&
    (recent === undefined || isFreshlyAuthenticated(state.context, at, recent));
  return isGood ? { mark, stored, person: persons ? copies.person(sub, mark) : undefined, at } : null;
}
