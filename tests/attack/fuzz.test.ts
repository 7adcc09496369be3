import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isLive, minutes, replay, type Duration, type SessionState } from '../../machines/index.ts';
import { verifyChain } from '../../server/index.ts';
import { counted, isSoak } from '../support/soak/counters.ts';
import { createWorld, type Client, type World } from '../support/server/world.ts';
import { expectOurs } from '../support/attack/ours.ts';
import { asked, rightPassword, type Asked, type Sender } from '../support/attack/requests.ts';
import { addressed, keep, type Holder } from '../support/attack/sent.ts';

/** A request, or time that passes. */
type Deed = Asked | { readonly pass: Duration };

const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 12, arbitrary: asked },
  fc.constantFrom(1, minutes(1), minutes(4), minutes(26), minutes(40)).map((pass) => ({ pass })),
);

/** Answers to what nobody has understood, or what nobody may ask: no person can be inferred from them. */
const refused: ReadonlySet<number> = new Set([400, 401, 403, 405, 413, 422, 429, 431]);

async function holdersIn({ client, parts }: World) {
  const enter = async (name: string): Promise<Client> => {
    const entered = client('bearer');
    await entered.register(name, rightPassword);
    return entered;
  };
  const [ada, bob, gone, quiet] = [await enter('ada'), await enter('bob'), await enter('gone'), await enter('quiet')];
  const copy = gone.twin();
  await gone.post('/api/auth/logout');
  const [head, , signature] = (bob.token ?? '').split('.');
  const forged = [head, (ada.token ?? '').split('.')[1], signature].join('.');
  const holders: Record<Sender, Holder> = {
    ada,
    bob,
    ended: copy,
    forger: { token: forged, id: 'x' },
    nobody: { token: null, id: 'x' },
  };
  const user = parts.accounts.find('quiet');
  return { holders, quiet, user: (await user)?.id ?? '' };
}

const deadlines = ({ context }: SessionState) => [context.lastActivityAt, context.authenticatedAt, context.policy];

async function sendOne(world: World, request: ReturnType<typeof addressed>): Promise<Response> {
  const { method, path, headers, body } = request;
  // The address of a `Request` is made as the server's adapter makes it.
  return world.app.request(new Request(new URL(path, 'http://localhost'), { method, headers, body }));
}

async function live(deeds: readonly Deed[], seen: Map<number, number>) {
  const world = await createWorld();
  const { holders, quiet } = await holdersIn(world);
  const states = async () => {
    const all = await Promise.all([holders.ada.id, holders.bob.id].map((id) => world.parts.log.load(id)));
    return all.flatMap((stored) =>
      stored && isLive(stored.state.leaf) ? [[stored.id, deadlines(stored.state)] as const] : [],
    );
  };
  for (const each of deeds) {
    if ('pass' in each) {
      world.pass(each.pass);
      continue;
    }
    const before = new Map(await states());
    const request = addressed(each, holders, quiet.id);
    const response = await sendOne(world, request);
    const body = await expectOurs(request, response);
    seen.set(response.status, (seen.get(response.status) ?? 0) + 1);
    keep(holders[each.from], response.headers.get('Set-Cookie'), body);
    if (refused.has(response.status) || each.from === 'nobody' || each.from === 'forger')
      for (const [id, after] of await states()) if (before.has(id)) expect(after).toEqual(before.get(id));
  }

  expect(world.lines.filter(({ msg }) => msg === 'failure')).toEqual([]);
  // Nobody has spoken for this one, whoever knew its id: time alone has changed it.
  const causes = (await world.events(quiet.id)).map(({ type }) => type);
  expect(new Set(causes.slice(1))).toEqual(new Set(causes.slice(1).filter((type) => type === 'clock.reached')));
  for (const name of ['ada', 'bob', 'gone', 'quiet']) {
    const person = await world.parts.accounts.find(name);
    for (const { id, state, hash } of await world.parts.log.sessionsOf(person?.id ?? '', 0)) {
      const log = await world.events(id);
      expect(verifyChain(log, { last: { version: state.context.version, hash } })).toBeNull();
      expect(replay(log)).toEqual(state);
    }
  }
}

it('ASVS 16.5.3 nothing that anybody sends breaks the server, pollutes it, or moves a deadline that is not theirs to move', async () => {
  const seen = new Map<number, number>();
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => void unhandled.push(reason);
  process.on('unhandledRejection', note);
  const clean = Reflect.ownKeys(Object.prototype).length;
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { minLength: 1, maxLength: 60, size: 'max' }), (deeds) => live(deeds, seen)),
      isSoak ? { numRuns: 1_000_000, interruptAfterTimeLimit: 60_000 } : { numRuns: 25, seed: 1 },
    );
  } finally {
    process.off('unhandledRejection', note);
  }
  expect(unhandled).toEqual([]);
  expect(Reflect.ownKeys(Object.prototype)).toHaveLength(clean);
  const statuses = [...seen].toSorted(([a], [b]) => a - b);
  const total = statuses.reduce((sum, [, count]) => sum + count, 0);
  console.info(`${total} requests: ${statuses.map(([status, count]) => `${status} × ${count}`).join(', ')}`);
  counted('fuzzer, on a clock of its own', {
    requests: total,
    '5xx': statuses.reduce((sum, [status, count]) => sum + (status >= 500 ? count : 0), 0),
    'unhandled rejections': unhandled.length,
  });
  // Requests that are refused at the door would find nothing: every kind of answer has to come up.
  for (const status of [200, 201, 204, 400, 401, 403, 404, 405, 409, 422])
    expect(seen.get(status), `${status}`).toBeGreaterThan(0);
}, 120_000);
