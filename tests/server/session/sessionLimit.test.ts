import { afterAll, describe, expect, it } from 'vitest';
import { isLive, minutes, reasonInWords, reasonOf, replay, seconds } from '../../../machines/index.ts';
import { isSoak } from '../../support/soak/counters.ts';
import { folder, Program, serve, stopped, tidy } from '../../support/server/child.ts';
import { adapters, createNodes } from '../../support/server/nodes.ts';
import { lapse, type Answer, type Client, type World } from '../../support/server/world.ts';

const password = 'correct horse';
const limit = 3;
const many = 50;

afterAll(tidy);

/** What the answers came to: how often each status, with its code. */
function outcomes(answers: readonly Pick<Answer, 'status' | 'body'>[]): Record<string, number> {
  const counted: Record<string, number> = {};
  for (const { status, body } of answers) {
    const outcome = [status, ...(body?.code ? [body.code] : [])].join(' ');
    counted[outcome] = (counted[outcome] ?? 0) + 1;
  }
  return counted;
}

async function aliveOf({ parts }: Pick<World, 'parts'>, user: string | undefined): Promise<readonly string[]> {
  const sessions = await parts.log.sessionsOf(user ?? '');
  return sessions.filter(({ state }) => isLive(state.leaf)).map(({ id }) => id);
}

describe.each(adapters)('the limit of live sessions, on a log in %s', (log) => {
  describe.each([1, 2])('with %i servers', (count) => {
    const begin = async (onLimit: 'end-oldest' | 'deny') => {
      const world = await createNodes(count, { log, policy: { maxSessions: limit, onLimit } });
      const owner = world.client('bearer');
      await owner.register('ada', password);
      await owner.post('/api/auth/logout');
      const clients = Array.from({ length: many }, (_, n) => world.nodes[n % count]!.client('bearer'));
      return { world, owner, clients };
    };
    const signIn = (clients: readonly Client[]) => Promise.all(clients.map((each) => each.login('ada', password)));
    const resume = (clients: readonly Client[]) =>
      Promise.all(clients.map((each) => each.post('/api/auth/reauthenticate', { password })));

    it('ASVS 7.1.2 of fifty sign-ins at once all are let in and three are alive at the end', async () => {
      const { world, owner, clients } = await begin('end-oldest');
      expect(outcomes(await signIn(clients))).toEqual({ 200: many });
      const alive = await aliveOf(world, owner.user?.id);
      expect(alive).toHaveLength(limit);

      const gone = clients.filter(({ id }) => !alive.includes(id));
      const answers = await Promise.all(gone.map((each) => each.get('/api/auth/me')));
      expect(outcomes(answers)).toEqual({ '401 session_ended': many - limit });
      for (const { body } of answers) {
        expect(body).toMatchObject({ reason: 'displaced', restorable: false });
        expect(reasonInWords(body.reason)).toMatch(/used to sign in elsewhere/);
      }
    });

    it('ASVS 7.1.2 of fifty sign-ins at once three are let in where the limit denies', async () => {
      const { world, owner, clients } = await begin('deny');
      expect(outcomes(await signIn(clients))).toEqual({ 200: limit, '409 session_limit': many - limit });
      expect(await aliveOf(world, owner.user?.id)).toHaveLength(limit);
    });

    it('ASVS 7.1.2 restoring is an admission: what was let in meanwhile makes room, the least recently proved first', async () => {
      const { world, owner, clients } = await begin('end-oldest');
      const [asleep, newcomers] = [clients.slice(0, limit), clients.slice(limit, 2 * limit)];
      await signIn(asleep);
      world.pass(lapse);
      await signIn(newcomers);
      world.pass(seconds(1));
      expect(outcomes(await resume(asleep))).toEqual({ 200: limit });
      expect((await aliveOf(world, owner.user?.id)).toSorted()).toEqual(asleep.map(({ id }) => id).toSorted());
    });

    it('ASVS 7.1.2 of those that were proved at one instant, the one that began first makes room', async () => {
      const { world, owner, clients } = await begin('end-oldest');
      // In any order of their ids.
      for (const old of clients.slice(0, 8)) {
        await owner.call('DELETE', '/api/auth/sessions');
        await old.login('ada', password);
        world.pass(minutes(1));
        await old.post('/api/auth/reauthenticate', { password });
        const newcomers = [owner, ...clients.slice(8, 8 + limit - 1)];
        await signIn(newcomers);
        expect((await aliveOf(world, owner.user?.id)).toSorted()).toEqual(newcomers.map(({ id }) => id).toSorted());
      }
    });

    it('ASVS 7.1.2 restoring is an admission: without room nobody is let back in', async () => {
      const { world, owner, clients } = await begin('deny');
      const [asleep, newcomers] = [clients.slice(0, limit), clients.slice(limit, 2 * limit)];
      await signIn(asleep);
      world.pass(lapse);
      await signIn(newcomers);
      expect(outcomes(await resume(asleep))).toEqual({ '409 session_limit': limit });
      expect((await aliveOf(world, owner.user?.id)).toSorted()).toEqual(newcomers.map(({ id }) => id).toSorted());
    });

    it('nobody is told that things change too fast: fifty answers to one warning are all taken, once each', async () => {
      const { world, clients } = await begin('end-oldest');
      const [first] = clients;
      await first?.login('ada', password);
      world.pass(minutes(26));
      const tabs = clients.map((each) => Object.assign(each, { token: first?.token }));
      const answers = await Promise.all(tabs.map((each) => each.post('/api/auth/refresh', { intent: 'extend' })));
      expect(outcomes(answers)).toEqual({ 200: many });
      const entries = await world.events(first?.id ?? '');
      expect(entries.filter(({ type }) => type === 'session.extended')).toHaveLength(many);
      expect(replay(entries).context.version).toBe(entries.length);
    });

    it('a session that is changed without a pause cannot keep its owner from ending it, nor others from signing in', async () => {
      const { world, owner, clients } = await begin('end-oldest');
      const [thief, ...others] = clients as [Client, ...Client[]];
      await thief.login('ada', password);
      world.pass(seconds(1));
      let isOver = false;
      let changes = 0;
      const flood = async () => {
        for (; !isOver; changes++) {
          const { status } = await thief.twin().post('/api/auth/refresh', { intent: 'extend' });
          isOver ||= status === 401;
        }
      };
      const flooding = [flood(), flood(), flood()];
      expect(outcomes(await signIn(others.slice(0, limit)))).toEqual({ 200: limit });
      await Promise.all(flooding);
      expect(changes).toBeGreaterThan(0);
      expect(reasonOf(replay(await world.events(thief.id)))).toBe('displaced');
      expect(await aliveOf(world, owner.user?.id)).toHaveLength(limit);
    });
  });
});

/** One of the two, or with enough time both. */
const policies = isSoak ? (['end-oldest', 'deny'] as const) : (['end-oldest'] as const);

describe.each(policies)('two processes on one SQLite file, %s', (onLimit) => {
  it('ASVS 7.1.2 of fifty sign-ins at once three are alive at the end', { timeout: 300_000 }, async () => {
    const home = folder();
    const env = { CURFEW_MAX_SESSIONS: String(limit), CURFEW_ON_LIMIT: onLimit };
    const servers = await Promise.all([serve(home, env), serve(home, env)]);
    const owner = new Program(servers[0]);
    await owner.enter('register');
    await owner.call('POST', '/api/auth/logout', {});
    const programs = Array.from({ length: many }, (_, n) => new Program(servers[n % 2]!));
    const replies = await Promise.all(programs.map((each) => each.enter('login')));
    const isIn = programs.filter(({ token }) => token !== '');
    const after = await Promise.all(isIn.map((each) => each.call('GET', '/api/auth/me')));
    expect(outcomes(replies)).toEqual(
      onLimit === 'deny' ? { 200: limit, '409 session_limit': many - limit } : { 200: many },
    );
    expect(outcomes(after)).toEqual({
      200: limit,
      ...(onLimit === 'end-oldest' && { '401 session_ended': many - limit }),
    });
    await Promise.all(servers.map(stopped));
  });
});
