import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { minutes, reasonOf, replay, settle, type Instant } from '../../../machines/index.ts';
import {
  acts,
  begins,
  isFit,
  isLive,
  limits,
  nextOf,
  phaseOf,
  proves,
  replays,
  stays,
  uses,
  type Expected,
} from '../../support/server/model.ts';
import { isDeep } from '../../support/effort.ts';
import { createWorld, type Answer, type Client, type World } from '../../support/server/world.ts';

const password = 'correct horse';
/** How many stories are told. */
const runs = process.env['CURFEW_MODEL'] === 'all' ? 2000 : isDeep ? 100 : 30;
const names = ['the laptop', 'the phone', 'the script'] as const;
type Name = (typeof names)[number];

/** One place where the person is signed in, or not. */
interface Seat {
  readonly client: Client;
  session: string | null;
}

interface Real {
  readonly world: World;
  readonly seats: Readonly<Record<Name, Seat>>;
}

/** Every session there ever was, as it has to be. */
type Model = { now: Instant; readonly at: Record<Name, string | null>; readonly sessions: Map<string, Expected> };

/** Something that somebody does at one of the three, told as a sentence. */
class Deed implements fc.AsyncCommand<Model, Real> {
  readonly who: Name;
  readonly what: string;
  readonly #needs: boolean;
  readonly #run: (seat: Seat, model: Model, real: Real, expected: Expected) => Promise<void>;

  constructor(
    who: Name,
    what: string,
    run: (seat: Seat, model: Model, real: Real, expected: Expected) => Promise<void>,
    needs = true,
  ) {
    this.who = who;
    this.what = what;
    this.#run = run;
    this.#needs = needs;
  }

  check = (model: Readonly<Model>) => !this.#needs || model.at[this.who] !== null;

  async run(model: Model, real: Real): Promise<void> {
    const id = model.at[this.who];
    const expected = (id === null ? undefined : model.sessions.get(id)) ?? begins(model.now);
    await this.#run(real.seats[this.who], model, real, expected);
    await holds(model, real);
  }

  toString = () => `${this.who}: ${this.what}`;
}

/** What is true after everything that anybody does. */
async function holds({ sessions, now }: Model, { world }: Real): Promise<void> {
  expect(world.now()).toBe(now);
  for (const [id, expected] of sessions) {
    const stored = replay(await world.events(id));
    const { leaf, context } = settle(stored, now).state;
    const phase = phaseOf(expected, now);
    const said = leaf.startsWith('active.fresh')
      ? 'active'
      : leaf === 'active.expiring'
        ? 'expiring'
        : leaf.split('.')[0];
    expect(said).toBe(phase);
    expect([context.lastActivityAt, context.authenticatedAt]).toEqual([
      expected.lastActivityAt,
      expected.authenticatedAt,
    ]);
    if (phase === 'ended') expect(reasonOf({ leaf, context })).toBe(expected.over);
    if (phase === 'lapsed') expect(context.lapsedAt).toBe(expected.lapsedAt);
  }
}

/** What an ordinary request is answered with, wherever its session is. */
function expectAnswer({ status, body }: Answer, session: Expected, now: Instant, fine = 200): void {
  const phase = phaseOf(session, now);
  if (phase === 'lapsed') expect([status, body.code]).toEqual([401, 'session_lapsed']);
  else if (phase === 'ended') expect([status, body.code, body.reason]).toEqual([401, 'session_ended', session.over]);
  else expect(status).toBe(fine);
}

/** The same of a request that takes no token past its end. */
function expectFit(answer: Answer, session: Expected, now: Instant): void {
  if (isFit(session, now) || !isLive(session, now)) expectAnswer(answer, session, now);
  else expect([answer.status, answer.body.code]).toEqual([401, 'token_expired']);
}

const refreshes = (intent: 'extend' | 'rotate') => async (seat: Seat, model: Model, _: Real, session: Expected) => {
  const { now } = model;
  const token = seat.client.token ?? '';
  const wasLive = isLive(session, now);
  const gains = wasLive && (intent === 'rotate' || stays(session, now));
  if (wasLive) uses(session, now);
  expectAnswer(await seat.client.post('/api/auth/refresh', { intent }), session, now, gains ? 200 : 409);
  if (gains) session.old = { token, confirmedAt: null, isVoid: false };
};

const places = { '1 ms before': -1, at: 0, '1 ms after': 1, 'half an hour after': minutes(30) } as const;

const passes = (who: Name, place: keyof typeof places) =>
  new Deed(who, `time passes until ${place} its next deadline`, async (_, model, { world }, session) => {
    const then = Math.max(model.now, nextOf(session, model.now) + places[place]);
    world.pass(then - model.now);
    model.now = then;
  });

const waits = (who: Name, long: number) =>
  new Deed(
    who,
    `${long / 1000} seconds pass`,
    async (_, model, { world }) => {
      world.pass(long);
      model.now += long;
    },
    false,
  );

const deeds: readonly ((who: Name, other: Name) => Deed)[] = [
  (who) =>
    new Deed(
      who,
      'signs in',
      async (seat, model) => {
        const before = model.sessions.get(model.at[who] ?? '');
        const { status } = await seat.client.login('ada', password);
        expect(status).toBe(200);
        if (before && phaseOf(before, model.now) !== 'ended' && seat.client.transport === 'cookie')
          before.over = 'displaced';
        model.at[who] = seat.client.id;
        model.sessions.set(seat.client.id, begins(model.now));
      },
      false,
    ),
  (who) =>
    new Deed(who, 'does something', async ({ client }, { now }, _, session) => {
      if (isFit(session, now)) {
        uses(session, now);
        acts(session, now);
      }
      expectFit(await client.post('/api/auth/activity', { ageMs: 0 }), session, now);
    }),
  (who) =>
    new Deed(who, 'polls', async ({ client }, { now }, _, session) => {
      if (isFit(session, now)) uses(session, now);
      expectFit(await client.get('/api/auth/me', { 'Session-Activity': 'background' }), session, now);
    }),
  (who) => new Deed(who, 'stays signed in', refreshes('extend')),
  (who) => new Deed(who, 'renews its token', refreshes('rotate')),
  (who) =>
    new Deed(who, 'refreshes with the token before', async ({ client }, { now }, _, session) => {
      if (!session.old) return;
      const twin = client.twin();
      twin.token = session.old.token;
      const wanted = replays(session, now);
      const { status } = await twin.post('/api/auth/refresh', { intent: 'rotate' });
      expect(status).toBe(wanted === 'again' ? 200 : 401);
    }),
  (who) =>
    new Deed(who, 'proves who is there', async ({ client }, { now }, _, session) => {
      const isOver = phaseOf(session, now) === 'ended';
      const token = client.token ?? '';
      const { status } = await client.post('/api/auth/reauthenticate', { password });
      expect(status).toBe(isOver ? 410 : 200);
      if (!isOver) proves(session, token, now);
    }),
  (who) =>
    new Deed(who, 'signs out', async (seat, model, _, session) => {
      const { status } = await seat.client.twin().post('/api/auth/logout', {});
      expect(status).toBe(204);
      if (phaseOf(session, model.now) !== 'ended') session.over = 'signed_out';
    }),
  (who, other) =>
    new Deed(who, `ends ${other}`, async ({ client }, model, _, session) => {
      const victim = model.sessions.get(model.at[other] ?? '');
      if (!victim || victim === session || !isFit(session, model.now)) return;
      uses(session, model.now);
      const { status } = await client.call('DELETE', `/api/auth/sessions/${model.at[other]}`);
      if (status === 204 && phaseOf(victim, model.now) !== 'ended') victim.over = 'revoked';
    }),
  (who) => passes(who, '1 ms before'),
  (who) => passes(who, 'at'),
  (who) => passes(who, '1 ms after'),
  (who) => passes(who, 'half an hour after'),
  (who) => waits(who, minutes(20)),
  (who) => waits(who, limits.rotationGrace),
];

/** Mostly one of them, so that a story gets somewhere. */
const name = fc.oneof(
  { arbitrary: fc.constant(names[0]), weight: 6 },
  { arbitrary: fc.constantFrom(...names), weight: 3 },
);

describe.each(['memory', 'sqlite'] as const)('three clients of one user, on a log in %s', (log) => {
  it('never disagree with a model that has no machine', { timeout: 3_600_000 }, async () => {
    const commands = fc.commands(
      deeds.map((deed) => fc.tuple(name, name).map(([who, other]) => deed(who, other))),
      { size: 'max', maxCommands: 60 },
    );
    await fc.assert(
      fc.asyncProperty(commands, async (story) => {
        const world = await createWorld({ policy: limits, log });
        const first = world.client('bearer');
        await first.register('ada', password);
        await first.post('/api/auth/logout', {});
        const seat = (transport: 'cookie' | 'bearer'): Seat => ({ client: world.client(transport), session: null });
        const real: Real = {
          world,
          seats: { 'the laptop': seat('cookie'), 'the phone': seat('cookie'), 'the script': seat('bearer') },
        };
        const model: Model = {
          now: world.now(),
          at: { 'the laptop': null, 'the phone': null, 'the script': null },
          sessions: new Map(),
        };
        // Whoever is there at the beginning is signed in, so that no story is lost on doing nothing.
        for (const who of names) {
          const { client } = real.seats[who];
          await client.login('ada', password);
          model.at[who] = client.id;
          model.sessions.set(client.id, begins(model.now));
        }
        await fc.asyncModelRun(() => ({ model, real }), story);
      }),
      { numRuns: runs },
    );
  });
});
