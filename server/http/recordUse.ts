import type { Context } from 'hono';
import {
  currentGeneration,
  isLive,
  isWithoutEffect,
  nextDeadline,
  seconds,
  seenAt,
  type Duration,
  type Instant,
  type SessionContext,
  type SessionEvent,
  type SessionState,
} from '../../machines/index.ts';
import { command } from '../session/command.ts';
import type { Stored } from '../store/eventLog.ts';
import type { HttpDependencies } from './dependencies.ts';
import { isDeclared as saysItself, type DeclaredActivity } from './activity.ts';
import { reportFailure } from '../session/reportFailure.ts';
import { isAccepted } from '../session/accepted.ts';

/** How long a request may take until what it says of the person is written without waiting for its answer, in ms. */
const longestWait: Duration = seconds(1);

/** A request of a session that was let in. */
export interface ReceivedRequest {
  /** When it came: whatever it says takes effect at this instant. */
  readonly at: Instant;
  /** The generation of its token. */
  readonly generation: number;
  /** Whether the request says itself what the user did, as those of Curfew clients do. */
  readonly isDeclared: boolean;
  /** What the request says about the user's activity; `background` where the route does not count as activity. */
  readonly declarationIn: (context: SessionContext) => DeclaredActivity;
}

/** The entries that follow from a request. */
export interface Use {
  /**
   * Writes them, for the request was understood.
   *
   * @returns the session as it is kept, `null` where there was nothing to write.
   * @throws StoreUnavailable when the store does not take it
   */
  record(): Promise<Stored | null>;
  /**
   * Leaves them out, unless they have been written by now.
   *
   * @returns the session as it was kept then, or `null`.
   */
  withhold(): Promise<Stored | null>;
}

/** Nothing is to be written. */
export const nothingFollows: Use = { record: async () => null, withhold: async () => null };

/** A first use confirms a generation; from then on its predecessor is on its way out. */
export const confirmation = ({ context }: SessionState, generation: number, at: Instant): readonly SessionEvent[] => {
  const newest = currentGeneration(context);
  const isFirst = newest.generation === generation && newest.confirmedAt === null;
  return isFirst ? [{ type: 'token.confirmed', at, generation }] : [];
};

/** That a Curfew client has spoken for a session is written once, whatever it said. */
export const firstWord = ({ context }: SessionState, at: Instant): readonly SessionEvent[] =>
  context.heard ? [] : [{ type: 'client.heard', at }];

function eventsOf(
  { at: receivedAt, generation, isDeclared, declarationIn }: ReceivedRequest,
  state: SessionState,
  at: Instant,
): readonly SessionEvent[] {
  if (!isAccepted(state, generation, at)) return [];
  const audit = [...confirmation(state, generation, at), ...(isDeclared ? firstWord(state, at) : [])];
  const declaration = declarationIn(state.context);
  if (declaration.by === 'background') return audit;
  const seen = seenAt(state.context, at, declaration.age + (at - receivedAt));
  const activity: SessionEvent = { type: 'activity.seen', at, seenAt: seen, generation };
  return isWithoutEffect(state, activity) ? audit : [...audit, activity];
}

/**
 * Whether nothing can follow from a request, whatever it says of the person: most say nothing new, and then what they say
 * need not be read.
 *
 * @param counts whether requests of its route count as activity
 */
export function isUneventful(
  c: Context,
  { state }: Stored,
  generation: number,
  counts: boolean,
  receivedAt: Instant,
): boolean {
  const { leaf, context } = state;
  const newest = currentGeneration(context);
  if (newest.confirmedAt === null && newest.generation === generation) return false;
  if (!context.heard && saysItself(c)) return false;
  // Nobody has been there later than at this instant.
  const at = Math.max(receivedAt, context.updatedAt);
  return !counts || (isLive(leaf) && isWithoutEffect(state, { type: 'activity.seen', at, seenAt: at, generation }));
}

/**
 * Has what follows from a request written once: when it was understood; one second after it came, when the answer takes
 * longer; or just before the session's next deadline, so that nobody who was there in time is taken for idle because of
 * a slow answer. Only an answer that is quicker can still withhold it.
 *
 * @param known the session as this request knows it, when it is asked
 */
export function scheduleUse(parts: HttpDependencies, known: () => Stored, received: ReceivedRequest): Use {
  const { state } = known();
  const at = Math.max(received.at, state.context.updatedAt);
  if (eventsOf(received, state, at).length === 0) return nothingFollows;

  const write = () =>
    command(
      parts,
      known(),
      (now, instant) => ({ events: eventsOf(received, now, instant), answer: null }),
      received.at,
    );
  let early: Promise<Stored | null> | null = null;
  const cancel = parts.wake(Math.min(received.at + longestWait, nextDeadline(state) - 1), () => {
    early = write().catch((error: unknown) => {
      reportFailure(parts, error);
      return null;
    });
  });
  return {
    async record() {
      cancel();
      return (await early) ?? write();
    },
    async withhold() {
      cancel();
      return early;
    },
  };
}
