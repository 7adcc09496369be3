import { describe, expect, it } from 'vitest';
import { minutes, type Authentication } from '../../../machines/index.ts';
import { command } from '../../../server/session/command.ts';
import { createWorld, t0, type Client, type World } from '../../support/server/world.ts';

const issuer = 'https://id.example';

/** Proves again who the user is, as a log of any version may have it. */
const provedAgain = ({ parts, now }: World, { id }: Client, generation: number, proof: Authentication) =>
  command(parts, id, ({ context: { policy } }) => ({
    events: [{ type: 'user.reauthenticated', at: now(), generation, policy, ...proof }],
    answer: null,
  }));

describe.each(['memory', 'sqlite', 'postgres'] as const)('RFC 8176 how a sign-in was proved, on a log in %s', (log) => {
  it('is told by the list of sessions and by their history, with the instant and the provider', async () => {
    const world = await createWorld({ log });
    const [ada, looker] = [world.client(), world.client()];
    await ada.register();
    const listed = async () => {
      await looker.login();
      const { sessions } = (await looker.get('/api/auth/sessions')).body;
      const { method, provedAt, issuer: by } = sessions.find(({ id }: { id: string }) => id === ada.id);
      return { method, provedAt, issuer: by };
    };
    expect(await listed()).toEqual({ method: ['pwd'], provedAt: t0 });

    world.pass(minutes(5));
    await provedAgain(world, ada, 1, { method: ['mfa'], issuer, provedAt: t0 + 7, amr: ['phr'], acr: '2' });
    expect(await listed()).toEqual({ method: ['mfa'], provedAt: t0 + 7, issuer });

    await provedAgain(world, ada, 2, { method: 'pwd' });
    expect(await listed()).toEqual({ method: ['pwd'], provedAt: t0 + minutes(5) });

    const { events } = (await looker.get(`/api/auth/sessions/${ada.id}/events`)).body;
    const { device: _, policy: __, ...started } = events[0].data;
    expect(started).toEqual({ user: ada.user?.id, remembered: false, method: ['pwd'] });
    expect(events[1].data).toMatchObject({ method: ['mfa'], issuer, provedAt: t0 + 7, amr: ['phr'], acr: '2' });
    expect(events[2].data).toMatchObject({ method: 'pwd' });
  });
});
