import { z } from 'zod';
import type { SentEvent } from '../routes/streamed.ts';

/** Who holds the socket of a stream: a browser, behind a worker, or a signal of a session. */
export const listeners = ['browser', 'signal'] as const;
export type Listener = (typeof listeners)[number];

/** How a worker says that it asks for a socket, and for whom. */
export const listenerHeader = 'Curfew-Listener';

/** What a worker sends: the first is answered without waking the object, the second has it look how the session stands. */
export const ping = 'curfew ping';
export const pong = 'curfew pong';
export const look = 'curfew look';

/** Why the object closes a socket. Any other code is that of a socket that is lost. @see RFC 6455 §7.4 */
export const closed = { malformed: 1007, again: 1012, noRoom: 4000, over: 4001 } as const;

const message = z
  .object({
    event: z.object({ event: z.literal('session'), id: z.string(), data: z.string() }).nullable(),
    next: z.number().nonnegative(),
  })
  .readonly();

/** What the object says of the session. */
export interface StreamMessage {
  /** `null` when nothing has changed. */
  readonly event: SentEvent | null;
  /** In how many ms it is to be asked again. */
  readonly next: number;
}

/** Writes what the object says. */
export const written = (said: StreamMessage): string => JSON.stringify(said);

/** Reads what the object says. @returns `null` for what it never says */
export function readMessage(data: unknown): StreamMessage | null {
  try {
    return message.parse(JSON.parse(String(data)));
  } catch {
    return null;
  }
}
