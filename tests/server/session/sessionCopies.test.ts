import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../../machines/index.ts';
import { passwords } from '../../../server/index.ts';
import { memory } from '../../../server/memory/index.ts';
import { openDatabase, sqlite } from '../../../server/sqlite/index.ts';
import { sessionCopies } from '../../../server/session/sessionCopies.ts';
import { begun } from '../../../server/contract/history.ts';
import { memorySessions } from '../../support/memory/eventLog.ts';
import { countedLoads } from '../../support/server/countedLoads.ts';
import { folder } from '../../support/server/folder.ts';
import { linesOf, start } from '../../support/server/processes/run.ts';
import { createVerbWorld, type Visitor } from '../../support/server/verbs.ts';
import { secret, t0 } from '../../support/server/world.ts';

/** Servers with one clock, on stores that know of each other or not. */
async function servers(stores: readonly ReturnType<typeof sqlite>[]) {
  let now = t0;
  const clock = () => now;
  const worlds = await Promise.all(stores.map((store) => createVerbWorld('sqlite', { store, clock })));
  return { worlds, clock, pass: (duration: number) => void (now += duration) };
}

/** The ways in which two servers can be on one store. */
const places: Readonly<Record<string, () => readonly ReturnType<typeof sqlite>[]>> = {
  'two connections to one file': () => {
    const file = join(folder(), 'curfew.db');
    return [sqlite(file), sqlite(file)];
  },
  'one connection that both use': () => {
    const database = openDatabase(join(folder(), 'curfew.db'));
    return [sqlite(database), sqlite(database)];
  },
};

const users = ['ada', 'bob'] as const;
const who = fc.nat({ max: 3 });
const on = fc.constantFrom(0 as const, 1 as const);
const deed = fc.oneof(
  { weight: 6, arbitrary: fc.record({ what: fc.constant('look' as const), who, on }) },
  {
    weight: 2,
    arbitrary: fc.record({ what: fc.constantFrom('end', 'endUser', 'signOut', 'role', 'refresh', 'signIn'), who, on }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constantFrom('endAll', 'lapse', 'wait', 'settle'), who, on }) },
);

describe.each(Object.entries(places))('copies of sessions, with %s,', (_, open) => {
  it(
    'Promise 1, ASVS 7.4.1 let nothing in once its end has been acknowledged, whoever has ended it',
    { timeout: 600_000 },
    async () => {
      const story = fc.array(fc.array(deed, { minLength: 1, maxLength: 4 }), { minLength: 5, maxLength: 25 });
      let [accepted, refused] = [0, 0];
      await fc.assert(
        fc.asyncProperty(story, async (batches) => {
          const { worlds, clock, pass } = await servers(open());
          const at = (client: Visitor, index: 0 | 1) =>
            Object.assign(worlds[index]?.visitor('bearer') ?? client, { token: client.token, session: client.session });
          const clients: Visitor[] = [];
          const userOf = (index: number) => users[index % 2] ?? 'ada';
          const admit = async (index: number, world = worlds[0]) => {
            const user = userOf(index);
            const client = world?.visitor('bearer');
            if (!client) throw new Error('there is no such server');
            const role = `role ${clock()} ${index}`;
            const { status } = await client.signIn({ user: { id: user, role } });
            if (status === 200) clients[index] = client;
          };
          for (let index = 0; index < 4; index += 1) await admit(index);

          /** What is known to be over, with all that was acknowledged. */
          const isOver = async (id: string) => {
            const stored = await worlds[0]?.store.log.load(id);
            return !stored || stored.revoked !== undefined || stored.state.context.endedAt !== null;
          };
          for (const batch of batches) {
            pass(seconds(1));
            const overBefore = new Set<string>();
            for (const client of clients) if (await isOver(client.id)) overBefore.add(client.id);
            const roles = new Map<string, string | undefined>();
            for (const user of users) roles.set(user, (await worlds[0]?.store.people.get(user))?.role);
            const isRoleSure = !batch.some(({ what }) => what === 'role' || what === 'signIn');
            await Promise.all(
              batch.map(async ({ what, who: index, on: server }) => {
                const [client, world] = [clients[index], worlds[server]];
                if (!client || !world) throw new Error('there is nobody');
                const { curfew } = world;
                const reason = 'test';
                if (what === 'look') {
                  const asked = clock();
                  const { status, body } = await at(client, server).ask();
                  if (status === 200) {
                    accepted += 1;
                    expect(overBefore).not.toContain(client.id);
                    expect(body.view.idleDeadline).toBeGreaterThan(asked);
                    if (isRoleSure) expect(body.role).toBe(roles.get(userOf(index)));
                  } else refused += 1;
                }
                if (what === 'end') await curfew.revoke({ session: client.id }, { reason });
                if (what === 'endUser') await curfew.revoke({ user: userOf(index) }, { reason });
                if (what === 'endAll') await curfew.revoke('all', { reason });
                if (what === 'signOut') await at(client, server).post('/sign-out');
                if (what === 'refresh') await at(client, server).post('/api/auth/refresh');
                if (what === 'lapse') pass(minutes(31));
                if (what === 'wait') pass(minutes(7));
                if (what === 'settle') await curfew.sessions({ user: userOf(index) });
                if (what === 'role' || what === 'signIn') await admit(index, world);
              }),
            );
          }
          await Promise.all(worlds.map(({ curfew }) => curfew.close()));
        }),
        { numRuns: 12 },
      );
      // Both was seen, and often.
      expect(Math.min(accepted, refused)).toBeGreaterThan(20);
    },
  );
});

it('Promise 1, ASVS 7.4.1 a session that another process has ended is let in 0 times', async () => {
  const file = join(folder(), 'curfew.db');
  const { store, loads } = countedLoads(sqlite(file));
  const world = await createVerbWorld('sqlite', { store, clock: Date.now });
  const revoker = start('revoker', [file, secret]);
  const said = linesOf(revoker)[Symbol.asyncIterator]();
  expect((await said.next()).value).toBe('ready');
  for (let round = 0; round < 40; round += 1) {
    const visitor = world.visitor('bearer');
    await visitor.signIn({ user: `user-${round}`, authenticatedAt: Date.now() });
    const ended = new AbortController();
    const asking = (async () => {
      while (!ended.signal.aborted) {
        const answer = await visitor.ask();
        expect([200, 401]).toContain(answer.status);
        await new Promise(setImmediate);
      }
    })();
    revoker.stdin?.write(`${visitor.id}\n`);
    expect((await said.next()).value).toBe(visitor.id);
    // From here on nothing may let it in.
    const after = await visitor.ask();
    ended.abort();
    await asking;
    expect(after).toMatchObject({ status: 401, body: { code: 'session_ended', reason: 'revoked' } });
  }
  expect(loads()).toBeGreaterThan(0);
});

it('what another connection has written of anything is read anew, once', async () => {
  const file = join(folder(), 'curfew.db');
  const { store, loads } = countedLoads(sqlite(file));
  const world = await createVerbWorld('sqlite', { store });
  const visitor = world.visitor('bearer');
  await visitor.signIn({ user: { id: 'ada', name: 'Ada', role: 'editor' } });
  await visitor.ask();
  loads();
  expect((await visitor.ask()).body).toMatchObject({ name: 'Ada', role: 'editor' });
  expect(loads()).toBe(0);
  const other = openDatabase(file);
  other.prepare("update people set name = 'Countess', role = 'reader'").run();
  other.close();
  expect((await visitor.ask()).body).toMatchObject({ name: 'Countess', role: 'reader' });
  expect(loads()).toBe(1);
  expect((await visitor.ask()).body).toMatchObject({ name: 'Countess', role: 'reader' });
  expect(loads()).toBe(0);
});

it('a session that has just been written is not read, and of many only as many as have room are kept', async () => {
  const { store, loads } = countedLoads(memory());
  const world = await createVerbWorld('memory', { store, sessionCache: { bytes: 65_536 } });
  const visitors = Array.from({ length: 400 }, () => world.visitor('bearer'));
  for (const [index, visitor] of visitors.entries()) await visitor.signIn({ user: `user-${index}` });
  loads();
  expect((await visitors.at(-1)?.ask())?.status).toBe(200);
  expect(loads()).toBe(0);
  for (const visitor of visitors) expect((await visitor.ask()).status).toBe(200);
  expect(loads()).toBeGreaterThan(200);
});

it('without copies each request reads its session', async () => {
  const { store, loads } = countedLoads(memory());
  const world = await createVerbWorld('memory', { store, sessionCache: false });
  const visitor = world.visitor('bearer');
  await visitor.signIn();
  loads();
  await visitor.ask();
  await visitor.ask();
  expect(loads()).toBe(2);
});

describe('the name and the role of a user', () => {
  it.each([
    [undefined, 3],
    [minutes(1), 2],
  ])('are asked of the application at each request, or after the age that it allows: %s', async (maxAge, asked) => {
    let calls = 0;
    const byId = async (id: string) => {
      calls += 1;
      return { id, username: `Ada ${calls}` };
    };
    const find = async () => null;
    const accounts = passwords({ find, byId, verify: async () => false, ...(maxAge !== undefined && { maxAge }) });
    const { visitor: visitorOf, pass } = await createVerbWorld('memory', { accounts });
    const visitor = visitorOf('bearer');
    await visitor.signIn();
    expect((await visitor.ask()).body.name).toBe('Ada 1');
    pass(seconds(59));
    await visitor.ask();
    pass(seconds(1));
    expect((await visitor.ask()).body.name).toBe(`Ada ${asked}`);
  });
});

it('an append of many sessions asks once what has changed, and copies each of them', async () => {
  let asked = 0;
  const rules = { mark: () => (asked += 1), watch: () => {} };
  const copies = sessionCopies(memorySessions().log, rules, 1_000_000);
  const changes = Array.from({ length: 40 }, (_, index) => begun(`s${index}`));
  expect(await copies.log.append(changes)).toBe('appended');
  expect(asked).toBe(1);
  expect(changes.map(({ id }) => copies.get(id, 1)?.id)).toEqual(changes.map(({ id }) => id));
});
