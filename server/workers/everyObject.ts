import { objectInPlace, overviewShards, type CurfewEnv } from './env.ts';
import { reach } from './reach.ts';

/** How many objects one request of an operator looks at, at most: a request may ask so many others only. */
const largestPage = 300;
const atOnce = 20;

/** The objects of some users, and where the next ones begin. */
export interface PageOfObjects {
  readonly places: readonly string[];
  /** `null` on the last page. */
  readonly next: string | null;
}

/** Where a page begins: the number of a shard, and the last place before it. */
const cursor = /^(\d{1,2})~([\w-]{0,43})$/;

/** Which page: what the one before says is next, and how many objects at most. */
export interface AskedPage {
  readonly after?: string;
  readonly limit?: string;
}

/** @returns `null` where `after` is no end of a page, or `limit` no number of objects. */
export async function pageOfObjects(env: CurfewEnv, { after = '0~', limit }: AskedPage): Promise<PageOfObjects | null> {
  const [, first, place = ''] = cursor.exec(after) ?? [];
  const size = limit === undefined ? largestPage : Number(limit);
  if (first === undefined || !Number.isInteger(size) || size < 1 || size > largestPage) return null;
  const shards = overviewShards(env);
  const places: string[] = [];
  let last = place;
  for (let number = Number(first); number < shards.length; number++) {
    const left = size - places.length;
    const found = await reach(async () => shards[number]?.placesAfter(last, left) ?? []);
    places.push(...found);
    if (found.length === left) return { places, next: `${number}~${found.at(-1) ?? last}` };
    last = '';
  }
  return { places, next: null };
}

/** Asks the objects in some places, a few at once. @returns rejects when one of them cannot be reached */
export async function askEach<Result>(
  env: CurfewEnv,
  places: readonly string[],
  ask: (object: NonNullable<ReturnType<typeof objectInPlace>>, place: string) => Promise<Result>,
): Promise<readonly (readonly [place: string, result: Result])[]> {
  const answers: (readonly [string, Result])[] = [];
  for (let from = 0; from < places.length; from += atOnce)
    for (const answer of await Promise.all(
      places.slice(from, from + atOnce).map(async (place) => {
        const object = objectInPlace(env, place);
        return object ? [[place, await reach(() => ask(object, place))] as const] : [];
      }),
    ))
      answers.push(...answer);
  return answers;
}
