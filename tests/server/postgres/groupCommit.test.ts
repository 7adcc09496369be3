import { describe, expect, it } from 'vitest';
import type { PostgresDatabase } from '../../../server/postgres/connection.ts';
import { postgresEventLog } from '../../../server/postgres/eventLog.ts';
import { groupCommit } from '../../../server/postgres/groupCommit.ts';
import { given, present } from '../../../server/contract/given.ts';
import { begun, decided, extended, later, signedOut, storedAs, t0 } from '../../../server/contract/history.ts';
import { freshPostgres } from '../../support/postgres/fresh.ts';
import { postgres } from '../../../server/postgres/index.ts';

/** Groups of letters, each of which is written when the test says so. */
function letters() {
  const groups: { readonly text: string; readonly written: () => void; readonly failed: (error: Error) => void }[] = [];
  const held: Promise<void>[] = [];
  const sizes: number[] = [];
  let runOut = () => {};
  const group = groupCommit<string, string>({
    keyOf: (letter) => letter.toLowerCase(),
    write: (all) =>
      new Promise((resolve, reject) => {
        groups.push({
          text: all.join(''),
          written: () => resolve((letter) => `${letter} is written`),
          failed: reject,
        });
      }),
    wait: () => new Promise((resolve) => (runOut = resolve)),
    waitFor: (task) => void held.push(task),
    committed: (size) => void sizes.push(size),
  });
  const seen = () => groups.map(({ text }) => text);
  return { add: group, groups, seen, held, sizes, runOut: () => runOut() };
}

describe('what is to be written', () => {
  it('goes at once where nothing is under way; what comes meanwhile goes together', async () => {
    const { add, groups, seen, sizes } = letters();
    const first = add('a');
    expect(seen()).toEqual(['a']);
    const others = ['b', 'c', 'd'].map(add);
    expect(seen()).toEqual(['a']);
    groups[0]?.written();
    expect(await first).toBe('a is written');
    await expect.poll(seen).toEqual(['a', 'bcd']);
    groups[1]?.written();
    expect(await Promise.all(others)).toEqual(['b is written', 'c is written', 'd is written']);
    expect(sizes).toEqual([1, 3]);
    void add('e');
    await expect.poll(seen).toEqual(['a', 'bcd', 'e']);
  });

  it('goes one after another where it is the same', async () => {
    const { add, groups, seen } = letters();
    for (const letter of 'abBcCbd') void add(letter);
    groups[0]?.written();
    await expect.poll(seen).toEqual(['a', 'bcd']);
    groups[1]?.written();
    await expect.poll(seen).toEqual(['a', 'bcd', 'BC']);
    groups[2]?.written();
    await expect.poll(seen).toEqual(['a', 'bcd', 'BC', 'b']);
  });

  it('goes in several groups where it is much', async () => {
    const { add, groups, seen } = letters();
    const all = Array.from({ length: 301 }, (_, index) => String.fromCodePoint(0x4e00 + index));
    for (const each of all) void add(each);
    groups[0]?.written();
    await expect.poll(seen).toHaveLength(2);
    groups[1]?.written();
    await expect.poll(seen).toHaveLength(3);
    expect(seen().map(({ length }) => length)).toEqual([1, 200, 100]);
    expect(seen().join('')).toBe(all.join(''));
  });

  it('fails together, and what comes afterwards does not', async () => {
    const { add, groups, seen, sizes } = letters();
    const told = Promise.allSettled([...'abc'].map(add));
    groups[0]?.failed(new Error('gone'));
    await expect.poll(seen).toEqual(['a', 'bc']);
    groups[1]?.failed(new Error('still gone'));
    const reasons = (await told).map((each) => each.status === 'rejected' && String(each.reason));
    expect(reasons).toEqual(['Error: gone', 'Error: still gone', 'Error: still gone']);
    const next = add('d');
    await expect.poll(seen).toEqual(['a', 'bc', 'd']);
    groups[2]?.written();
    expect(await next).toBe('d is written');
    expect(sizes).toEqual([1]);
  });

  it('does not wait for long for a group that is not told of: its connection may be broken', async () => {
    const { add, groups, seen, runOut } = letters();
    void add('a');
    const second = add('b');
    runOut();
    await expect.poll(seen).toEqual(['a', 'b']);
    groups[1]?.written();
    expect(await second).toBe('b is written');
  });

  it('is waited for by who closes the database, with what waits behind it', async () => {
    const { add, groups, seen, held } = letters();
    const all = Promise.all([...'abc'].map(add));
    expect(held).toHaveLength(1);
    groups[0]?.written();
    await expect.poll(seen).toHaveLength(2);
    groups[1]?.written();
    await held[0];
    expect(await all).toHaveLength(3);
  });
});

/** A database that counts what it is asked: a statement on its own, or a transaction. */
async function counted() {
  const database = await freshPostgres();
  const asked: string[] = [];
  const counting: PostgresDatabase = {
    ...database,
    query(sql, values) {
      if (!sql.includes('pg_notify')) asked.push('statement');
      return database.query(sql, values);
    },
    transaction(work) {
      asked.push('transaction');
      return database.transaction(work);
    },
  };
  return { database, asked, log: postgresEventLog(counting) };
}

const names = Array.from({ length: 12 }, (_, index) => `s${String(index).padStart(2, '0')}`);

describe('appends to PostgreSQL', () => {
  it('at the same moment are two statements: the first goes at once, and the others together', async () => {
    const { asked, log } = await counted();
    const firsts = await given(log, ...names.map((name) => begun(name)));
    asked.length = 0;
    const outcomes = await Promise.all(firsts.map((first) => log.append([decided(first, [extended(later(1))])])));
    expect(outcomes).toEqual(names.map(() => 'appended'));
    expect(asked).toEqual(['statement', 'statement']);
  });

  it('that end sessions leave in the outbox what each of them says, and tell nodes with copies', async () => {
    const { database, log } = await counted();
    const firsts = await given(log, ...names.map((name) => begun(name, `user of ${name}`)));
    await database.query(
      `insert into curfew_nodes (id, protocol, lease_end, seen)
       values ('another', 1, clock_timestamp() + interval '1 second', pg_current_snapshot())`,
    );
    const half = (index: number) => index % 2 === 0;
    await Promise.all(
      firsts.map((first, index) =>
        log.append([decided(first, [extended(later(1)), ...(half(index) ? [signedOut(later(2))] : [])])]),
      ),
    );
    const ended = names.filter((_, index) => half(index));
    const { rows: ends } = await database.query('select stream, version, at, due, attempts from ends order by stream');
    expect(ends).toEqual(ended.map((stream) => ({ stream, version: 3, at: later(2), due: later(2), attempts: 0 })));
    const { rows } = await database.query('select subject, user_id from curfew_narrowings order by subject');
    expect(rows).toEqual(ended.map((name) => ({ subject: `s:${name}`, user_id: `user of ${name}` })));
  });

  it('of one append to many sessions are one statement in its transaction, all or none', async () => {
    const { database, asked, log } = await counted();
    const firsts = await given(log, ...names.map((name) => begun(name)));
    const changes = firsts.map((first) => decided(first, [extended(later(1))]));
    const stale = decided(storedAs(begun('s05')), [signedOut(later(1))]);
    await given(log, decided(await present(log, 's05'), [extended(t0 + 1)]));
    asked.length = 0;
    expect(await log.append(changes)).toBe('wrong_expected_version');
    expect(await log.append(changes.with(5, stale))).toBe('wrong_expected_version');
    expect((await database.query('select count(*)::integer as n from events')).rows).toEqual([{ n: names.length + 1 }]);
    const rest = changes.filter(({ id }) => id !== 's05');
    expect(await log.append(rest)).toBe('appended');
    expect(asked.slice(0, 2)).toEqual(['transaction', 'transaction']);
    expect((await present(log, 's11')).state.context.version).toBe(2);
  });

  it('do not wait for one among them whose session another transaction holds', async () => {
    const { database, log } = await counted();
    const firsts = await given(log, ...names.map((name) => begun(name)));
    let appended: Promise<string>[] = [];
    await database.transaction(async (query) => {
      await query("select 1 from sessions where id = 's05' for update");
      appended = firsts.map((first) => log.append([decided(first, [extended(later(1))])]));
      expect(await Promise.all(appended.toSpliced(5, 1))).toEqual(names.slice(1).map(() => 'appended'));
    });
    expect(await Promise.all(appended)).toEqual(names.map(() => 'appended'));
  });

  it('of several nodes to the same sessions, in any order, do not stand in each other’s way', async () => {
    const database = await freshPostgres();
    const nodes = Array.from({ length: 4 }, () => postgresEventLog(database));
    const [log] = nodes;
    if (!log) throw new Error('no node');
    const firsts = await given(log, ...names.map((name) => begun(name)));
    const outcomes = await Promise.all(
      nodes.flatMap((node, index) =>
        (index % 2 === 0 ? firsts : firsts.toReversed()).map(async (first) => ({
          id: first.id,
          outcome: await node.append([decided(first, [extended(later(index + 1))])]),
        })),
      ),
    );
    const of = (outcome: string) => outcomes.filter((each) => each.outcome === outcome).map(({ id }) => id);
    expect(of('appended').toSorted()).toEqual(names);
    expect(of('wrong_expected_version')).toHaveLength(3 * names.length);
  });

  it('say how many have shared a commit', async () => {
    const store = await postgres(await freshPostgres()).open({ clock: () => t0 });
    const sizes: number[] = [];
    store.watchCommits?.((size) => void sizes.push(size));
    const firsts = await given(store.log, ...names.map((name) => begun(name)));
    expect(sizes).toEqual(names.map(() => 1));
    sizes.length = 0;
    await Promise.all(firsts.map((first) => store.log.append([decided(first, [extended(later(1))])])));
    expect(sizes).toEqual([1, names.length - 1]);
  });
});
