import { expect, it } from 'vitest';
import { openDatabase, type Database } from '../../../server/sqlite/connection.ts';
import { sqliteQueries } from '../../../server/sqlite/queries.ts';

it('looks for the sessions of one user by an index, however many sessions of others there are', async () => {
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
  await sqliteQueries(watched).search({ user: 'ada' }, 10);
  const plan = database.prepare(`explain query plan ${run.join(';')}`).all('ada', null, null, null, 10);
  expect(plan.map(({ detail }) => detail)).toContain('SEARCH sessions USING INDEX sessions_of_user (user=?)');
  expect(plan.filter(({ detail }) => String(detail).startsWith('SCAN sessions'))).toEqual([]);
});
