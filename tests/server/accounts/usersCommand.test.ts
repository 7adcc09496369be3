import { describe, expect, it } from 'vitest';
import { usage, usersCommand } from '../../../server/accounts/usersCommand.ts';
import { createWorld } from '../../support/server/world.ts';

async function begin() {
  const world = await createWorld();
  const ada = world.client('bearer');
  await ada.register('Ada');
  return { world, ada, run: (...args: string[]) => usersCommand({ ...world.parts, users: world.users }, args) };
}

describe('npm run users', () => {
  it('makes an administrator and takes it back', async () => {
    const { ada, run } = await begin();
    expect(await run('promote', 'ada')).toEqual({ ok: true, lines: ['Ada is an administrator'] });
    expect((await ada.get('/api/admin/sessions')).status).toBe(200);
    expect(await run('demote', 'ADA')).toEqual({ ok: true, lines: ['Ada is no administrator'] });
    expect((await ada.get('/api/admin/sessions')).status).toBe(403);
  });

  it('lists everybody, oldest first', async () => {
    const { world, ada, run } = await begin();
    world.pass(1);
    const bob = world.client('bearer');
    await bob.register('bob');
    await run('promote', 'bob');
    await run('disable', 'Ada');
    expect(await run('list')).toEqual({
      ok: true,
      lines: [`${ada.user?.id}\tuser\tdisabled\tAda`, `${bob.user?.id}\tadministrator\tenabled\tbob`],
    });
  });

  it('ASVS 7.4.2 disables: signed out everywhere at once, and nobody gets in until it is enabled', async () => {
    const { world, ada, run } = await begin();
    await run('disable', 'Ada');
    expect((await ada.get('/api/auth/me')).body).toMatchObject({ code: 'session_ended', reason: 'revoked' });
    expect((await ada.post('/api/auth/reauthenticate', { password: 'correct horse' })).status).toBe(410);
    expect((await world.client('bearer').login()).body).toMatchObject({ code: 'invalid_credentials' });
    await run('enable', 'Ada');
    expect((await world.client('bearer').login()).status).toBe(200);
  });

  it('ASVS 7.4.2 disables somebody whose sign-in is under way', async () => {
    const { world, ada, run } = await begin();
    const prove = world.parts.accounts.confirmPassword.bind(world.parts.accounts);
    world.parts.accounts.confirmPassword = async (id, password) => {
      const proved = await prove(id, password);
      await run('disable', 'Ada');
      return proved;
    };
    expect((await world.client('bearer').login()).body).toMatchObject({ code: 'invalid_credentials' });
    expect(await world.parts.log.sessionsOf(ada.user?.id ?? '')).toEqual([]);
  });

  it.each([[], ['promote'], ['promote', 'ada', 'bob'], ['list', 'ada'], ['delete', 'ada']])(
    'says how it is used: %j',
    async (...args) => {
      const { run } = await begin();
      expect(await run(...args)).toEqual({ ok: false, line: usage });
    },
  );

  it('says when there is nobody of that name', async () => {
    const { run } = await begin();
    expect(await run('promote', 'bob')).toEqual({ ok: false, line: 'there is no user "bob"' });
  });
});
