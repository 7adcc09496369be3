import { describe, expect, test } from 'vitest';
import { createAttestations } from '../../../server/audit/attestations.ts';
import { chain } from '../../../server/log/chain.ts';
import { sqliteEventLog } from '../../../server/log/sqlite.ts';
import { openDatabase } from '../../../server/sqlite/database.ts';
import { begun, decided, extended, later, storedAs } from '../../contract/history.ts';
import { checkpointOf, copyOf, kept, looked, tamper } from './kept.ts';

const row = (stream: string, version: number) => `where stream = '${stream}' and version = ${version}`;

async function after(...statements: readonly string[]) {
  const path = await kept();
  tamper(path, ...statements);
  return (await looked(path)).found;
}

describe('what nobody has touched', () => {
  test('ASVS 16.4.2 is found whole, and every session and entry was looked at', async () => {
    const path = await kept();
    const checkpoint = await checkpointOf(path);
    expect(await looked(path, checkpoint)).toEqual({
      found: [],
      findings: [],
      verified: { sessions: 4, entries: 16, purged: 0, findings: 0 },
    });
  });
});

describe('an entry that was edited with SQL is found and named', () => {
  test.each([
    ['type', "'warning.shown'"],
    ['at', 'at + 1'],
    ['recorded_at', 'recorded_at + 1'],
    ['from_leaf', "'active.expiring'"],
    ['to_leaf', "'active.expiring'"],
    ['data', `'{"generation":1}'`],
    ['rules', "'0'"],
    ['hash', `'${'0'.repeat(64)}'`],
  ])('ASVS 16.4.2 in its column %s', async (column, value) => {
    const found = await after(`update events set ${column} = ${value} ${row('a', 3)}`);
    expect(found[0]).toBe('entry_edited a/3');
    expect(found.every((each) => /^entry_edited a\/[34]$/.test(each))).toBe(true);
  });

  test.each([
    ['type', "'no.such.event'"],
    ['data', "'{'"],
    ['to_leaf', "'nowhere'"],
  ])('ASVS 16.4.2 so that it cannot even be read, in its column %s', async (column, value) => {
    expect(await after(`update events set ${column} = ${value} ${row('b', 2)}`)).toEqual(['entry_unreadable b/2']);
  });

  test('ASVS 16.4.2 two in one log and one in another are three findings', async () => {
    const edit = (stream: string, version: number) => `update events set at = at + 1 ${row(stream, version)}`;
    expect(await after(edit('a', 2), edit('a', 4), edit('b', 5))).toEqual([
      'entry_edited a/2',
      'entry_edited a/4',
      'entry_edited b/5',
    ]);
  });
});

describe('entries that were deleted, moved or cut off with SQL are found and named', () => {
  test.each([
    ['the first', 1, 'entry_missing a/1'],
    ['one in the middle', 3, 'entry_missing a/3'],
    ['the last', 5, 'entries_cut_off a/5'],
  ])('ASVS 16.4.2 %s', async (_name, version, finding) => {
    expect(await after(`delete from events ${row('a', version)}`)).toEqual([finding]);
  });

  test('ASVS 16.4.2 one in the middle, with those behind it moved up', async () => {
    const found = await after(
      `delete from events ${row('a', 3)}`,
      "update events set version = version - 1 where stream = 'a' and version > 3",
    );
    expect(found[0]).toBe('entry_edited a/3');
    expect(found.at(-1)).toBe('entries_cut_off a/5');
  });

  test('ASVS 16.4.2 two that changed places', async () => {
    const found = await after(
      `update events set version = 99 ${row('b', 2)}`,
      `update events set version = 2 ${row('b', 3)}`,
      `update events set version = 3 ${row('b', 99)}`,
    );
    expect(found[0]).toBe('entry_out_of_place b/2');
  });

  test('ASVS 16.4.2 the end of a log', async () => {
    expect(await after("delete from events where stream = 'a' and version > 2")).toEqual(['entries_cut_off a/3']);
  });

  test('ASVS 16.4.2 all entries of a session', async () => {
    expect(await after("delete from events where stream = 'a'")).toEqual(['entries_cut_off a/1']);
  });

  test('ASVS 16.4.2 an entry that was added', async () => {
    const found = await after(
      `insert into events select stream, 6, type, at, recorded_at, from_leaf, to_leaf, data, rules, hash from events
       ${row('a', 5)}`,
    );
    expect(found).toEqual(['entry_edited a/6', 'entries_beyond_session a/6']);
  });
});

describe('a session that is not what its log says is found and named', () => {
  test.each([
    ['user', "'mallory'"],
    ['started_at', 'started_at + 1'],
    ['leaf', "'active.expiring'"],
    ['due', 'due + 1'],
    ['ended_at', '1'],
    ['hash', "'0'"],
    ['context', "replace(context, '1800000', '9900000')"],
    ['context', "'{'"],
  ])('ASVS 16.4.2 in its column %s (%s)', async (column, value) => {
    const path = await kept();
    tamper(path, `update sessions set ${column} = ${value} where id = 'a'`);
    const { found, findings } = await looked(path);
    expect(found).toEqual(['session_edited a/–']);
    expect(findings[0]?.what).toContain(column);
  });

  test('ASVS 16.4.2 when its version was raised or lowered', async () => {
    expect(await after("update sessions set version = 7 where id = 'a'")).toEqual(['entries_cut_off a/6']);
    expect(await after("update sessions set version = 4 where id = 'a'")).toEqual(['entries_beyond_session a/5']);
  });

  test('ASVS 16.4.2 when its row is gone', async () => {
    expect(await after("delete from sessions where id = 'a'")).toEqual(['session_missing a/–']);
  });

  test('ASVS 16.4.2 when its personal data is another; when that was erased, nothing is wrong', async () => {
    for (const column of ['salt', 'user_agent', 'address'])
      expect(await after(`update devices set ${column} = 'x' where stream = 'a'`)).toEqual(['device_edited a/–']);
    expect(await after("update devices set stream = 'x' where stream = 'a'")).toEqual(['session_missing x/–']);
    expect(await after('delete from devices')).toEqual([]);
  });
});

describe('a history that was rewritten with all its hashes', () => {
  test('ASVS 16.4.2 is found where these rules cannot have written it', async () => {
    const path = await kept();
    const first = begun('a', 'user of a').entries[0]!;
    const forged = { version: 2, type: 'token.reused' as const, at: later(1), from: first.to, to: first.to };
    const [second] = chain(first.hash, [{ ...forged, data: { generation: 0 }, rules: first.rules }], later(1));
    tamper(
      path,
      "delete from events where stream = 'a' and version > 2",
      `update events set type = '${forged.type}', at = ${later(1)}, recorded_at = ${later(1)},
         hash = '${second!.hash}' ${row('a', 2)}`,
      `update sessions set version = 2, hash = '${second!.hash}' where id = 'a'`,
    );
    expect((await looked(path)).found).toEqual(['history_impossible a/2']);
  });
});

describe('against a checkpoint that was kept elsewhere', () => {
  /** Another history of `a`, in itself without fault. */
  const rewritten = async (path: string, minutes: readonly number[]) => {
    tamper(
      path,
      ...['events where stream', 'devices where stream', 'sessions where id'].map(
        (each) => `delete from ${each} = 'a'`,
      ),
    );
    const database = openDatabase(path);
    const log = sqliteEventLog(database);
    const started = begun('a', 'user of a');
    await log.append([started]);
    if (minutes.length > 0)
      await log.append([
        decided(
          storedAs(started),
          minutes.map((n) => extended(later(n))),
        ),
      ]);
    database.close();
  };

  test('ASVS 16.4.2 a log that was cut off, with a row and hashes that fit, is found', async () => {
    const path = await kept();
    const checkpoint = await checkpointOf(path);
    await rewritten(path, [1, 2]);
    expect((await looked(path)).found).toEqual([]);
    expect((await looked(path, checkpoint)).found).toEqual(['stream_cut_off a/5']);
  });

  test('ASVS 16.4.2 a log that was rewritten, with a row and hashes that fit, is found', async () => {
    const path = await kept();
    const checkpoint = await checkpointOf(path);
    await rewritten(path, [1, 2, 3, 5, 6]);
    expect((await looked(path)).found).toEqual([]);
    expect((await looked(path, checkpoint)).found).toEqual(['stream_rewritten a/5']);
  });

  test.each(['a', 'c', 'd'])('ASVS 16.4.2 a session that was removed without a trace is found (%s)', async (id) => {
    const path = await kept();
    const checkpoint = await checkpointOf(path);
    tamper(
      path,
      `delete from events where stream = '${id}'`,
      `delete from devices where stream = '${id}'`,
      `delete from sessions where id = '${id}'`,
    );
    expect((await looked(path)).found).toEqual([]);
    const { found } = await looked(path, checkpoint);
    expect(found).toEqual([expect.stringMatching(new RegExp(`^stream_deleted ${id}/`))]);
  });

  test('ASVS 16.4.2 a database that was put back to an earlier time is found', async () => {
    const path = await kept();
    const earlier = copyOf(path);
    tamper(
      earlier,
      "delete from events where stream = 'b'",
      "delete from devices where stream = 'b'",
      "delete from sessions where id = 'b'",
    );
    const before = copyOf(earlier);
    expect((await looked(before, await checkpointOf(path))).found).toEqual(['stream_deleted b/5']);
    expect((await looked(path, await checkpointOf(before))).found).toEqual([]);
  });

  test('ASVS 16.4.2 a checkpoint that was edited, shortened, added to, or signed by somebody else is not believed', async () => {
    const path = await kept();
    const good = await checkpointOf(path);
    const foreign = await checkpointOf(path, await createAttestations('another secret of thirty-two bytes'));
    const [first = '', ...others] = good;
    for (const bad of [
      [first.replace('"version":5', '"version":4'), ...others],
      others,
      [...good, first],
      good.slice(0, -1),
      [],
      [...good.slice(0, -1), foreign.at(-1) ?? ''],
      foreign,
    ])
      expect((await looked(path, bad)).found).toEqual(['checkpoint_invalid –/–']);
  });
});
