import { z } from 'zod';
import type { Database } from '../sqlite/database.ts';
import type { RevocationOfAll } from '../store/eventLog.ts';

const revocation = z
  .object({ at: z.number(), by: z.string(), reason: z.string(), except: z.string().optional() })
  .transform(({ at, by, reason, except }): RevocationOfAll => ({
    at,
    by,
    reason,
    ...(except !== undefined && { except }),
  }));

/** An end of all sessions on its way through the objects: those up to `after` have it. */
const progress = z.object({ revocation, after: z.string().nullable() });

const never = 8.64e15;
/** How many objects are asked at once. */
const batch = 50;

/**
 * The objects of all users that ever had a session, as far as they are told of here: each before its first one begins. So
 * an end of all sessions reaches each of them, or is told to it when it enrols.
 */
export function enrolledPlaces(database: Database) {
  const put = database.prepare(`
    insert into single_use (key, value, expires_at) values (?, ?, ${never})
    on conflict (key) do update set value = excluded.value`);
  const page = database.prepare(`
    select substr(key, 7) as place from single_use where key glob 'place *' and key > 'place ' || ? order by key limit ?`);
  const number = database.prepare(`select count(*) as n from single_use where key glob 'place *'`);
  const all = database.prepare(`select key, value from single_use where key glob 'revocation *' order by key desc`);

  const keyOf = (value: RevocationOfAll): string =>
    `revocation ${String(value.at).padStart(20, '0')} ${JSON.stringify(value)}`;
  const save = (value: RevocationOfAll, after: string | null) =>
    void put.run(keyOf(value), JSON.stringify({ revocation: value, after }));
  const revocations = () => all.all().map(({ value }) => progress.parse(JSON.parse(String(value))));
  const stateOf = (value: RevocationOfAll) => all.all().find(({ key }) => key === keyOf(value));

  const places = (after: string, limit: number): readonly string[] =>
    page.all(after, limit).map(({ place }) => String(place));

  return {
    /** @returns the last end of all sessions; the object has it before its first session begins. */
    enrol(place: string): RevocationOfAll | null {
      put.run(`place ${place}`, '');
      return revocations()[0]?.revocation ?? null;
    },
    count: (): number => Number(number.get()?.['n']),
    /** Those after one, in an order of theirs. */
    places,
    /** Notes an end of all sessions, unless it is noted already. */
    begin(value: RevocationOfAll): void {
      if (!stateOf(value)) save(value, '');
    },
    /** Those that have not reached every object. */
    unfinished: (): readonly RevocationOfAll[] =>
      revocations().flatMap(({ revocation: value, after }) => (after === null ? [] : [value])),
    /**
     * Takes it to some more objects.
     *
     * @returns how many sessions have ended by it, and whether it has reached all. Rejects when one of them cannot be reached.
     */
    async carryOn(
      value: RevocationOfAll,
      revoke: (place: string) => Promise<number>,
    ): Promise<{ readonly ended: number; readonly isDone: boolean }> {
      const state = stateOf(value);
      const after = state ? progress.parse(JSON.parse(String(state['value']))).after : null;
      if (after === null) return { ended: 0, isDone: true };
      const next = places(after, batch);
      const ended = await Promise.all(next.map(revoke));
      const isDone = next.length < batch;
      save(value, isDone ? null : (next.at(-1) ?? null));
      return { ended: ended.reduce((sum, each) => sum + each, 0), isDone };
    },
  };
}
