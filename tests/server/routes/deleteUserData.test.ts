import { describe, expect, test } from 'vitest';
import { presets } from '../../../machines/index.ts';
import { partsOn } from '../../support/server/parts.ts';
import { openDatabase, sqlite } from '../../../server/sqlite/index.ts';
import { postgres } from '../../../server/postgres/index.ts';
import type { Dependencies } from '../../../server/routes/dependencies.ts';
import { freshPostgres } from '../../support/postgres/fresh.ts';
import { nodeOn } from '../../support/server/nodes.ts';
import { t0, type Client } from '../../support/server/world.ts';

/** An application with a table of its own: how it deletes what it keeps of a user is said by each test. */
interface Application {
  readonly parts: Dependencies;
  /** Whose letters are kept. */
  letters(): Promise<readonly unknown[]>;
  write(user: string): Promise<void>;
  /** What happens when the letters of a user have been deleted, still inside the transaction. Default nothing. */
  meanwhile: () => void;
}

const options = {
  policy: presets.standard,
  secret: 'a secret of at least thirty-two bytes',
  clock: () => t0,
  write: () => {},
  cost: { memory: 8, passes: 1, parallelism: 1 },
};
const table = 'create table letters (writer text not null)';

async function onSqlite(): Promise<Application> {
  const database = openDatabase(':memory:');
  database.prepare(table).run();
  const application: Application = {
    parts: await partsOn(
      sqlite(database, {
        deleteUserData(user, within) {
          within.prepare('delete from letters where writer = ?').run(user);
          application.meanwhile();
        },
      }),
      options,
    ),
    letters: async () => database.prepare('select writer from letters').all(),
    write: async (user) => void database.prepare('insert into letters values (?)').run(user),
    meanwhile() {},
  };
  return application;
}

async function onPostgres(): Promise<Application> {
  const database = await freshPostgres();
  await database.query('drop table if exists letters');
  await database.query(table);
  const application: Application = {
    parts: await partsOn(
      postgres(database, {
        async deleteUserData(user, query) {
          await query('delete from letters where writer = $1', [user]);
          application.meanwhile();
        },
      }),
      options,
    ),
    letters: async () => (await database.query('select writer from letters')).rows,
    write: async (user) => void (await database.query('insert into letters values ($1)', [user])),
    meanwhile() {},
  };
  return application;
}

const deleteAccount = (client: Client) => client.call('DELETE', '/api/auth/me', { password: 'correct horse' });

/** A user with a draft, two sessions and a letter of the application, beside another one's letter. */
async function withLetters(application: Application) {
  const { client } = nodeOn(application.parts);
  const [ada, other] = [client(), client()];
  await ada.register();
  await ada.call('PUT', '/api/drafts/letter', { ciphertext: 'AAAA', savedAt: 1 });
  await other.login();
  const user = ada.user?.id ?? '';
  await application.write(user);
  await application.write('bob');
  return { ada, other, user, client };
}

describe.each([
  ['SQLite', onSqlite],
  ['PostgreSQL', onPostgres],
] as const)('what an application keeps of a user in %s', (_name, create) => {
  test('is deleted in the transaction that deletes the user', async () => {
    const application = await create();
    const { ada, client } = await withLetters(application);
    expect((await deleteAccount(ada)).status).toBe(204);
    expect(await application.letters()).toEqual([{ writer: 'bob' }]);
    expect((await client().login()).body).toMatchObject({ code: 'invalid_credentials' });
  });

  test('Promise 8: when it cannot be deleted, the user stays with everything, and can be deleted later', async () => {
    const application = await create();
    const { ada, other, user, client } = await withLetters(application);
    application.meanwhile = () => {
      throw new Error('the application fails');
    };
    expect(await deleteAccount(ada)).toMatchObject({ status: 500, body: { code: 'internal_error' } });
    expect(await application.letters()).toEqual([{ writer: user }, { writer: 'bob' }]);
    expect((await other.get('/api/auth/me')).status).toBe(200);
    expect((await other.get('/api/drafts/letter')).body.ciphertext).toBe('AAAA');
    expect((await client().login()).status).toBe(200);

    application.meanwhile = () => {};
    expect((await deleteAccount(ada)).status).toBe(204);
    expect(await application.letters()).toEqual([{ writer: 'bob' }]);
    expect((await other.get('/api/auth/me')).body).toMatchObject({ code: 'session_ended', reason: 'revoked' });
  });
});

test('on SQLite a promise is refused, whatever becomes of it: the user stays with everything', async () => {
  const database = openDatabase(':memory:');
  database.prepare(table).run();
  const store = sqlite(database, {
    deleteUserData(user) {
      database.prepare('delete from letters where writer = ?').run(user);
      return Promise.reject(new Error('nobody waits for this')) as unknown as void;
    },
  });
  const parts = await partsOn(store, options);
  const letters = async () => database.prepare('select writer from letters').all();
  const write = async (user: string) => void database.prepare('insert into letters values (?)').run(user);
  const { ada, other, user } = await withLetters({ parts, letters, write, meanwhile() {} });
  expect((await deleteAccount(ada)).status).toBe(500);
  expect(await letters()).toEqual([{ writer: user }, { writer: 'bob' }]);
  expect((await other.get('/api/auth/me')).status).toBe(200);
});
