import { setTimeout as wait } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import { seconds } from '../../machines/index.ts';
import { send, type Asked } from './ask.ts';

/** How the event stream of a session came through. */
export interface StreamFacts {
  /** When its first event came: while the session was live, or only when its end had closed the stream. */
  readonly came: 'at once' | 'at the end' | 'never';
  /** What the answer was, `null` where none came. */
  readonly status: number | null;
  /** How it was compressed, `null` where it was not. */
  readonly encoding: string | null;
}

type Seen = Omit<StreamFacts, 'came'> & { readonly isEvent: boolean };

const patience = seconds(5);

/** Reads until the first event. @param tell called with whatever is known so far */
async function read(asked: Asked, signal: AbortSignal, tell: (seen: Seen) => void): Promise<void> {
  const headers = { ...asked.headers, Accept: 'text/event-stream', 'Accept-Encoding': 'gzip' };
  const response = await send({ ...asked, headers }, signal);
  const encoding = response.headers['content-encoding'] ?? null;
  const seen = { status: response.statusCode ?? null, encoding, isEvent: false };
  tell(seen);
  for await (const chunk of encoding === 'gzip' ? response.pipe(createGunzip()) : response) {
    if (!String(chunk).includes('event: session')) continue;
    tell({ ...seen, isEvent: true });
    return;
  }
}

/**
 * Reads an event stream until its first event. Where none comes, the session is ended: then the server closes the stream,
 * and what is kept back on the way comes.
 */
export async function firstEvent(asked: Asked, end: () => Promise<unknown>): Promise<StreamFacts> {
  const over = new AbortController();
  let seen: Seen = { status: null, encoding: null, isEvent: false };
  const reading = read(asked, over.signal, (now) => (seen = now)).catch(() => {});
  const look = async (): Promise<Seen> => {
    await Promise.race([reading, wait(patience, null, { ref: false })]);
    return seen;
  };
  try {
    const { isEvent, ...before } = await look();
    if (isEvent) return { came: 'at once', ...before };
    await end();
    const { isEvent: isKeptBack, ...after } = await look();
    return { came: isKeptBack ? 'at the end' : 'never', ...after };
  } finally {
    over.abort();
    await reading;
  }
}
