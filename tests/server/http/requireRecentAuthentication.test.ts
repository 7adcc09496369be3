import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { hours, minutes, presets, seconds, type Duration } from '../../../machines/index.ts';
import { requireRecentAuthentication } from '../../../server/http/requireRecentAuthentication.ts';
import { requireSession, type SessionEnv } from '../../../server/http/requireSession.ts';
import { command } from '../../../server/session/command.ts';
import { createWorld, origin, type World } from '../../support/server/world.ts';

/** Somebody whom another provider has let in just now, by a proof that is so old; and their token. */
async function letIn(world: World, age: Duration): Promise<string> {
  const ada = world.client('bearer');
  await ada.register();
  const at = world.now();
  await command(world.parts, ada.id, () => ({
    events: [
      {
        type: 'user.reauthenticated',
        at,
        method: ['mfa'],
        issuer: 'https://id.example',
        provedAt: at - age,
        generation: 1,
        policy: presets.standard,
      },
    ],
    answer: null,
  }));
  const [iat, exp] = [at, at + minutes(30)].map((instant) => instant / 1000);
  return world.parts.tokens.sign({ sid: ada.id, sub: ada.user?.id ?? '', gen: 1, iat: iat ?? 0, exp: exp ?? 0 });
}

describe.each(['memory', 'sqlite', 'postgres'] as const)('a recent sign-in, on a log in %s', (log) => {
  it('ASVS 7.5.1 a silent single sign-on is no proof: it counts from when the person proved who they are', async () => {
    for (const [age, status] of [
      [minutes(10) + 1, 403],
      [hours(8), 403],
      [minutes(10), 204],
    ] as const) {
      const world = await createWorld({ log });
      const headers = { Authorization: `Bearer ${await letIn(world, age)}` };
      const answer = await world.app.request(`${origin}/api/auth/sessions`, { method: 'DELETE', headers });
      expect([age, answer.status]).toEqual([age, status]);
      if (status === 403) expect(await answer.json()).toMatchObject({ code: 'reauthentication_required' });
    }
  });
});

it('ASVS 7.5.1 can be asked to be younger than the policy says, for one route', async () => {
  const world = await createWorld();
  const headers = { Authorization: `Bearer ${await letIn(world, seconds(20))}` };
  const app = new Hono<SessionEnv>()
    .use(requireSession(world.parts, { counts: true }))
    .get('/policy', requireRecentAuthentication(world.parts), (c) => c.text('ok'))
    .get('/young', requireRecentAuthentication(world.parts, seconds(20)), (c) => c.text('ok'))
    .get('/younger', requireRecentAuthentication(world.parts, seconds(20) - 1), (c) => c.text('ok'));
  const statusOf = async (path: string) => (await app.request(`${origin}${path}`, { headers })).status;
  expect([await statusOf('/policy'), await statusOf('/young'), await statusOf('/younger')]).toEqual([200, 200, 403]);
});
