import type { Context } from 'hono';

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Whether something is a web `Request`: also one of another realm, or of a polyfill. What Node and Express give is none. */
export const isWebRequest = (given: unknown): given is Request =>
  isObject(given) &&
  'url' in given &&
  typeof given.url === 'string' &&
  'headers' in given &&
  isObject(given.headers) &&
  'get' in given.headers &&
  typeof given.headers.get === 'function';

/** Whether something is a context of Hono; the response of Express has a `req`, too. */
export const isHonoContext = (given: unknown): given is Context =>
  isObject(given) && 'req' in given && isObject(given.req) && 'raw' in given.req && isWebRequest(given.req.raw);

/** Whether something brings a request of whatever kind: Node's, Express's, the web's or Hono's. */
export const isLikeRequest = (given: unknown): boolean =>
  isObject(given) && ('req' in given || ('headers' in given && 'method' in given));
