import { describe, expect, it } from 'vitest';
import { minutes } from '../../../machines/index.ts';
import { verifyChain } from '../../../server/index.ts';
import { createWorld, lapse, modes, type Client, type World } from '../../support/server/world.ts';

const change = (client: Client, more: object = {}, password = 'correct horse') =>
  client.post('/api/auth/password', { password, newPassword: 'battery staple', ...more });

/** Somebody with two more sessions, one of them lapsed. */
async function begin(mode: 'cookie' | 'bearer', log: 'sqlite' | 'postgres' = 'sqlite') {
  const world = await createWorld({ log });
  const lapsed = world.client(mode);
  await lapsed.register();
  world.pass(lapse);
  await lapsed.get('/api/auth/session-info');
  const [ada, other] = [world.client(mode), world.client(mode)];
  await ada.login();
  await other.login();
  return { world, ada, other, lapsed };
}

const leafOf = async ({ parts }: World, id: string) => (await parts.log.load(id))?.state.leaf;

describe.each(modes)('a change of password, %s mode', (mode) => {
  it('ASVS 7.4.3 ends all other sessions, lapsed ones too, as revoked; the one that asked goes on as it is', async () => {
    const { world, ada, other, lapsed } = await begin(mode);
    const answer = await change(ada);
    expect(answer.status).toBe(204);
    expect(answer.headers.get('Set-Cookie')).toBeNull();
    expect((await ada.get('/api/auth/me')).status).toBe(200);
    expect(await world.events(ada.id)).toHaveLength(1);
    for (const each of [other, lapsed])
      expect((await each.get('/api/auth/me')).body).toMatchObject({ code: 'session_ended', reason: 'revoked' });
    expect((await world.events(other.id)).find(({ type }) => type === 'session.revoked')).toMatchObject({
      data: { by: ada.user?.id, reason: 'password' },
    });
  });

  it('ASVS 7.4.3 leaves the others alone when asked to, and they can still be resumed with the new password', async () => {
    const { world, ada, other, lapsed } = await begin(mode);
    expect((await change(ada, { keepOthers: true })).status).toBe(204);
    expect((await other.get('/api/auth/me')).status).toBe(200);
    expect((await lapsed.post('/api/auth/reauthenticate', { password: 'correct horse' })).status).toBe(401);
    expect((await lapsed.post('/api/auth/reauthenticate', { password: 'battery staple' })).status).toBe(200);
    expect(await leafOf(world, other.id)).toBe('active.fresh');
  });

  it('lets the new password in and the old one no more', async () => {
    const { world, ada } = await begin(mode);
    await change(ada);
    expect((await world.client(mode).login()).body).toMatchObject({ code: 'invalid_credentials' });
    expect((await world.client(mode).login('ada', 'battery staple')).status).toBe(200);
  });

  it('gives nothing to a sign-in or a re-authentication that proved the old password before and arrives after', async () => {
    const { world, ada, other } = await begin(mode);
    for (const enter of [
      () => world.client(mode).login(),
      () => other.post('/api/auth/reauthenticate', { password: 'correct horse' }),
    ]) {
      const prove = world.parts.accounts.confirmPassword.bind(world.parts.accounts);
      world.parts.accounts.confirmPassword = async (id, password) => {
        world.parts.accounts.confirmPassword = prove;
        const proved = await prove(id, password);
        expect((await change(ada, { newPassword: 'correct horse', keepOthers: true })).status).toBe(204);
        return proved;
      };
      expect((await enter()).body).toMatchObject({ code: 'invalid_credentials' });
    }
  });

  it('ASVS 7.5.1 is refused with a wrong password, changes nothing then, and is written down', async () => {
    const { world, ada, other } = await begin(mode);
    const answer = await change(ada, {}, 'wrong horse');
    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject({ code: 'invalid_credentials' });
    expect((await other.get('/api/auth/me')).status).toBe(200);
    expect((await world.client(mode).login()).status).toBe(200);
    expect(await world.parts.securityLog.since(0, 10)).toMatchObject([
      { kind: 'reauthentication_failed', user: ada.user?.id },
    ]);
  });

  it('ASVS 6.3.1 is no door for guessing: the sixth wrong try waits', async () => {
    const { ada } = await begin(mode);
    for (let tries = 0; tries < 5; tries++) expect((await change(ada, {}, 'wrong horse')).status).toBe(401);
    const answer = await change(ada);
    expect(answer.status).toBe(429);
    expect(answer.headers.get('Retry-After')).toBe('1');
    expect((await ada.post('/api/auth/reauthenticate', { password: 'correct horse' })).status).toBe(429);
  });

  it.each([
    { newPassword: 'short' },
    { newPassword: 'x'.repeat(1025) },
    { newPassword: undefined },
    { keepOthers: 'yes' },
    { more: 1 },
  ])('takes nothing but what fits: %j', async (more) => {
    const { world, ada } = await begin(mode);
    expect((await change(ada, more)).status).toBe(422);
    expect((await world.client(mode).login()).status).toBe(200);
  });

  it('Promise 1: is not done for a session that ends while the password is looked at', async () => {
    const { world, ada, other } = await begin(mode);
    const replace = world.parts.accounts.replacePassword?.bind(world.parts.accounts);
    world.parts.accounts.replacePassword = async (id, password) => {
      await ada.twin().post('/api/auth/logout');
      return replace!(id, password);
    };
    expect((await change(ada)).body).toMatchObject({ code: 'session_ended', reason: 'signed_out' });
    expect((await other.get('/api/auth/me')).status).toBe(200);
    expect((await world.client(mode).login()).status).toBe(200);
  });

  it('gives new work another key; the older one still comes along, to open', async () => {
    const { world, ada } = await begin(mode);
    const before = (await ada.get('/api/auth/vault-key')).body;
    expect('olderKeys' in before).toBe(false);
    await change(ada);
    const after = (await ada.get('/api/auth/vault-key')).body;
    expect(after.vaultKey.id).not.toBe(before.vaultKey.id);
    expect(after.vaultKey.key).not.toBe(before.vaultKey.key);
    expect(after.olderKeys).toEqual([before.vaultKey]);
    const again = await world.client(mode).login('ada', 'battery staple');
    expect(again.body).toMatchObject(after);
  });
});

describe('a key of preserved work', () => {
  it('is another after a token came back that should not have: somebody may have had both', async () => {
    const world = await createWorld();
    const ada = world.client('bearer');
    const { vaultKey } = (await ada.register()).body;
    const stolen = ada.twin();
    await ada.post('/api/auth/refresh');
    await ada.get('/api/auth/me');
    world.pass(minutes(2));
    expect((await stolen.post('/api/auth/refresh')).body).toMatchObject({ reason: 'compromised' });
    const again = (await world.client('bearer').login()).body;
    expect(again.vaultKey.id).not.toBe(vaultKey.id);
    expect(again.olderKeys).toEqual([vaultKey]);
  });
});

describe.each(['sqlite', 'postgres'] as const)('a change in %s', (log) => {
  it('Promise 8: of a password is all or nothing when the store breaks', async () => {
    const { world, ada, other } = await begin('cookie', log);
    const { vault } = world.parts;
    const renewing = vault.rotateKeyWrite.bind(vault);
    vault.rotateKeyWrite = () => () => {
      throw new Error('broken');
    };
    expect((await change(ada)).status).toBe(500);
    vault.rotateKeyWrite = renewing;
    expect((await other.get('/api/auth/me')).status).toBe(200);
    expect((await world.client().login()).status).toBe(200);
    const entries = await world.events(other.id);
    expect(entries).toHaveLength(1);
    expect(verifyChain(entries)).toBeNull();
  });

  it('of a password is one: the new one counts, the others have ended, there is another key', async () => {
    const { world, ada, other } = await begin('bearer', log);
    const { vaultKey } = (await ada.get('/api/auth/vault-key')).body;
    expect((await change(ada)).status).toBe(204);
    expect((await other.get('/api/auth/me')).body).toMatchObject({ reason: 'revoked' });
    expect((await world.client('bearer').login()).status).toBe(401);
    const { body } = await world.client('bearer').login('ada', 'battery staple');
    expect(body.vaultKey.id).not.toBe(vaultKey.id);
    expect(body.olderKeys).toEqual([vaultKey]);
  });
});
