import { describe, expect, it } from 'vitest';
import { minutes } from '../../machines/index.ts';
import { createWorld, modes, type Client, type World } from './world.ts';

const answers: readonly (readonly [string, (ada: Client) => ReturnType<Client['get']>])[] = [
  ['session-info', (ada) => ada.get('/api/auth/session-info')],
  ['activity', (ada) => ada.post('/api/auth/activity', { ageMs: 0 })],
  ['a lease', (ada) => ada.call('PUT', '/api/auth/leases/call', { ms: minutes(1) })],
];

/** What everybody else can see of it. */
const logged = async ({ events }: World, { id }: Client) => (await events(id)).map(({ type }) => type);

describe.each(modes)('the first use of a new token, %s mode', (mode) => {
  const begin = async () => {
    const world = await createWorld();
    const ada = world.client(mode);
    await ada.register();
    await ada.post('/api/auth/refresh');
    world.pass(minutes(2));
    return { world, ada };
  };

  it.each(answers)('%s tells one version in body, ETag and header: that of the log', async (_, ask) => {
    const { world, ada } = await begin();
    const { status, headers, body } = await ask(ada);
    expect(status).toBe(200);
    const log = await logged(world, ada);
    expect(log).toContain('token.confirmed');
    expect(body.session.version).toBe(log.length);
    expect(headers.get('Session-Status')).toContain(`version=${log.length}`);
    const etag = headers.get('ETag');
    expect(etag).toBe(etag === null ? null : `W/"${log.length}"`);
  });

  it('is in the list of sessions and in the log that it asks for', async () => {
    const first = await begin();
    const { sessions } = (await first.ada.get('/api/auth/sessions')).body;
    expect(sessions[0].version).toBe((await logged(first.world, first.ada)).length);
    const second = await begin();
    const { events } = (await second.ada.get(`/api/auth/sessions/${second.ada.id}/events`)).body;
    expect(events.map(({ type }: { type: string }) => type)).toEqual(await logged(second.world, second.ada));
  });

  it('is written before what was asked for with it', async () => {
    const { world, ada } = await begin();
    await ada.call('PUT', '/api/auth/leases/call', { ms: minutes(1) });
    expect((await logged(world, ada)).slice(-2)).toEqual(['token.confirmed', 'lease.taken']);
  });
});
