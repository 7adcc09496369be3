import { describe, expect, test } from 'vitest';
import { createAttestations } from '../../../server/keys/attestations.ts';
import { signPurge } from '../../../server/session/purgeRecord.ts';
import { chain } from '../../../server/store/chain.ts';
import { begun, decided, later } from '../../../server/contract/history.ts';
import { checkpointIn, lookedIn, secret } from '../../support/server/keptAudit.ts';
import { noted, places, putBack, tables, type Place } from '../../support/server/tampering.ts';

const row = (stream: string, version: number) => `where stream = '${stream}' and version = ${version}`;

/** What is found after somebody was there with SQL. */
const afterIn =
  (open: () => Promise<Place>) =>
  async (...statements: readonly string[]) => {
    const { tamper, auditReader } = await open();
    await tamper(...statements);
    return (await lookedIn(auditReader)).found;
  };

describe.each(places)('%s: what nobody has touched', (_, open) => {
  test('ASVS 16.4.2 is found whole, and every session and entry was looked at', async () => {
    const { auditReader } = await open();
    expect(await lookedIn(auditReader, await checkpointIn(auditReader))).toEqual({
      found: [],
      findings: [],
      verified: { sessions: 4, entries: 16, purged: 0, findings: 0 },
    });
  });
});

describe.each(places)('%s: an entry that was edited with SQL is found and named', (_, open) => {
  const after = afterIn(open);

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

describe.each(places)('%s: entries that were deleted, moved or cut off with SQL are found and named', (_, open) => {
  const after = afterIn(open);

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

describe.each(places)('%s: a session that is not what its log says is found and named', (_, open) => {
  const after = afterIn(open);

  test.each([
    ['user_id', "'mallory'"],
    ['started_at', 'started_at + 1'],
    ['leaf', "'active.expiring'"],
    ['due', 'due + 1'],
    ['ended_at', '1'],
    ['hash', "'0'"],
    ['context', "replace(context, '1800000', '9900000')"],
    ['context', "'{'"],
  ])('ASVS 16.4.2 in its column %s (%s)', async (column, value) => {
    const { tamper, auditReader } = await open();
    await tamper(`update sessions set ${column} = ${value} where id = 'a'`);
    const { found, findings } = await lookedIn(auditReader);
    expect(found).toEqual(['session_edited a/–']);
    expect(findings[0]?.what).toContain(column.replace('_id', ''));
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

describe.each(places)('%s: a history that was rewritten with all its hashes', (_, open) => {
  test('ASVS 16.4.2 is found where these rules cannot have written it', async () => {
    const { tamper, auditReader } = await open();
    const first = begun('a', 'user of a').entries[0]!;
    const forged = { version: 2, type: 'token.reused' as const, at: later(1), from: first.to, to: first.to };
    const [second] = chain(first.hash, [{ ...forged, data: { generation: 0 }, rules: first.rules }], later(1));
    await tamper(
      "delete from events where stream = 'a' and version > 2",
      `update events set type = '${forged.type}', at = ${later(1)}, recorded_at = ${later(1)},
         hash = '${second!.hash}' ${row('a', 2)}`,
      `update sessions set version = 2, hash = '${second!.hash}' where id = 'a'`,
    );
    expect((await lookedIn(auditReader)).found).toEqual(['history_impossible a/2']);
  });
});

describe.each(places)('%s: every column of everything that is kept of a session', (_, open) => {
  test('ASVS 16.4.2 is found when it was edited, whatever columns there are', async () => {
    const { log, auditReader, tamper, columns } = await open();
    const ended = await log.load('d');
    const { version, endedAt } = ended!.state.context;
    const at = { session: 'd', version, hash: ended!.hash, endedAt: endedAt!, purgedAt: later(50) };
    await log.purge([{ id: 'd', version, record: await signPurge(await createAttestations(secret), at) }]);
    expect((await lookedIn(auditReader)).found).toEqual([]);
    const rows = {
      sessions: "id = 'a'",
      events: "stream = 'a' and version = 5",
      devices: "stream = 'a'",
      purged: "stream = 'd'",
    };
    const edited: string[] = [];
    for (const table of tables)
      for (const [column, type] of await columns(table)) {
        const other = type === 'text' ? `coalesce("${column}", '') || 'x'` : `coalesce("${column}", 0) + 1`;
        await tamper(...noted, `update ${table} set "${column}" = ${other} where ${rows[table]}`);
        const { found } = await lookedIn(auditReader);
        expect(found, `${table}.${column}`).not.toEqual([]);
        for (const each of found) expect(each).toMatch(/ [ad]x?\//);
        await tamper(...putBack);
        edited.push(`${table}.${column}`);
      }
    expect((await lookedIn(auditReader)).found).toEqual([]);
    expect(edited).toHaveLength(10 + 10 + 4 + 2);
  });
});

describe.each(places)('%s: sessions that have all ended at once', (_, open) => {
  test('one that was spared and signed in again afterwards is not taken for edited', async () => {
    const { log, auditReader } = await open();
    await log.append([begun('spared', 'ada')]);
    await log.revokeAll({ at: later(60), by: 'operator', reason: 'leak', except: 'spared' });
    const stored = await log.load('spared');
    const { policy } = stored!.state.context;
    const again = { type: 'user.reauthenticated', at: later(90), method: ['pwd'], generation: 1, policy } as const;
    expect(await log.append([decided(stored!, [again])])).toBe('appended');
    expect((await lookedIn(auditReader)).found).toEqual([]);
  });

  test('ASVS 16.4.2 one that was let in again by its epoch is found, and those that nobody has touched are not', async () => {
    const { log, auditReader, tamper } = await open();
    await log.revokeAll({ at: later(40_000), by: 'operator', reason: 'leak' });
    expect((await lookedIn(auditReader)).found).toEqual([]);
    await tamper("update sessions set epoch = 1 where id = 'a'");
    expect((await lookedIn(auditReader)).found).toEqual(['session_edited a/–']);
  });
});
