import { expect, onTestFinished, test, vi } from 'vitest';
import { joinNodes } from '../../../server/postgres/nodes.ts';
import { postgres } from '../../../server/postgres/index.ts';
import { stopwatch } from '../../../server/systemClock.ts';
import { administer, freshDatabase, freshPostgres } from '../../support/postgres/fresh.ts';
import { countedLoads } from '../../support/server/countedLoads.ts';
import { t0 } from '../../support/server/world.ts';
import { createVerbWorld, type Visitor, type VerbWorld } from '../../support/server/verbs.ts';

/** Two nodes that keep copies. */
async function twoNodes() {
  const address = await freshDatabase();
  const counted = countedLoads(postgres(address));
  let now = t0;
  const clock = () => now;
  const one = await createVerbWorld('postgres', { store: postgres(address), clock });
  const other = await createVerbWorld('postgres', { store: counted.store, clock });
  const on = (world: VerbWorld, client: Visitor): Visitor =>
    Object.assign(world.visitor('bearer'), { token: client.token, session: client.session });

  /** Signs in on the first, and asks the other until it lets in by a copy. */
  async function copied(user: string, role?: string) {
    // Whoever was signed out proves themselves later than that.
    now += 1000;
    const here = one.visitor('bearer');
    expect((await here.signIn({ user: { id: user, ...(role && { role }) }, authenticatedAt: now })).status).toBe(200);
    const there = on(other, here);
    do {
      counted.loads();
      expect((await there.ask()).status).toBe(200);
    } while (counted.loads() > 0);
    return { here, there };
  }
  return { address, one, other, copied, loads: counted.loads };
}

test('Promise 1, ASVS 7.4.1 what lets in by a copy lets nothing in once another node has acknowledged an end', async () => {
  const { one, copied } = await twoNodes();
  const reason = 'test';
  const ends: Record<string, (client: Visitor) => Promise<unknown>> = {
    'a sign-out': (here) => here.post('/sign-out'),
    'an end of one session': ({ id }) => one.curfew.revoke({ session: id }, { reason }),
    'an end of a user': () => one.curfew.revoke({ user: 'ada' }, { reason }),
    'an end of everybody': () => one.curfew.revoke('all', { reason }),
  };
  const seen: string[] = [];
  for (const [what, end] of Object.entries(ends))
    for (let time = 0; time < 1; time += 1) {
      const { here, there } = await copied('ada');
      await end(here);
      if ((await there.ask()).status !== 401) seen.push(what);
    }
  expect(seen).toEqual([]);
});

test('a role that was told to another node counts from then on', async () => {
  const { one, copied } = await twoNodes();
  const { there } = await copied('ada', 'reader');
  expect((await there.ask()).body.role).toBe('reader');
  await one.visitor('bearer').signIn({ user: { id: 'ada', role: 'writer' } });
  expect((await there.ask()).body.role).toBe('writer');
});

test('Promise 1 an end whose writer died before it could tell is seen nowhere before it holds everywhere', async () => {
  const { address, copied } = await twoNodes();
  const { here, there } = await copied('ada');
  // What the writer has committed, and nothing of what it would have done then.
  await administer(
    `set application_name = 'curfew:1';
     with moved as (update sessions set leaf = 'ended.signedOut', ended_at = 1 where id = '${here.id}' returning id, user_id)
     insert into curfew_narrowings (subject, user_id, node) select 's:' || id, user_id, 'dead' from moved`,
    address,
  );
  expect((await here.ask()).status).toBe(401);
  expect((await there.ask()).status).toBe(401);
});

test('a writer that takes no part waits until no node has a copy, and none gets one for a while', async () => {
  const { address, one, other, copied, loads } = await twoNodes();
  const { here, there } = await copied('ada');
  await administer(`update sessions set leaf = 'ended.signedOut', ended_at = 1 where id = '${here.id}'`, address);
  expect((await there.ask()).status).toBe(401);
  const bob = one.visitor('bearer');
  await bob.signIn({ user: 'bob' });
  const bobThere = Object.assign(other.visitor('bearer'), { token: bob.token, session: bob.session });
  loads();
  for (let time = 0; time < 5; time += 1) await bobThere.ask();
  expect(loads()).toBe(5);
});

test('a node takes its lease for over by its watch, whatever the database says', async () => {
  const database = await freshPostgres();
  let late = 0;
  const { copies, leave } = joinNodes(database, () => {
    const since = stopwatch();
    return () => since() + late;
  });
  onTestFinished(leave);
  copies.watch({ session: () => {}, user: () => {}, all: () => {} });
  await vi.waitUntil(() => copies.mark() !== null);
  const mark = copies.mark() ?? 0;
  expect(copies.holds?.(mark)).toBe(true);
  late = 1000;
  expect([copies.mark(), copies.holds?.(mark)]).toEqual([null, false]);
  late = 0;
});

test('a watch goes by whichever clock is ahead', () => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'], now: 0 });
  onTestFinished(() => void vi.useRealTimers());
  const since = stopwatch();
  vi.advanceTimersByTime(10);
  expect(since()).toBe(10);
  // The machine was asleep, or its clock was set.
  vi.setSystemTime(5000);
  expect(since()).toBe(5000);
  vi.setSystemTime(-5000);
  expect(since()).toBe(10);
});
