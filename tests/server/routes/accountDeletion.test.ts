import { describe, expect, it } from 'vitest';
import { defaultSettings } from '../../../server/app/store/appStore.ts';
import { verifyChain } from '../../../server/index.ts';
import { createWorld, lapse, modes, type Client } from '../../support/server/world.ts';

const remove = (client: Client, password = 'correct horse') => client.call('DELETE', '/api/auth/me', { password });

async function begin(mode: 'cookie' | 'bearer', log: 'sqlite' | 'postgres' = 'sqlite') {
  const world = await createWorld({ log });
  const lapsed = world.client(mode);
  await lapsed.register();
  await lapsed.post('/api/conversations', { title: 'plans' });
  await lapsed.call('PUT', '/api/settings', { theme: 'dark', density: 'compact' });
  await lapsed.call('PUT', '/api/drafts/letter', { ciphertext: 'AAAA', savedAt: 1 });
  const ended = world.client(mode);
  await ended.login();
  await ended.post('/api/auth/logout');
  world.pass(lapse);
  const [ada, other] = [world.client(mode), world.client(mode)];
  await ada.login();
  await other.login();
  const bob = world.client(mode);
  await bob.register('bob');
  return { world, ada, other, lapsed, ended, bob };
}

describe.each(modes)('the end of an account, %s mode', (mode) => {
  it('ASVS 7.4.2 ends every session, lapsed ones and the one that asked too, and takes the cookie back', async () => {
    const { ada, other, lapsed } = await begin(mode);
    const twins = [ada.twin(), other, lapsed];
    const answer = await remove(ada);
    expect(answer.status).toBe(204);
    expect(answer.headers.get('Session-Status')).toMatch(/^ended; reason=revoked/);
    expect(answer.headers.has('Set-Cookie')).toBe(mode === 'cookie');
    expect(ada.token === null).toBe(mode === 'cookie');
    for (const each of twins)
      expect((await each.get('/api/auth/me')).body).toMatchObject({ code: 'session_ended', reason: 'revoked' });
    expect((await lapsed.post('/api/auth/reauthenticate', { password: 'correct horse' })).status).toBe(410);
  });

  it('erases what is known of the person; the logs of all sessions still verify', async () => {
    const { world, ada, other, lapsed, ended } = await begin(mode);
    const user = ada.user?.id ?? '';
    const { accounts, drafts, log, vault } = world.parts;
    const { id: key } = (await vault.keysOf(user)).vaultKey;
    await remove(ada);
    expect(await accounts.byId(user)).toBeNull();
    expect(await accounts.find('ada')).toBeNull();
    expect(await drafts.list(user, world.now())).toEqual([]);
    expect((await vault.keysOf(user)).vaultKey.id).not.toBe(key);
    for (const { id } of [ada, other, lapsed, ended]) {
      expect((await log.load(id))?.device).toBeNull();
      const entries = await world.events(id);
      const { hash, version } = entries.at(-1)!;
      expect(verifyChain(entries, { last: { hash, version } })).toBeNull();
      expect((await log.load(id))?.hash).toBe(hash);
      expect(JSON.stringify(entries)).not.toContain('"ada"');
    }
  });

  it('frees the name for somebody else, who gets nothing of it', async () => {
    const { world, ada } = await begin(mode);
    const before = ada.user?.id;
    await remove(ada);
    expect((await world.client(mode).login()).body).toMatchObject({ code: 'invalid_credentials' });
    const next = world.client(mode);
    expect((await next.register()).status).toBe(201);
    expect(next.user?.id).not.toBe(before);
    expect((await next.get('/api/drafts')).body.drafts).toEqual([]);
    expect((await next.get('/api/auth/sessions?ended=true')).body.sessions).toHaveLength(1);
  });

  it('ASVS 7.5.1 needs the password; without it nothing happens', async () => {
    const { world, ada, other } = await begin(mode);
    expect((await remove(ada, 'wrong horse')).body).toMatchObject({ code: 'invalid_credentials' });
    expect((await ada.call('DELETE', '/api/auth/me')).status).toBe(422);
    expect((await other.get('/api/auth/me')).status).toBe(200);
    expect((await world.parts.securityLog.since(0, 10)).map(({ kind }) => kind)).toEqual(['reauthentication_failed']);
  });

  it('gives nothing to a sign-in that proved the password before and arrives after', async () => {
    const { world, ada } = await begin(mode);
    const prove = world.parts.accounts.confirmPassword.bind(world.parts.accounts);
    world.parts.accounts.confirmPassword = async (id, password) => {
      world.parts.accounts.confirmPassword = prove;
      const proved = await prove(id, password);
      expect((await remove(ada)).status).toBe(204);
      return proved;
    };
    expect((await world.client(mode).login()).body).toMatchObject({ code: 'invalid_credentials' });
    expect(await world.parts.log.sessionsOf(ada.user?.id ?? '')).toEqual([]);
  });
});

describe.each(['sqlite', 'postgres'] as const)('the end of an account in %s', (log) => {
  it('erases the application’s own data, and nothing of anybody else', async () => {
    const { world, ada, bob } = await begin('cookie', log);
    await bob.post('/api/conversations', { title: 'mine' });
    await bob.call('PUT', '/api/drafts/letter', { ciphertext: 'BBBB', savedAt: 1 });
    await remove(ada);
    for (const table of ['users', 'conversations', 'drafts', 'vault_keys', 'settings'])
      expect(JSON.stringify(await world.rows(table)), table).not.toContain(ada.user?.id);
    expect((await bob.get('/api/conversations')).body.conversations).toHaveLength(1);
    expect((await bob.get('/api/drafts/letter')).body.ciphertext).toBe('BBBB');
    expect((await world.parts.log.load(bob.id))?.device).not.toBeNull();
  });

  it('leaves nothing of what was let in before it and comes after it', async () => {
    const { world, ada, other } = await begin('cookie', log);
    const { appStore } = world;
    const create = appStore.create.bind(appStore);
    appStore.create = async (...conversation) => {
      await remove(ada);
      return create(...conversation);
    };
    const saveSettings = appStore.saveSettings.bind(appStore);
    const twin = other.twin();
    const begun = await other.post('/api/conversations', { title: 'too late' });
    expect(begun).toMatchObject({ status: 401, body: { code: 'session_ended', reason: 'revoked' } });
    expect(begun.headers.get('Session-Status')).toMatch(/^ended; reason=revoked/);
    expect(await saveSettings(ada.user?.id ?? '', { ...defaultSettings, theme: 'dark' })).toBe(false);
    expect((await twin.get('/api/conversations')).status).toBe(401);
    for (const table of ['conversations', 'settings'])
      expect(JSON.stringify(await world.rows(table)), table).not.toContain(ada.user?.id);
  });

  it('Promise 8: is all or nothing when the store breaks', async () => {
    const { world, ada, other } = await begin('cookie', log);
    const { drafts } = world.parts;
    const erasing = drafts.eraseWrite.bind(drafts);
    drafts.eraseWrite = () => () => {
      throw new Error('broken');
    };
    expect((await remove(ada)).status).toBe(500);
    drafts.eraseWrite = erasing;
    expect((await other.get('/api/auth/me')).status).toBe(200);
    expect((await ada.get('/api/drafts/letter')).body.ciphertext).toBe('AAAA');
    expect((await ada.get('/api/settings')).body.settings.theme).toBe('dark');
    expect((await remove(ada)).status).toBe(204);
  });
});
