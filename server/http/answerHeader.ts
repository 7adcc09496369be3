import type { Context } from 'hono';

/** Headers to be set, by their names. */
type NewHeaders = Readonly<Record<string, string>>;

type Body = string | Uint8Array<ArrayBuffer> | ReadableStream | null;

const isPlain = (value: unknown): value is NewHeaders =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

const isBody = (value: unknown): value is Body =>
  typeof value === 'string' || value === null || value instanceof Uint8Array || value instanceof ReadableStream;

/** What Hono's adapter for Node gives an answer without headers. */
const headersOfText: NewHeaders = { 'Content-Type': 'text/plain; charset=UTF-8' };
const noHeaders: NewHeaders = {};

let keptBy: symbol | null = null;

/**
 * What the adapter keeps of an answer that nobody has looked into: status, body and headers. It sends it as it is.
 *
 * @returns `null` for any other answer
 */
function keptOf(answer: Response): readonly unknown[] | null {
  if (keptBy === null || !Object.hasOwn(answer, keptBy)) {
    keptBy = Object.getOwnPropertySymbols(answer).find(({ description }) => description === 'cache') ?? keptBy;
    if (keptBy === null || !Object.hasOwn(answer, keptBy)) return null;
  }
  const kept: unknown = Reflect.get(answer, keptBy);
  return Array.isArray(kept) && kept.length === 3 ? kept : null;
}

/** Whether a header is among others, however it is written. */
function isAmong(others: NewHeaders, name: string): boolean {
  for (const other in others)
    if (name.length === other.length && name.toLowerCase() === other.toLowerCase()) return true;
  return false;
}

/** The old headers with the new ones in place of those of the same names. */
function merged(old: NewHeaders, added: NewHeaders): Record<string, string> {
  const all: Record<string, string> = {};
  for (const name in old) {
    const value = old[name];
    if (value !== undefined && !isAmong(added, name)) all[name] = value;
  }
  return Object.assign(all, added);
}

/**
 * Makes an answer of the adapter once more, with headers added, where it was made with headers that were given as an object.
 * The answer and that object are only read: the application may use them again.
 *
 * @returns `null` for any other answer
 */
function withHeaders(answer: Response, added: NewHeaders): Response | null {
  const kept = keptOf(answer);
  if (kept === null) return null;
  const [status, body, given] = kept;
  if (typeof status !== 'number' || !isBody(body)) return null;
  if (given === undefined && body !== null && typeof body !== 'string') return null;
  const headers = given ?? (body === null ? noHeaders : headersOfText);
  return isPlain(headers) ? new Response(body, { status, headers: merged(headers, added) }) : null;
}

/** Sets a header on an answer that is there: one that may not be changed, or has it because it is used again, is copied. */
function set(c: Context, name: string, value: string): void {
  const { headers } = c.res;
  if (headers.has(name)) return headers.get(name) === value ? undefined : c.header(name, value);
  try {
    return headers.set(name, value);
  } catch {
    return c.header(name, value);
  }
}

/**
 * Sets headers on the answer, whether there is one yet or not. Hono reads and copies an answer whose headers change once it
 * is there, and what is read is sent as a stream, however short it is: as much work as the rest of a short answer. What a
 * handler has just made is made once more in its place.
 */
export function setOnAnswer(c: Context, added: NewHeaders): void {
  if (c.finalized) {
    const answer = withHeaders(c.res, added);
    if (answer) {
      c.res = undefined;
      c.res = answer;
      return;
    }
  }
  for (const [name, value] of Object.entries(added)) {
    if (c.finalized) set(c, name, value);
    else c.header(name, value);
  }
}
