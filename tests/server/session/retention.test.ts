import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { days, hours, minutes } from '../../../machines/index.ts';
import { createAttestations } from '../../../server/keys/attestations.ts';
import { purgeEnded } from '../../../server/session/retention.ts';
import { appOn, partsOn } from '../../support/server/parts.ts';
import { openDatabase, sqlite } from '../../../server/sqlite/index.ts';
import { sweep } from '../../../server/sweeper.ts';
import type { Dependencies } from '../../../server/routes/dependencies.ts';
import { sqliteAppStore } from '../../../server/app/store/sqlite.ts';
import { begun, decided, signedOut, storedAs } from '../../../server/contract/history.ts';
import { policyWith } from '../../support/machines.ts';
import { folder } from '../../support/server/folder.ts';
import { Client, t0 } from '../../support/server/world.ts';
import { checkpointOf, looked, secret, tamper } from '../../support/server/keptAudit.ts';

interface Place {
  readonly path: string;
  readonly parts: Dependencies;
  readonly client: () => Client;
  pass(duration: number): void;
  readonly lines: readonly { readonly msg: string }[];
}

/** A server on a file that others can look at meanwhile. */
async function place() {
  let now = t0;
  const path = join(folder(), 'curfew.db');
  const lines: { msg: string }[] = [];
  const database = openDatabase(path);
  const parts = await partsOn(sqlite(database), {
    policy: policyWith({}),
    secret,
    retention: days(30),
    clock: () => now,
    write: (line) => void lines.push(line),
    cost: { memory: 8, passes: 1, parallelism: 1 },
    wake: () => () => {},
  });
  const app = appOn(parts, sqliteAppStore(database));
  const made: Place = {
    path,
    parts,
    lines,
    client: () => new Client(app, 'bearer'),
    pass: (duration) => void (now += duration),
  };
  return made;
}

/** One session that has ended, one that has lapsed and one that is live. */
async function three(at: Place) {
  const [ended, lapsed, live] = [at.client(), at.client(), at.client()];
  await ended.register('ada');
  await ended.post('/api/auth/logout');
  await lapsed.register('bob');
  at.pass(minutes(31));
  await live.register('cleo');
  await sweep(at.parts);
  return { ended: ended.id, lapsed: lapsed.id, live: live.id };
}

const present = async ({ parts }: Place, ids: readonly string[]) =>
  (await Promise.all(ids.map(async (id) => ((await parts.log.load(id)) ? id : null)))).filter((id) => id !== null);

describe('the retention of ended sessions', () => {
  test('begins when they end: 1 ms before its time nothing is purged, at its time everything of it is', async () => {
    const at = await place();
    const { ended } = await three(at);
    at.pass(days(30) - minutes(31) - 1);
    await sweep(at.parts);
    expect(await present(at, [ended])).toEqual([ended]);
    at.pass(1);
    await sweep(at.parts);
    expect(await present(at, [ended])).toEqual([]);
    expect(await at.parts.log.read(ended, 0, 10)).toEqual([]);
    expect(await at.parts.log.purged(ended)).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
  });

  test('never begins for a live or a lapsed session', async () => {
    const at = await place();
    const { ended, lapsed, live } = await three(at);
    expect(await purgeEnded({ ...at.parts, retention: 0 })).toBe(1);
    expect(await present(at, [ended, lapsed, live])).toEqual([lapsed, live]);
  });

  test('goes through more than one batch, and several sweepers purge each session once', async () => {
    const at = await place();
    for (let n = 0; n < 250; n++) {
      const started = begun(`s${n}`, 'ada', t0);
      await at.parts.log.append([started]);
      await at.parts.log.append([decided(storedAs(started), [signedOut(t0 + n)])]);
    }
    at.pass(days(31));
    const purged = await Promise.all([purgeEnded(at.parts), purgeEnded(at.parts)]);
    expect(purged[0] + purged[1]).toBe(250);
    expect((await looked(at.path)).verified).toEqual({ sessions: 0, entries: 0, purged: 250, findings: 0 });
  });

  test('ASVS 16.4.2 what was tampered with is evidence and stays, with a line in the log', async () => {
    const at = await place();
    const { ended } = await three(at);
    tamper(at.path, `update events set at = at + 1 where stream = '${ended}' and version = 1`);
    at.pass(days(31));
    await sweep(at.parts);
    expect(await present(at, [ended])).toEqual([ended]);
    expect(at.lines).toContainEqual({ msg: 'tampered', level: 'error', session: ended });
  });
});

describe('what is purged can be told from what was deleted', () => {
  test('ASVS 16.4.2 it verifies against a checkpoint from before, and nothing of it says who it was', async () => {
    const at = await place();
    const { ended } = await three(at);
    const before = await checkpointOf(at.path);
    at.pass(days(31));
    await sweep(at.parts);
    const { found, verified } = await looked(at.path, before);
    expect([found, verified.purged]).toEqual([[], 2]);
    const attestations = await createAttestations(secret);
    const record = await attestations.read('curfew-purge+jws', (await at.parts.log.purged(ended)) ?? '');
    expect(Object.keys(record as object).toSorted()).toEqual(['endedAt', 'hash', 'purgedAt', 'session', 'version']);
  });

  test('ASVS 16.4.2 a record that was forged, moved or deleted does not stand for a purge', async () => {
    const at = await place();
    const { ended, lapsed } = await three(at);
    const before = await checkpointOf(at.path);
    at.pass(hours(30) + days(30));
    await sweep(at.parts);
    const after = await checkpointOf(at.path);
    expect((await looked(at.path, after)).found).toEqual([]);

    tamper(at.path, `update purged set record = 'x' || record where stream = '${ended}'`);
    expect((await looked(at.path, before)).found).toEqual([`record_invalid ${ended}/–`]);
    tamper(at.path, `update purged set record = (select record from purged where stream = '${lapsed}')`);
    expect((await looked(at.path)).found).toContain(`record_invalid ${ended}/–`);
    tamper(at.path, `delete from purged where stream = '${ended}'`);
    expect((await looked(at.path, before)).found).toContain(`stream_deleted ${ended}/2`);
    expect((await looked(at.path, after)).found).toContain('records_deleted –/–');
  });

  test('ASVS 16.4.2 a purged session that is there again is found', async () => {
    const at = await place();
    const { ended } = await three(at);
    at.pass(days(31));
    await sweep(at.parts);
    tamper(at.path, `insert into devices (stream, salt) values ('${ended}', 'x')`);
    expect((await looked(at.path)).found).toEqual([`purged_but_present ${ended}/–`]);
  });

  test('ASVS 16.4.2 a purge verifies after the secret was rotated, and when it is gone, with its public key', async () => {
    const at = await place();
    await three(at);
    const before = await checkpointOf(at.path);
    at.pass(days(31));
    await sweep(at.parts);
    const next = 'the next secret of at least thirty-two bytes';
    const rotated = await createAttestations(next, [secret]);
    expect((await looked(at.path, before, rotated)).found).toEqual([]);
    expect(rotated.publicKeys[0]).not.toEqual(rotated.publicKeys[1]);

    const forgotten = await createAttestations(next);
    const { found } = await looked(at.path, before, forgotten);
    expect(found).toContain('checkpoint_invalid –/–');
    expect(found.filter((each) => each.startsWith('record_invalid'))).toHaveLength(2);
    const keys = (await createAttestations(secret)).publicKeys;
    expect((await looked(at.path, before, await createAttestations(next, [], keys))).found).toEqual([]);
  });

  test('ASVS 16.4.2 the log verifies when personal data was erased', async () => {
    const at = await place();
    await three(at);
    const before = await checkpointOf(at.path);
    tamper(at.path, 'delete from devices');
    expect((await looked(at.path, before)).found).toEqual([]);
  });
});
