import type { SingleUse } from '../store/singleUse.ts';
import { codesOf, type CurfewEnv } from './env.ts';
import { reach } from './reach.ts';

/** What counts once, for whichever object asks: kept in objects that belong to no user. */
export const codesOfAll = (env: CurfewEnv): SingleUse => ({
  put: (key, value, expiresAt, at) => reach(() => codesOf(env, key).putCode(key, value, expiresAt, at)),
  take: (key, at) => reach(() => codesOf(env, key).takeCode(key, at)),
  read: (key, at) => reach(() => codesOf(env, key).readCode(key, at)),
  // Where they are kept, that is done, too.
  async purge() {},
});
