import { afterEach, describe, expect, it } from 'vitest';
import { minutes, replay, seconds } from '../../../machines/index.ts';
import { adapters, createNodes } from '../../support/server/nodes.ts';
import { overSockets, type Sockets } from '../../support/server/sockets.ts';
import { createWorld, lapse, modes } from '../../support/server/world.ts';

const password = 'correct horse';
const types = (entries: readonly { readonly type: string }[]) => entries.map(({ type }) => type);

describe.each(modes)('an answer that never came, %s mode', (mode) => {
  const begin = async () => {
    const world = await createWorld();
    const ada = world.client(mode);
    await ada.register();
    return { ...world, ada };
  };

  it('of a refresh: the old token goes on working and gets the same successor, however late, for nobody has used it', async () => {
    const { ada, pass, events } = await begin();
    const lost = ada.twin();
    await lost.post('/api/auth/refresh');
    pass(minutes(20));
    expect((await ada.get('/api/auth/me')).status).toBe(200);
    expect((await ada.post('/api/auth/refresh')).status).toBe(200);
    expect(ada.token).toBe(lost.token);
    expect((await ada.get('/api/auth/me')).status).toBe(200);
    expect(replay(await events(ada.id)).leaf).toBe('active.fresh');
  });

  it('of an answer to the warning: asking again with the same token counts again', async () => {
    const { ada, pass, now } = await begin();
    const lost = ada.twin();
    pass(minutes(26));
    await lost.post('/api/auth/refresh', { intent: 'extend' });
    pass(seconds(3));
    expect((await ada.post('/api/auth/refresh', { intent: 'extend' })).status).toBe(200);
    expect(ada.token).toBe(lost.token);
    expect(ada.session?.idleDeadline).toBe(now() + minutes(30));
  });

  it.each(['active', 'lapsed'])(
    'of a re-authentication: the password is taken again with any token (%s)',
    async (state) => {
      const { ada, pass, events } = await begin();
      if (state === 'lapsed') pass(lapse);
      for (const wait of [0, minutes(2), minutes(9)]) {
        await ada.twin().post('/api/auth/reauthenticate', { password });
        pass(wait);
      }
      expect((await ada.get('/api/auth/me')).body).toMatchObject({ code: 'token_superseded' });
      expect((await ada.post('/api/auth/reauthenticate', { password })).status).toBe(200);
      expect((await ada.get('/api/auth/me')).status).toBe(200);
      expect(types(await events(ada.id))).not.toContain('token.reused');
    },
  );

  it('of a sign-out: asking again is as good, and the session ends once', async () => {
    const { ada, events } = await begin();
    await ada.twin().post('/api/auth/logout');
    expect((await ada.post('/api/auth/logout')).status).toBe(204);
    expect(types(await events(ada.id))).toEqual(['session.started', 'user.signedOut']);
  });

  it('of a sign-in: signing in again is as good, and what nobody heard of lapses by itself', async () => {
    const { ada, client, pass, parts } = await begin();
    await client(mode).login();
    const again = client(mode);
    expect((await again.login()).status).toBe(200);
    expect((await again.get('/api/auth/me')).status).toBe(200);
    pass(minutes(20));
    await again.post('/api/auth/refresh', { intent: 'extend' });
    pass(minutes(10));
    const { sessions } = (await again.get('/api/auth/sessions')).body;
    const live = sessions.filter(({ state }: { state: string }) => state === 'active');
    expect(live.map(({ id }: { id: string }) => id)).toEqual([again.id]);
    expect(await parts.log.sessionsOf(ada.user?.id ?? '')).toHaveLength(3);
  });
});

describe('eight tabs that refresh at once', () => {
  const open: Sockets[] = [];
  afterEach(async () => {
    for (const each of open.splice(0)) await each.close();
  });

  describe.each(adapters)('on a log in %s', (log) => {
    describe.each(modes)('in %s mode', (mode) => {
      it.each(['in one process', 'over sockets'])(
        'RFC 9700 4.14.2 get one successor, from whichever of two servers, %s',
        async (way) => {
          const { nodes, events } = await createNodes(2, { log });
          const servers = way === 'over sockets' ? await Promise.all(nodes.map(overSockets)) : nodes;
          if (way === 'over sockets') open.push(...(servers as Sockets[]));
          const ada = servers[0]!.client(mode);
          await ada.register('ada', password);
          const tabs = Array.from({ length: 8 }, (_, n) =>
            Object.assign(servers[n % 2]!.client(mode), { token: ada.token, session: ada.session }),
          );
          const answers = await Promise.all(tabs.map((tab) => tab.post('/api/auth/refresh')));
          expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
          expect(new Set(tabs.map(({ token }) => token)).size).toBe(1);
          expect(tabs[0]?.token).not.toBe(ada.token);
          expect(types(await events(ada.id))).toEqual([
            'session.started',
            'token.rotated',
            ...Array.from({ length: 7 }, () => 'token.replayed'),
          ]);
        },
      );
    });
  });
});
