import { isLive, nextDeadline, viewOf, type Instant } from '../../machines/index.ts';
import { loadCurrent, type CommandDependencies } from '../session/command.ts';
import type { Stored } from '../store/eventLog.ts';

/** What an event stream is of. */
export interface Streamed {
  /** The id of the session. */
  readonly session: string;
  /** The generation of the token that has opened it: a later barrier closes it. */
  readonly generation: number;
  /** When that token expires. */
  readonly expires: Instant;
}

/** An event as it is sent. */
export interface SentEvent {
  readonly event: 'session';
  /** The version of the session. */
  readonly id: string;
  /** JSON of the view. */
  readonly data: string;
}

/** What an event stream tells at an instant. */
export interface Told {
  readonly at: Instant;
  readonly version: number;
  /** `null` when nothing has changed. */
  readonly event: SentEvent | null;
  /** Whether it closes then. */
  readonly isOver: boolean;
  /** When something will change though nobody does anything. */
  readonly next: Instant;
}

/**
 * Looks how the session of an event stream stands, with every deadline that has come already written.
 *
 * @param sent the version that was told last, 0 for none
 * @param known the session as it was loaded before
 * @returns `null` when there is no such session any more
 */
export async function whatToTell(
  parts: CommandDependencies,
  { session, generation, expires }: Streamed,
  sent: number,
  known: Stored | null = null,
): Promise<Told | null> {
  const current = await loadCurrent(parts, known ?? session);
  if (!current) return null;
  const { id, state, at } = current;
  const { version, barrier } = state.context;
  return {
    at,
    version,
    event:
      version > sent ? { event: 'session', id: String(version), data: JSON.stringify(viewOf(id, state, at)) } : null,
    isOver: !isLive(state.leaf) || generation < barrier || at >= expires,
    next: Math.min(nextDeadline(state), expires),
  };
}
