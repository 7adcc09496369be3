import { describe, expect, test } from 'vitest';
import { minutes, seconds } from '../../../machines/index.ts';
import { createVerbWorld, kinds, type VerbWorld } from '../../support/server/verbs.ts';
import { lapse } from '../../support/server/world.ts';

/** Signs users in one after the other, a second apart. @returns the ids of their sessions, the newest first */
async function signIn(world: VerbWorld, ...users: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const user of users) {
    const visitor = world.visitor();
    await visitor.signIn({ user });
    ids.unshift(visitor.id);
    world.pass(seconds(1));
  }
  return ids;
}

describe.each(kinds)('sessions of all users on %s', (kind) => {
  test('ASVS 7.4.5 are found page by page, newest first, with whose they are, none twice and none left out', async () => {
    const world = await createVerbWorld(kind);
    const ids = await signIn(world, 'ada', 'bob', 'ada', 'cleo', 'bob');
    const found: { id: string; user: string }[] = [];
    let after: string | undefined;
    let pages = 0;
    do {
      const page = await world.curfew.sessions({ limit: 2, after });
      expect(page.sessions.length).toBeLessThanOrEqual(2);
      found.push(...page.sessions.map(({ id, user }) => ({ id, user })));
      after = page.next;
      pages += 1;
      // What begins meanwhile does not move what comes after it.
      if (pages === 1) await signIn(world, 'dora');
    } while (after !== undefined);
    expect(pages).toBe(3);
    expect(found.map(({ id }) => id)).toEqual(ids);
    expect(found.map(({ user }) => user)).toEqual(['bob', 'cleo', 'ada', 'bob', 'ada']);
    expect(found[0]).not.toHaveProperty('current');
  });

  test('are as they are at this moment, and of one state on request', async () => {
    const world = await createVerbWorld(kind);
    const [signedOut = '', lapsed] = await signIn(world, 'ada', 'bob');
    world.pass(lapse);
    const [live] = await signIn(world, 'cleo');
    await world.curfew.revoke({ session: signedOut }, { reason: 'test' });
    const all = await world.curfew.sessions();
    expect(all.next).toBeUndefined();
    expect(all.sessions.map(({ id, state, reason }) => [id, state, reason])).toEqual([
      [live, 'active', undefined],
      [signedOut, 'ended', 'revoked'],
      [lapsed, 'lapsed', 'idle'],
    ]);
    for (const [state, id] of [['active', live] as const, ['lapsed', lapsed] as const, ['ended', signedOut] as const])
      expect((await world.curfew.sessions({ state })).sessions.map((each) => each.id)).toEqual([id]);
    world.pass(minutes(26));
    expect((await world.curfew.sessions({ state: 'expiring' })).sessions.map(({ id }) => id)).toEqual([live]);
    expect(await world.curfew.sessions({ state: 'active' })).toEqual({ sessions: [] });
  });

  test('go on after the last of a page, many that began at one instant', async () => {
    const world = await createVerbWorld(kind);
    for (let each = 0; each < 5; each++) await world.visitor().signIn({ user: `user-${each}` });
    const first = await world.curfew.sessions({ limit: 3 });
    const second = await world.curfew.sessions({ limit: 3, after: first.next });
    const ids = [...first.sessions, ...second.sessions].map(({ id }) => id);
    expect(ids).toHaveLength(5);
    expect(new Set(ids).size).toBe(5);
    expect(second).not.toHaveProperty('next');
  });
});
