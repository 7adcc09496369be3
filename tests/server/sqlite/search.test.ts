import { expect, it } from 'vitest';
import { openDatabase, type Database } from '../../../server/sqlite/connection.ts';
import { sqliteOverview } from '../../../server/sqlite/overview.ts';
import { sqliteQueries } from '../../../server/sqlite/queries.ts';

it.each<[string, (database: Database) => Promise<unknown>]>([
  ['the log', (database) => sqliteQueries(database).pageOf('ada', {}, 10)],
  ['the overview', (database) => sqliteOverview(database).search({ user: 'ada' }, 10)],
])('%s looks for the sessions of one user by an index, however many sessions of others there are', async (_, look) => {
  const database = openDatabase(':memory:');
  const run: string[] = [];
  const watched: Database = {
    ...database,
    prepare(sql) {
      const statement = database.prepare(sql);
      return {
        ...statement,
        all(...given) {
          run.push(sql);
          return statement.all(...given);
        },
      };
    },
  };
  await look(watched);
  const plan = database.prepare(`explain query plan ${run.join(';')}`).all('ada', null, null, null, 10);
  expect(plan.map(({ detail }) => detail)).toContain('SEARCH sessions USING INDEX sessions_of_user (user=?)');
  expect(plan.filter(({ detail }) => String(detail).startsWith('SCAN sessions'))).toEqual([]);
});
