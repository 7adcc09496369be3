import { describe, expect, test } from 'vitest';
import { storeContract } from '../../server/contract/index.ts';
import { sqlite } from '../../server/sqlite/index.ts';
import type { OpenStore } from '../../server/store/adapter.ts';

/** A store with a fault in it. */
type Fault = (store: OpenStore) => Partial<OpenStore>;

const open = () => sqlite(':memory:').open({ clock: () => 0 });

/** @returns the names of the tests that do not pass. */
async function failures(fault: Fault): Promise<string[]> {
  const tests: { readonly name: string; readonly run: () => Promise<void> }[] = [];
  const path: string[] = [];
  storeContract(
    {
      expect,
      describe(name, body) {
        path.push(name);
        body();
        path.pop();
      },
      test: (name, run) => void tests.push({ name: [...path, name].join(' > '), run }),
    },
    async () => {
      const store = await open();
      return { ...store, ...fault(store) };
    },
  );
  const outcomes = await Promise.allSettled(tests.map(({ run }) => run()));
  return tests.flatMap(({ name }, index) => (outcomes[index]?.status === 'rejected' ? [name] : []));
}

const faults: Readonly<Record<string, readonly [Fault, string]>> = {
  'appends whatever it was decided on': [
    ({ log }) => ({
      log: {
        ...log,
        async append(changes, ...rest) {
          const expected = await Promise.all(
            changes.map(async (change) => (await log.load(change.id))?.state.context.version ?? 0),
          );
          return log.append(
            changes.map((change, index) => ({ ...change, expected: expected[index] ?? 0 })),
            ...rest,
          );
        },
      },
    }),
    'expected versions > ',
  ],
  'appends what it can of several changes': [
    ({ log }) => ({
      log: {
        ...log,
        async append(changes, admission, writes) {
          if (changes.length < 2) return log.append(changes, admission, writes);
          const outcomes = [];
          for (const change of changes) outcomes.push(await log.append([change], admission, writes));
          return outcomes.includes('appended') ? 'appended' : 'wrong_expected_version';
        },
      },
    }),
    'several streams change all together or not at all',
  ],
  'writes what goes along before it knows': [
    ({ log }) => ({
      log: {
        ...log,
        async append(changes, admission, writes = []) {
          for (const write of writes) await write();
          return log.append(changes, admission);
        },
      },
    }),
    'is not written when something is not as it was read',
  ],
  'admits whoever comes': [
    ({ log }) => ({
      log: { ...log, append: (changes, _admission, writes) => log.append(changes, undefined, writes) },
    }),
    'admissions > ',
  ],
  'ends all sessions that it finds, and no more': [
    ({ log }) => ({ log: { ...log, revokeAll: async () => 0 } }),
    'the end of all sessions > ',
  ],
  'purges what was changed since': [
    ({ log }) => ({
      log: {
        ...log,
        purge: async (purges) => {
          const now = await Promise.all(purges.map(({ id }) => log.load(id)));
          return log.purge(
            purges.map((each, index) => ({ ...each, version: now[index]?.state.context.version ?? each.version })),
          );
        },
      },
    }),
    'a purge > leaves alone',
  ],
  'looks over sessions in another order': [
    ({ overview }) => ({
      overview: { ...overview, search: async (...given) => (await overview.search(...given)).toReversed() },
    }),
    'looking for sessions',
  ],
  'forgets who is due': [({ overview }) => ({ overview: { ...overview, due: async () => [] } }), 'due sessions > '],
  'counts no attempt that is under way': [
    ({ attempts }) => ({
      attempts: {
        ...attempts,
        async enter(key, at, judge) {
          const verdict = await attempts.enter(key, at, judge);
          if (verdict.enters) await attempts.leave(key, at, (before) => before);
          return verdict;
        },
      },
    }),
    'failed attempts > ',
  ],
  'lets a code be taken twice': [
    ({ singleUse }) => ({ singleUse: { ...singleUse, take: (key, at) => singleUse.read(key, at) } }),
    'what counts once > is taken once',
  ],
  'keeps what has expired': [
    ({ drafts }) => ({ drafts: { ...drafts, get: (user, key) => drafts.get(user, key, 0) } }),
    'preserved work > ',
  ],
  'replaces work that somebody else has written meanwhile': [
    ({ drafts }) => ({ drafts: { ...drafts, put: (user, key, draft, at) => drafts.put(user, key, draft, at) } }),
    'of two that know one version one is written',
  ],
};

describe('the suite finds a store that', () => {
  test.each(Object.entries(faults))('%s', async (_, [fault, finder]) => {
    expect((await failures(fault)).join('\n')).toContain(finder);
  });

  test('has no fault: none', async () => {
    expect(await failures(() => ({}))).toEqual([]);
  });
});
