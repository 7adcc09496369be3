import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sqliteCopyRules } from '../../../server/sqlite/changes.ts';
import { openDatabase } from '../../../server/sqlite/index.ts';
import { StoreUnavailable } from '../../../server/store/unavailable.ts';
import { folder } from '../../support/server/folder.ts';

/** Two connections to one file, as two processes have them. */
function connections() {
  const file = join(folder(), 'curfew.db');
  const [here, elsewhere] = [openDatabase(file), openDatabase(file)];
  const { mark, lastMark, markOfTurn } = sqliteCopyRules(here);
  const write = elsewhere.prepare('insert into tombstones (user, at) values (?, 0)');
  let writes = 0;
  return { here, mark, lastMark: lastMark!, markOfTurn: markOfTurn!, commit: () => write.run(`${(writes += 1)}`) };
}

describe('what SQLite says of copies', () => {
  it('is asked once for all who want to know in one turn', async () => {
    const { markOfTurn } = connections();
    const [one, other] = [markOfTurn(), markOfTurn()];
    expect(other).toBe(one);
    await one;
    expect(markOfTurn()).not.toBe(one);
  });

  it('Promise 1 counts a commit of another process that came before the turn was over', async () => {
    const { mark, markOfTurn, commit } = connections();
    const before = mark();
    const asked = markOfTurn();
    commit();
    expect(await asked).not.toBe(before);
    const after = await markOfTurn();
    expect(after).toBe(mark());
    commit();
    expect(await markOfTurn()).not.toBe(after);
  });

  it('Promise 1 is known without asking as it was said last: what is kept behind that is no copy after a commit of another process', async () => {
    const { mark, lastMark, markOfTurn, commit } = connections();
    const first = lastMark();
    expect(first).toBe(mark());
    commit();
    expect(lastMark()).toBe(first);
    const now = await markOfTurn();
    expect(now).not.toBe(first);
    expect(lastMark()).toBe(now);
  });

  it('is nothing when the database does not answer', async () => {
    const { here, markOfTurn } = connections();
    const asked = markOfTurn();
    here.close();
    await expect(asked).rejects.toThrow(StoreUnavailable);
  });

  it('costs nothing to ask where no other process can write', () => {
    const { mark, markOfTurn } = sqliteCopyRules(openDatabase(':memory:'));
    expect([mark(), markOfTurn]).toEqual([0, undefined]);
  });
});
