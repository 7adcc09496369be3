import { describe, expect, it } from 'vitest';
import { createWorld } from '../../support/server/world.ts';

const refused = (field: string, message: string) => ({ code: 'invalid_input', fields: [{ field, message }] });
const common = 'must not be one of the most common passwords';

describe('NIST SP 800-63B-4 §3.1.1.2 a new password', () => {
  it.each(['password', 'PASSWORD', 'Password1', 'iloveyou', '12345678', 'p@ssw0rd', 'qwertyuiop', 'ｐａｓｓｗｏｒｄ'])(
    'is refused when it is among the most common: %s',
    async (password) => {
      const { client } = await createWorld();
      const { status, body } = await client().register('ada', password);
      expect([status, body]).toEqual([422, expect.objectContaining(refused('password', common))]);
      expect((await client().login('ada', password)).status).toBe(401);
    },
  );

  it.each(['correct horse', 'password of ada', 'my password is long', 'iloveyou, Charles', 'Passw0rd!x', '        x'])(
    'may hold common words, or be of spaces: %s',
    async (password) => {
      const { client } = await createWorld();
      expect((await client().register('ada', password)).status).toBe(201);
    },
  );

  it('is refused when it is the user name, in any spelling of it', async () => {
    const { client } = await createWorld();
    for (const password of ['ada lovelace', 'Ada Lovelace', 'ADA LOVELACE'])
      expect((await client().register('Ada Lovelace', password)).body).toMatchObject(
        refused('password', 'must not be the user name'),
      );
  });

  it('is refused in the place of an old one, which goes on working', async () => {
    const { client } = await createWorld();
    const ada = client();
    await ada.register('ada lovelace');
    const change = (newPassword: string) => ada.post('/api/auth/password', { password: 'correct horse', newPassword });
    expect((await change('sunshine1')).body).toMatchObject(refused('newPassword', common));
    expect((await change('Ada Lovelace')).body).toMatchObject(refused('newPassword', 'must not be the user name'));
    expect((await ada.get('/api/auth/me')).status).toBe(200);
    expect((await client().login('ada lovelace')).status).toBe(200);
    expect((await change('battery staple')).status).toBe(204);
  });

  it('is not looked at when somebody signs in: one from before the list goes on working', async () => {
    const { client, users, parts } = await createWorld();
    await client().register('ada');
    const { id } = (await users.byName('ada')) ?? { id: '' };
    const write = await parts.accounts.replacePassword?.(id, 'password');
    await parts.log.append([], undefined, write ? [write] : []);
    expect((await client().login('ada', 'password')).status).toBe(200);
  });
});
