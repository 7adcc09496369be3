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
