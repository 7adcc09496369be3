import { createHash } from 'node:crypto';
import { days, type Duration, type Instant } from '../../machines/index.ts';
import type { Database } from '../sqlite/database.ts';
import type { Reference, References } from '../store/references.ts';
import { objectInPlace, referencesOf, type CurfewEnv } from './env.ts';
import { reach } from './reach.ts';

/** No browser keeps a cookie for longer. @see RFC 6265bis §5.5 */
const longestBound: Duration = days(400);

const keyOf = ({ issuer, sid }: Reference): string =>
  createHash('sha256')
    .update(JSON.stringify([issuer, sid]))
    .digest('base64url');

/** Where a reference is looked up, for no session says by itself to which one at a provider it belongs. */
const hostOf = (env: CurfewEnv, reference: Reference) => referencesOf(env, keyOf(reference));

/** Which users have a session that belongs to one at a provider, and which of those have ended, in an object for many. */
export function referencePlaces(database: Database) {
  const put = database.prepare(`
    insert into single_use (key, value, expires_at) values (?, ?, ?)
    on conflict (key) do update set expires_at = max(expires_at, excluded.expires_at)`);
  const isOut = database.prepare('select 1 from single_use where key = ? and expires_at > ?');
  const all = database.prepare('select value from single_use where key glob ? order by key');

  return {
    /** @returns `false` when the provider has ended that session. */
    bind(reference: Reference, place: string, at: Instant): boolean {
      const key = keyOf(reference);
      if (isOut.get(`out ${key}`, at)) return false;
      put.run(`bound ${key} ${place}`, place, at + longestBound);
      return true;
    },
    /** Remembers it until an instant. @returns where the users of those sessions are kept. */
    logOut(reference: Reference, until: Instant): readonly string[] {
      const key = keyOf(reference);
      put.run(`out ${key}`, '', until);
      return all.all(`bound ${key} *`).map(({ value }) => String(value));
    },
  };
}

/** Tells before a sign-in that its user may have a session of that reference. @returns `false` when that was ended. */
export const bindAtHost = (env: CurfewEnv, reference: Reference, place: string, at: Instant): Promise<boolean> =>
  reach(() => hostOf(env, reference).bindReference(reference, place, at));

/** The references of all users, for what ends them. What binds them stays in the object of the user. */
export const referencesOfAll = (own: References, env: CurfewEnv): References => ({
  ...own,
  async logOut(reference, until) {
    const places = await reach(() => hostOf(env, reference).logOutReference(reference, until));
    const ids = await Promise.all(
      places.map(async (place) =>
        reach(async () => objectInPlace(env, place)?.logOutReference(reference, until) ?? []),
      ),
    );
    return ids.flat();
  },
});
