import type { Environment } from '../node/environment.ts';

const isLoopback = (host: string | undefined): boolean => host === undefined || /^(localhost|127\.0\.0\.1)$/.test(host);

/**
 * The environment of a server for development, on the machine of whoever develops: where nothing speaks against it, its pages
 * are at `http://localhost`, and it has the cookie that WebKit, too, keeps there. Nothing is inferred from a request.
 *
 * @returns the environment itself where `CURFEW_ORIGIN` is given, where other machines may be served (`HOST`,
 *   `CURFEW_TRUSTED_PROXIES`, `NODE_ENV=production`), and where the port is not known before the server listens.
 */
export function withLocalOrigin(env: Environment): Environment {
  const { PORT = '3000', HOST, NODE_ENV } = env;
  const isGiven = env['CURFEW_ORIGIN'] !== undefined || env['CURFEW_TRUSTED_PROXIES'] !== undefined;
  if (isGiven || !isLoopback(HOST) || NODE_ENV === 'production' || !/^[1-9]\d{0,4}$/.test(PORT)) return env;
  const url = `http://localhost:${PORT}`;
  return URL.canParse(url) ? { ...env, CURFEW_ORIGIN: new URL(url).origin } : env;
}
