import { describe, expect, it } from 'vitest';
import { createHandlers } from '../../../server/handlers.ts';
import { createCurfew, passwords, type WaysOption } from '../../../server/index.ts';
import { memory } from '../../../server/memory/index.ts';
import { Client, cost, createWorld, lapse, secret } from '../../support/server/world.ts';

const provider = { kind: 'sso', name: 'Example', url: '/auth/oidc' } as const;
const path = '/api/auth/ways';

const withWays = async (ways: WaysOption) => {
  const world = await createWorld();
  const { routes } = createHandlers({ ...world.parts, ways });
  const ada = new Client(routes, 'cookie');
  await ada.register();
  return { ...world, ada, client: () => new Client(routes, 'cookie') };
};

describe('the ways to sign in again', () => {
  it('are the password, where nothing else is said, and the name goes with them', async () => {
    const { client } = await createWorld();
    const ada = client();
    await ada.register();
    expect((await ada.get(path)).body).toEqual({ ways: [{ kind: 'password' }], user: { name: 'ada' } });
  });

  it('are what the application says of this user, in its order, and with what a passkey needs', async () => {
    const asked: string[] = [];
    const { ada } = await withWays(async ({ id }) => {
      asked.push(id);
      return [provider, { kind: 'passkey', challenge: 'abc' }];
    });
    const id = ada.user?.id;
    expect((await ada.get(path)).body.ways).toEqual([provider, { kind: 'passkey', challenge: 'abc' }]);
    expect(asked).toEqual([id]);
  });

  it('are a password that a route of the application takes, by its path', async () => {
    const { ada } = await withWays(() => [{ kind: 'password', url: '/login?from=lock' }]);
    expect((await ada.get(path)).body.ways).toEqual([{ kind: 'password', url: '/login?from=lock' }]);
  });

  it('are told to a signed credential of the session, dead or alive, and to nobody else', async () => {
    const { ada, client, pass } = await withWays(() => [provider]);
    expect((await client().get(path)).body).toMatchObject({ code: 'unauthenticated' });
    expect((await client().get(path, { Cookie: '__Host-curfew=forged' })).status).toBe(401);
    expect((await ada.get(path, { 'Session-Id': 'another' })).body).toMatchObject({ code: 'session_mismatch' });
    const old = ada.twin();
    await ada.post('/api/auth/refresh');
    pass(lapse);
    for (const each of [ada, old]) expect((await each.get(path)).body.ways).toEqual([provider]);
    await ada.twin().post('/api/auth/logout');
    expect((await ada.get(path)).status).toBe(200);
  });

  it('keep nobody alive', async () => {
    const { ada, pass, events } = await withWays(() => [provider]);
    pass(120_000);
    await ada.get(path, { 'Session-Activity': 'user' });
    expect((await events(ada.id)).map(({ type }) => type)).not.toContain('activity.seen');
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a word', 'password'],
    ['an unknown kind', [{ kind: 'sms' }]],
    ['a password for another origin', [{ kind: 'password', url: 'https://elsewhere.example/login' }]],
    ['a password for another host', [{ kind: 'password', url: '//elsewhere.example/login' }]],
    ['a password for another host, hidden', [{ kind: 'password', url: '/\t\\elsewhere.example' }]],
    ['a password for no path', [{ kind: 'password', url: 'login' }]],
    ['a provider without its page', [{ kind: 'sso', name: 'Example' }]],
  ])('that cannot be are a 500, and the log names the option: %s', async (_, said) => {
    const { ada, lines } = await withWays((() => said) as WaysOption);
    expect((await ada.get(path)).body).toMatchObject({ status: 500, code: 'internal_error' });
    expect(lines.find(({ msg }) => msg === 'failure')?.['error']).toContain('the option ways must return a list of');
  });

  it('are an option of createCurfew, and none where nobody has a password', async () => {
    const curfew = await createCurfew({ store: memory(), secret, accounts: false });
    const { headers } = await curfew.signIn(new Request('http://localhost/'), {
      user: { id: 'u1', name: 'Ada' },
      method: ['hwk'],
      authenticatedAt: Date.now(),
    });
    const [cookie = ''] = (headers.get('Set-Cookie') ?? '').split(';');
    const answer = await curfew.fetch(new Request(`http://localhost${path}`, { headers: { Cookie: cookie } }));
    expect(await answer.json()).toEqual({ ways: [], user: { name: 'Ada' } });
    await curfew.close();
    const refused = createCurfew({ store: memory(), secret, accounts: passwords({ cost }), ways: [] as never });
    await expect(refused).rejects.toThrow('ways must be a function');
  });
});
