import { describe, expect, it } from 'vitest';
import { minutes } from '../../../machines/index.ts';
import { behindProxy } from '../../support/server/behindProxy.ts';
import { createWorld, lapse, type Client } from '../../support/server/world.ts';

const warning =
  'no address of the client is known here: failed sign-ins are counted per account only; give createCurfew `address`';

const guess = async (client: Client, times: number, name: (n: number) => string) => {
  const codes: string[] = [];
  for (let n = 0; n < times; n++) codes.push((await client.login(name(n), 'wrong horse')).body.code);
  return codes;
};

describe.each(['sqlite', 'memory', 'postgres'] as const)('without a socket address (%s)', (log) => {
  it('ASVS 6.3.1 wrong guesses by anybody lock nobody else out: accounts are counted alone, and the log says so once', async () => {
    const world = await createWorld({ address: null, log });
    const ada = world.client();
    await ada.register();
    await guess(world.client(), 105, (n) => `name ${n}`);
    expect((await world.client().login()).status).toBe(200);
    expect((await world.client().register('bob')).status).toBe(201);
    const codes = await guess(world.client(), 8, () => 'ada');
    expect(codes.filter((code) => code === 'too_many_attempts')).toHaveLength(3);
    expect(world.lines.filter(({ msg }) => msg === 'warning')).toEqual([{ msg: 'warning', level: 'warn', warning }]);
  });

  it('ASVS 6.3.1 strangers keep nobody from resuming: a browser with a signed credential has a count of its own', async () => {
    const world = await createWorld({ address: null, log });
    const ada = world.client();
    await ada.register();
    world.pass(lapse);
    await guess(world.client(), 12, () => 'ada');
    expect((await world.client().login()).body).toMatchObject({ code: 'too_many_attempts' });
    const resumed = await ada.post('/api/auth/reauthenticate', { password: 'correct horse' });
    expect(resumed.status).toBe(200);

    world.pass(lapse);
    const codes: string[] = [];
    for (let n = 0; n < 7; n++)
      codes.push((await ada.post('/api/auth/reauthenticate', { password: 'wrong horse' })).body.code);
    expect(codes.filter((code) => code === 'too_many_attempts')).toHaveLength(2);
    world.pass(minutes(1));
    expect((await ada.post('/api/auth/reauthenticate', { password: 'correct horse' })).status).toBe(200);
  });
});

describe('an address', () => {
  it('comes from the application where there is no socket', async () => {
    const world = await createWorld({ address: '203.0.113.7' });
    await world.client().register();
    await guess(world.client(), 100, (n) => `name ${n}`);
    expect((await world.client().login('name 200', 'wrong')).body).toMatchObject({ code: 'too_many_attempts' });
    expect(world.lines.filter(({ msg }) => msg === 'warning')).toEqual([]);
    const [session] = (await world.client().get('/api/auth/sessions')).body.sessions ?? [null];
    expect(session).toBeNull();
  });

  it('is not known where the application names none that is one', async () => {
    const world = await createWorld({ address: 'somewhere' });
    await world.client().register();
    expect(world.lines.filter(({ msg }) => msg === 'warning')).toHaveLength(1);
  });

  it('is the socket’s where there is one, whatever the application says', async () => {
    const world = await behindProxy({ address: '203.0.113.7', trustedProxies: [] });
    await world.login('', 'wrong horse');
    const [{ address } = { address: null }] = await world.parts.securityLog.since(0, 1);
    const other = await behindProxy({ address: '198.51.100.1', trustedProxies: [] });
    await other.login('', 'wrong horse');
    expect((await other.parts.securityLog.since(0, 1))[0]?.address).toBe(address);
  });
});
