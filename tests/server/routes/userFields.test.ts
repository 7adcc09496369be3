import { describe, expect, it } from 'vitest';
import type { Accounts } from '../../../server/accounts/accounts.ts';
import { settled } from '../../support/server/refusal.ts';
import { goodOf, pathOf, table } from '../../support/server/rows.ts';
import { modes } from '../../support/server/world.ts';

/** What an application may know of a person besides who they are, in every shape it may have. */
const secrets = {
  passwordHash: '$argon2id$v=19$secret-hash',
  password_hash: '$2b$12$secret-bcrypt',
  email: 'secret@example.org',
  totp: { secret: 'secret-seed', recovery: ['secret-code'] },
  apiKeys: ['secret-key'],
  note: 'secret-note',
};

/** Makes accounts return whole rows, as an application may plug them in. */
function returnWholeRows(accounts: Accounts): void {
  const [find, byId] = [accounts.find.bind(accounts), accounts.byId.bind(accounts)];
  accounts.find = async (username) => wholeRow(await find(username));
  accounts.byId = async (id) => wholeRow(await byId(id));
}

const wholeRow = <Found extends object>(person: Found | null) => person && { ...person, ...secrets };

const shown = table.filter(({ path }) => !path.endsWith('/stream') && path !== '/metrics');

describe.each(modes)('what an application’s own accounts return of a person, %s mode', (mode) => {
  it.each(shown)('is never in an answer, but who they are: $name', async ({ name, method, path, body }) => {
    const { ada, parts, lines } = await settled(mode);
    returnWholeRows(parts.accounts);
    const json = body && {
      ...goodOf(body),
      ...('username' in body && path.endsWith('/login') && { username: 'ada' }),
      ...('password' in body && { password: 'correct horse' }),
    };
    const answer = await ada.call(method, pathOf(path, ada.id), json);
    expect(answer.status, name).toBeLessThan(405);
    expect(`${answer.text} ${JSON.stringify([...answer.headers])}`).not.toContain('secret-');
    expect(JSON.stringify(lines)).not.toContain('secret-');
    const user = answer.body?.user;
    if (user) expect(['id', 'name', 'role', 'username']).toEqual(expect.arrayContaining(Object.keys(user)));
  });

  it('leaves who they are as it was', async () => {
    const { ada, client, parts } = await settled(mode);
    returnWholeRows(parts.accounts);
    const administrator = { id: ada.user?.id, username: 'ada', role: 'administrator' };
    expect((await ada.get('/api/auth/me')).body).toEqual({ user: administrator });
    expect((await ada.login()).body.user).toEqual(administrator);
    expect((await ada.post('/api/auth/reauthenticate', { password: 'correct horse' })).body.user).toEqual(
      administrator,
    );
    const bob = client(mode);
    await bob.register('bob');
    expect((await bob.get('/api/auth/me')).body).toEqual({ user: { id: bob.user?.id, username: 'bob' } });
  });
});
