import { checkedConfig, type Config } from '../../node/config.ts';
import type { CurfewEnv } from '../../workers/index.ts';
import type { User } from './user.ts';

/** What is used of a binding to static assets. */
export interface Assets {
  fetch(request: Request): Promise<Response>;
}

/** What `wrangler.jsonc` binds; the variables of the application are strings beside it. */
export interface AppEnv extends CurfewEnv<User> {
  /** The built pages. */
  readonly ASSETS: Assets;
}

/**
 * Reads the same variables as on Node.
 *
 * @throws InvalidVariable with one line: the variable, its value and what is allowed
 */
export const configOf = (env: object): Config =>
  checkedConfig(
    Object.fromEntries(Object.entries(env).filter((each): each is [string, string] => typeof each[1] === 'string')),
  );
