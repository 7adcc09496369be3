interface Platform {
  /** Hono's adapter for Node. */
  readonly incoming?: { readonly socket?: { readonly remoteAddress?: string } };
  /** What `Deno.serve` gives its handler. */
  readonly remoteAddr?: { readonly hostname?: string };
  /** What `Bun.serve` gives its handler. */
  requestIP?(request: Request): { readonly address: string } | null;
}

const isObject = (env: unknown): env is Platform & { readonly server?: unknown } =>
  typeof env === 'object' && env !== null;

/**
 * The address of whoever opened the connection, as the servers of Node, Deno and Bun tell it to an application.
 *
 * @param env what the server has handed on with the request, or an object that has it as `server`
 * @returns `null` where nothing tells
 */
export function peerAddress(env: unknown, request: Request): string | null {
  if (!isObject(env)) return null;
  const platform = isObject(env.server) ? env.server : env;
  const address =
    platform.incoming?.socket?.remoteAddress ??
    platform.remoteAddr?.hostname ??
    (typeof platform.requestIP === 'function' ? platform.requestIP(request)?.address : undefined);
  return address?.replace(/^::ffff:/, '') ?? null;
}
