const connections = new WeakMap<object, object>();

/**
 * Remembers over which connection a request came, where an adapter has made the request: so that its address is known
 * when nothing but the request is handed on.
 *
 * @param env what Hono's adapter for Node passes on: `{ incoming }`
 */
export function rememberConnection(request: Request, env: object): void {
  connections.set(request, env);
}

/** @returns what was remembered of a request, or `undefined`. */
export const connectionOf = (request: object): object | undefined => connections.get(request);

interface Outgoing {
  readonly outgoing: { destroy(): unknown };
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const hasOutgoing = (env: unknown): env is Outgoing =>
  isObject(env) &&
  'outgoing' in env &&
  isObject(env.outgoing) &&
  'destroy' in env.outgoing &&
  typeof env.outgoing.destroy === 'function';

/**
 * Breaks off the connection on which an answer has begun, where the platform is Hono's adapter for Node: that would write
 * the error of a stream to standard error and behind what was sent.
 *
 * @returns whether there was one to break off.
 */
export function breakOff({ env }: { readonly env: unknown }): boolean {
  if (!hasOutgoing(env)) return false;
  env.outgoing.destroy();
  return true;
}
