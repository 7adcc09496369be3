import { codesOfAll } from '../../workers/codes.ts';
import { placeFor } from '../../workers/env.ts';
import { objectOfUser } from '../../workers/index.ts';
import { objectAt } from '../../workers/place.ts';
import { reach } from '../../workers/reach.ts';
import type { Ceremonies, PlacedPasskeys } from '../store/signIn.ts';
import type { AppEnv } from './env.ts';

/** What authenticators know a user by: the object of the user, so that it is found by what they answer. */
export const handleOf =
  (env: AppEnv) =>
  (user: string): string =>
    placeFor(env, user);

/** The passkeys of users, kept in the object of each. Rejects with `StoreUnavailable` where that is away. */
export function passkeysOf(env: AppEnv): PlacedPasskeys {
  const at = (user: string) => objectOfUser(env, user);
  return {
    add: (passkey) => reach(() => at(passkey.user).addPasskey(passkey)),
    find: (id, handle) => reach(async () => objectAt(env.CURFEW_USERS, handle)?.findPasskey(id) ?? null),
    of: (user) => reach(() => at(user).passkeysOf(user)),
    used: (id, counter, instant, user) => reach(() => at(user).usedPasskey(id, counter, instant)),
    remove: (user, id) => reach(() => at(user).removePasskey(user, id)),
  };
}

/** What is under way, kept in objects that belong to no user. */
export function ceremoniesOf(env: AppEnv): Ceremonies {
  const codes = codesOfAll(env);
  return {
    async begin(key, data, expiresAt, now) {
      await codes.put(key, data, expiresAt, now);
    },
    take: (key, now) => codes.take(key, now),
  };
}
