import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { hours, minutes, seconds } from '../../../machines/index.ts';
import type { CurfewOptions } from '../../../server/index.ts';
import { sqlite } from '../../../server/sqlite/index.ts';
import { folder } from '../../support/server/folder.ts';
import { said, start } from '../../support/server/processes/run.ts';
import { createVerbWorld, kinds, type Kind } from '../../support/server/verbs.ts';
import { secret } from '../../support/server/world.ts';

type Told = Parameters<NonNullable<CurfewOptions['onEnd']>>;

/** A world that is told of ends. */
async function told(kind: Kind) {
  const ends: Told[] = [];
  const world = await createVerbWorld(kind, { onEnd: (...end) => void ends.push(end) });
  return { ...world, ends, outbox: world.store.ends };
}

describe.each(kinds)('onEnd on %s', (kind) => {
  test('is told of every end once, after the commit: of whom, when, by whom and why', async () => {
    const world = await told(kind);
    const [ada, bob] = [world.visitor(), world.visitor()];
    await ada.signIn();
    await bob.signIn({ user: 'bob' });
    world.pass(seconds(5));
    await ada.post('/api/auth/logout', {});
    await world.curfew.revoke({ user: 'bob' }, { reason: 'left the company' });
    await vi.waitFor(() => expect(world.ends).toHaveLength(2));
    expect(world.ends.toSorted(([a], [b]) => (a.user < b.user ? -1 : 1))).toEqual([
      [{ id: ada.id, user: 'ada', version: 2, endedAt: world.now() }, 'signed_out'],
      [
        {
          id: bob.id,
          user: 'bob',
          version: 2,
          endedAt: world.now(),
          revoked: { by: 'application', reason: 'left the company' },
        },
        'revoked',
      ],
    ]);
    world.pass(hours(1));
    await vi.waitFor(async () => expect(await world.outbox.claim(world.now(), world.now(), 9)).toEqual([]));
  });

  test('is told of those that end by a sign-in of another user, and by the end of all', async () => {
    const world = await told(kind);
    const ada = world.visitor();
    await ada.signIn();
    await ada.signIn({ user: 'bob' });
    await world.curfew.revoke('all', { reason: 'leak' });
    expect((await ada.ask()).status).toBe(401);
    await vi.waitFor(() => expect(world.ends.map(([, reason]) => reason).toSorted()).toEqual(['displaced', 'revoked']));
  });

  test('is not told of a lapse, and of one that can be resumed no more with its own reason', async () => {
    const world = await told(kind);
    const ada = world.visitor();
    await ada.signIn();
    world.pass(minutes(31));
    expect((await ada.ask()).body.code).toBe('session_lapsed');
    expect(await world.outbox.claim(world.now(), world.now(), 9)).toEqual([]);
    world.pass(hours(25));
    expect((await ada.ask()).body.code).toBe('session_ended');
    await vi.waitFor(() => expect(world.ends.map(([, reason]) => reason)).toEqual(['expired']));
  });

  test('is told again after what it throws, later each time; the error is a line of the log', async () => {
    const attempts: string[] = [];
    const world = await createVerbWorld(kind, {
      onEnd({ user }) {
        attempts.push(user);
        if (user === 'ada' && attempts.filter((each) => each === 'ada').length < 4)
          throw new Error('the queue is away');
      },
    });
    const ofAda = () => attempts.filter((each) => each === 'ada').length;
    const ada = world.visitor();
    await ada.signIn();
    await ada.post('/api/auth/logout', {});
    await vi.waitFor(() => expect(JSON.stringify(world.lines)).toContain('the queue is away'));

    /** Another session ends, and whatever is due by now is told with it. */
    async function passing(duration: number) {
      world.pass(duration);
      const user = `eve ${world.now()}`;
      await world.visitor().signIn({ user });
      await world.curfew.revoke({ user }, { reason: 'ring' });
      await vi.waitFor(() => expect(attempts).toContain(user));
    }
    for (const [pause, tried] of [
      [seconds(1), 2],
      [seconds(2), 3],
      [seconds(4), 4],
    ] as const) {
      await passing(pause - 1);
      expect(ofAda()).toBe(tried - 1);
      await passing(1);
      await vi.waitFor(() => expect(ofAda()).toBe(tried));
      await vi.waitFor(() => expect(world.lines.filter((each) => 'error' in each)).toHaveLength(Math.min(tried, 3)));
    }
    await passing(hours(2));
    expect(ofAda()).toBe(4);
  });

  test('that is not given leaves nothing behind: the outbox is emptied by the sweep', async () => {
    const world = await createVerbWorld(kind);
    const ada = world.visitor();
    await ada.signIn();
    await ada.post('/api/auth/logout', {});
    world.pass(minutes(61));
    await world.store.ends.purge(world.now() - hours(1));
    expect(await world.store.ends.claim(world.now(), world.now(), 9)).toEqual([]);
  });
});

test('an end is told by the next process when kill -9 comes between its commit and its telling', async () => {
  const path = join(folder(), 'curfew.db');
  const [line = '{}'] = await said(start('ender', [path, secret]));
  const ended = JSON.parse(line);
  expect(ended.id).toBeTruthy();
  const ends: Told[] = [];
  // The first has claimed it for a minute.
  await createVerbWorld('sqlite', {
    store: sqlite(path),
    clock: () => Date.now() + minutes(2),
    onEnd: (...end) => void ends.push(end),
  });
  await vi.waitFor(() => expect(ends).toHaveLength(1));
  expect(ends[0]).toMatchObject([{ ...ended, user: 'ada', revoked: { reason: 'test' } }, 'revoked']);
});

test('of two processes one tells an end', async () => {
  const path = join(folder(), 'curfew.db');
  const ends: Told[] = [];
  const onEnd = async (...end: Told) => void ends.push(end);
  const [one] = [
    await createVerbWorld('sqlite', { store: sqlite(path), onEnd }),
    await createVerbWorld('sqlite', { store: sqlite(path), onEnd }),
  ];
  const visitors = Array.from({ length: 10 }, () => one.visitor());
  for (const each of visitors) await each.signIn({ user: `user ${visitors.indexOf(each)}` });
  for (const each of visitors) await each.post('/api/auth/logout', {});
  await vi.waitFor(() => expect(ends).toHaveLength(10));
  expect(new Set(ends.map(([{ id }]) => id)).size).toBe(10);
});
