import type { MiddlewareHandler } from 'hono';
import { problem } from './problem.ts';

/** Largest body of a route that says nothing else, in bytes. */
const defaultLimit = 16 * 1024;

/** How much of a refused body is still read, so that the client gets the answer, in bytes. */
const maxDiscarded = 64 * 1024 * 1024;

type Reader = ReadableStreamDefaultReader<Uint8Array>;

/** Reads the rest of a body and drops it. A client that closes the connection meanwhile gets no answer. */
async function discard(reader: Reader): Promise<void> {
  try {
    let size = 0;
    for (let read = await reader.read(); !read.done && size < maxDiscarded; read = await reader.read())
      size += read.value.byteLength;
  } catch {
    return;
  }
}

/** What became of a body without an announced length. */
type Arrival = Uint8Array<ArrayBuffer> | 'too_large' | 'broken_off';

async function arrivalOf(reader: Reader, maxSize: number): Promise<Arrival> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      size += read.value.byteLength;
      if (size > maxSize) return 'too_large';
      chunks.push(read.value);
    }
  } catch {
    return 'broken_off';
  }
  return Uint8Array.from(Buffer.concat(chunks));
}

/** Refuses a body over a size: by its announced length, or where there is none, as soon as it is over. */
export const limitBody =
  (maxSize: number = defaultLimit): MiddlewareHandler =>
  async (c, next) => {
    const announced = c.req.header('Content-Length');
    // With both headers the chunks are what counts. @see RFC 9112 §6.3
    if (announced !== undefined && c.req.header('Transfer-Encoding') === undefined)
      return Number(announced) <= maxSize ? next() : problem(c, 'too_large', { limit: maxSize });
    const reader = c.req.raw.body?.getReader();
    if (!reader) return next();
    const arrival = await arrivalOf(reader, maxSize);
    if (arrival === 'broken_off') return problem(c, 'malformed_json');
    if (arrival === 'too_large') {
      await discard(reader);
      return problem(c, 'too_large', { limit: maxSize });
    }
    c.req.raw = new Request(c.req.raw, { method: c.req.method, body: arrival });
    return next();
  };

/**
 * Reads a refused request to its end: a client that is answered while it still sends may find the connection reset
 * before it has read the answer. For an application's outermost place.
 */
export const discardRest: MiddlewareHandler = async (c, next) => {
  await next();
  const { raw } = c.req;
  const hasBody = c.req.header('Content-Length') !== undefined || c.req.header('Transfer-Encoding') !== undefined;
  if (!hasBody || raw.bodyUsed || !raw.body || raw.body.locked) return;
  await discard(raw.body.getReader());
};
