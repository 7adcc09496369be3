import type { RevocationOfAll } from '../store/eventLog.ts';
import { overviewShards, type CurfewEnv } from './env.ts';
import { reach } from './reach.ts';

/**
 * Ends every session of every user.
 *
 * @returns how many have ended by it, once it is in the object of each user. Rejects with `StoreUnavailable` when it could
 * not be brought to one of them yet.
 */
export async function revokeEverywhere(env: CurfewEnv, revocation: RevocationOfAll): Promise<number> {
  const counts = await Promise.all(
    overviewShards(env).map(async (shard) => {
      let sum = 0;
      for (let isDone = false; !isDone;) {
        const next = await reach(() => shard.revokeAll(revocation));
        sum += next.ended;
        ({ isDone } = next);
      }
      return sum;
    }),
  );
  return counts.reduce((sum, each) => sum + each, 0);
}
