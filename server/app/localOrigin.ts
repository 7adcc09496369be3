import type { Environment } from '../node/environment.ts';

/** Whoever gives one of these has set up more than a try: such a server goes on as it was set up. */
const ofSetUp = [
  'CURFEW_ORIGIN',
  'CURFEW_TRUSTED_PROXIES',
  'CURFEW_DATABASE',
  'CURFEW_SECRET',
  'CURFEW_SECRET_FILE',
  'HOST',
  'PORT',
];

/**
 * The environment of a server that somebody tries on their own machine: its pages are at `http://localhost:3000`, and it has
 * the cookie that WebKit, too, keeps there. Nothing is inferred from a request.
 *
 * @returns the environment itself where anything in it says which origin there is, who may come, or what is to be kept
 */
export function withLocalOrigin(env: Environment): Environment {
  const isSetUp = env['NODE_ENV'] === 'production' || ofSetUp.some((name) => env[name] !== undefined);
  return isSetUp ? env : { ...env, CURFEW_ORIGIN: 'http://localhost:3000' };
}
