import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { randomId } from '../../../server/options.ts';
import {
  attemptsOf,
  codesOf,
  enrolmentOf,
  overviewOf,
  overviewShards,
  referencesOf,
  type CurfewEnv,
} from '../../../server/workers/env.ts';

/** A namespace whose objects are what they are called. */
const namespace = { idFromName: (name: string) => name, get: (id: unknown) => id };
const env = { CURFEW_USERS: namespace, CURFEW_DIRECTORY: namespace } as unknown as CurfewEnv;
const nameOf = (object: unknown): string => String(object);

const shards = overviewShards(env).map(nameOf);
const numbers = shards.map((_, number) => number);
const kinds = [
  ['attempts and refusals', 'attempts', attemptsOf],
  ['the overview', 'overview', overviewOf],
  ['what has enrolled', 'overview', enrolmentOf],
  ['codes', 'codes', codesOf],
  ['references', 'references', referencesOf],
] as const;

/** What there are thousands of, of which many begin or end alike. */
const count = 4_000;
const keys: readonly (readonly [what: string, keys: readonly string[]])[] = [
  [
    'ids of users in one place',
    Array.from({ length: count }, (_, index) => `${'p'.repeat(43)}${'u'.repeat(20)}${index}`),
  ],
  ['ids of an application that counts', Array.from({ length: count }, (_, index) => `user-${index}`)],
  ['numbers', Array.from({ length: count }, (_, index) => String(index * 32))],
  ['addresses of one network', Array.from({ length: count }, (_, index) => `10.0.${index >> 8}.${index & 255}`)],
  ['networks of one provider', Array.from({ length: count }, (_, index) => `2001:db8:0:${index.toString(16)}::/64`)],
];

test('there are 32 places, each by a name of its own', () => {
  expect(new Set(shards).size).toBe(32);
  expect(shards).toEqual(numbers.map((number) => `overview ${number}`));
});

describe.each(keys)('%s', (_, all) => {
  it.each(kinds)('have a place in each of the 32 of %s, and in none twice their share', (_what, kind, placeOf) => {
    const held = new Map(numbers.map((number) => [`${kind} ${number}`, 0]));
    for (const key of all) {
      const name = nameOf(placeOf(env, key));
      held.set(name, (held.get(name) ?? 0) + 1);
    }
    expect(held.size).toBe(32);
    const share = all.length / 32;
    expect(Math.min(...held.values())).toBeGreaterThan(share / 2);
    expect(Math.max(...held.values())).toBeLessThan(2 * share);
  });
});

describe('a key', () => {
  it('has one place of each kind whenever it is asked for, whatever text it is, and the same number in all', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.constant(null).map(randomId)), (key) => {
        const names = kinds.map(([, , placeOf]) => nameOf(placeOf(env, key)));
        expect(kinds.map(([, , placeOf]) => nameOf(placeOf(env, key)))).toEqual(names);
        const [number] = names.map((name) => name.split(' ')[1]);
        expect(names).toEqual(kinds.map(([, kind]) => `${kind} ${number}`));
        expect(shards).toContain(`overview ${number}`);
      }),
    );
  });

  // What is stored there would not be found again in another place.
  it.each([
    ['', 2],
    ['ada', 13],
    ['user-1', 4],
    ['10.0.0.1', 4],
    ['äöü 🦊', 2],
  ])('is where versions of before have kept it: %o in %i', (key, number) => {
    expect(nameOf(attemptsOf(env, key))).toBe(`attempts ${number}`);
  });
});
