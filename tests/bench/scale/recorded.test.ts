import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { recorded, transactionsIn } from './recorded.ts';

it('the statements of an open database are noted with their values, and of others no more', async () => {
  const database = () => new DatabaseSync(':memory:');
  const runs = await recorded(async () => {
    const statement = database().prepare('select ? as one');
    statement.get(0);
    return async () => void statement.get(1);
  });
  expect(runs).toEqual([{ sql: 'select ? as one', values: [1] }]);
  expect(database().prepare('select 2 as two').get()).toEqual({ two: 2 });
});

it('what stands between a beginning and an end is a transaction', () => {
  const run = (sql: string) => ({ sql, values: [] });
  const runs = ['select 0', 'begin immediate', 'insert 1', 'insert 2', 'commit', 'begin', 'insert 3', 'commit'].map(
    run,
  );
  expect(transactionsIn(runs)).toEqual([[run('insert 1'), run('insert 2')], [run('insert 3')]]);
});
