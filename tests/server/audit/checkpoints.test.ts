import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { hours, minutes } from '../../../machines/index.ts';
import { createAttestations } from '../../../server/keys/attestations.ts';
import { readCheckpoint } from '../../../server/audit/checkpoint.ts';
import { keepCheckpoint } from '../../../server/audit/checkpoints.ts';
import { runAudit, readArguments } from '../../../server/cli/auditCommand.ts';
import { sweep } from '../../../server/sweeper.ts';
import { begun, decided, extended, later, storedAs } from '../../../server/contract/history.ts';
import { folder } from '../../support/server/folder.ts';
import { createWorld, t0, type WorldOptions } from '../../support/server/world.ts';
import { secret } from '../../support/server/keptAudit.ts';
import { places, type Place } from '../../support/server/tampering.ts';

const hourly = (path: string) => ({ path, every: hours(1) });

/** What the checkpoints in a folder state, oldest first; `null` for one that is not to be believed. */
async function stated(path: string) {
  const attestations = await createAttestations(secret);
  const files = readdirSync(path).toSorted();
  return Promise.all(
    files.map(async (name) => {
      async function* lines() {
        yield* readFileSync(join(path, name), 'utf8').trimEnd().split('\n');
      }
      return readCheckpoint(lines(), attestations);
    }),
  );
}

describe.each(['sqlite', 'postgres'] as const)('the sweeper of a server on %s', (log) => {
  const world = (options: WorldOptions = {}) => createWorld({ log, ...options });

  test('ASVS 16.4.2 makes one checkpoint an hour, by the server’s clock, of everything that is kept then', async () => {
    const path = folder();
    const { client, parts, pass, lines } = await world({ checkpoints: hourly(path) });
    await client('bearer').register('ada');
    await sweep(parts);
    await client('bearer').register('bob');
    pass(hours(1) - 1);
    await sweep(parts);
    expect(await stated(path)).toMatchObject([{ at: t0, sessions: 1, entries: 1 }]);
    pass(1);
    await sweep(parts);
    await sweep(parts);
    expect(await stated(path)).toMatchObject([{ at: t0 }, { at: t0 + hours(1), sessions: 2 }]);
    expect(lines.filter(({ msg }) => msg === 'checkpoint').map(({ file }) => file)).toEqual(
      readdirSync(path).toSorted(),
    );
  });

  test('makes none unless it is asked for', async () => {
    const { client, parts, lines } = await world();
    await client('bearer').register();
    await sweep(parts);
    expect(lines.filter(({ msg }) => msg === 'checkpoint')).toEqual([]);
  });

  test('on several nodes with one folder spoils nothing, whoever is first and however often each looks', async () => {
    const path = folder();
    const one = await world({ checkpoints: hourly(path) });
    const other = await one.anotherNode();
    for (const name of ['ada', 'bob', 'cleo']) await one.client('bearer').register(name);
    for (let hour = 0; hour < 3; hour++) {
      const nodes = [one, other, one, other];
      await Promise.all(nodes.map(({ parts }) => keepCheckpoint(parts)));
      for (const { parts } of nodes) await keepCheckpoint(parts);
      one.pass(hours(1));
    }
    const all = await stated(path);
    expect(new Set(all.map((each) => each?.at))).toEqual(new Set([0, 1, 2].map((hour) => t0 + hours(hour))));
    for (const each of all) expect(each).toMatchObject({ sessions: 3, entries: 3 });
    expect(all.length).toBeLessThanOrEqual(6);
  });

  test('does everything else where the folder cannot be written, leaves nothing half, and makes one when it can', async () => {
    const path = join(folder(), 'checkpoints');
    const { client, parts, pass, events, lines } = await world({ checkpoints: hourly(path) });
    const ada = client('bearer');
    await ada.register();
    pass(minutes(31));
    writeFileSync(path, 'a file is in its place');
    await sweep(parts);
    expect(lines.at(-1)).toMatchObject({ msg: 'failure', error: expect.stringContaining('ENOTDIR') });
    expect((await events(ada.id)).at(-1)?.to).toBe('lapsed.idle');
    rmSync(path);
    mkdirSync(path);
    await sweep(parts);
    expect(await stated(path)).toMatchObject([{ at: t0 + minutes(31), sessions: 1, entries: 3 }]);
  });
});

test('a checkpoint is for its owner only, and is not there before it is whole', async () => {
  const path = folder();
  const { client, parts } = await createWorld({ checkpoints: hourly(path) });
  await client('bearer').register();
  const seen: string[][] = [];
  const streams: typeof parts.auditReader.streams = (after, limit) => {
    seen.push(readdirSync(path));
    return parts.auditReader.streams(after, limit);
  };
  await keepCheckpoint({ ...parts, auditReader: { ...parts.auditReader, streams } });
  const [name = ''] = readdirSync(path);
  expect(seen).toEqual([[`${name}.part`]]);
  expect(statSync(join(path, name)).mode & 0o777).toBe(0o600);
});

describe.each(places)('%s: `verify` with a folder of checkpoints', (_, open) => {
  /**
   * Keeps a checkpoint, and another after each thing that happens.
   *
   * @returns how to verify against files of the folder.
   */
  async function kept({ auditReader }: Place, path: string, ...happenings: readonly (() => Promise<unknown>)[]) {
    const attestations = await createAttestations(secret);
    let at = later(50);
    const parts = { auditReader, attestations, clock: () => at, write: () => {}, checkpoints: hourly(path) };
    await keepCheckpoint(parts);
    for (const happen of happenings) {
      await happen();
      at += hours(1);
      await keepCheckpoint(parts);
    }
    return async (file = '') => {
      const lines: string[] = [];
      const out = async (line: string) => void lines.push(line);
      const code = await runAudit({ ...parts, out }, readArguments(['verify', '--checkpoint', join(path, file)]));
      return { code, lines };
    };
  }

  const remove = (id: string) =>
    ['events where stream', 'devices where stream', 'sessions where id'].map((each) => `delete from ${each} = '${id}'`);

  test('ASVS 16.4.2 takes all of them: what is whole is whole', async () => {
    const place = await open();
    const path = folder();
    const verified = await kept(place, path, () => place.log.append([begun('e')]));
    expect(readdirSync(path)).toHaveLength(2);
    expect(await verified()).toEqual({ code: 0, lines: ['5 sessions, 17 entries, 0 purged: nothing is wrong'] });
  });

  test('ASVS 16.4.2 finds a log that was cut off and a session that was deleted, though a later checkpoint attests what was left', async () => {
    const place = await open();
    const path = folder();
    const shorter = begun('a', 'user of a');
    const verified = await kept(place, path, async () => {
      await place.tamper(...remove('a'), ...remove('b'));
      await place.log.append([shorter]);
      await place.log.append([decided(storedAs(shorter), [extended(later(1))])]);
    });
    expect(await verified()).toEqual({
      code: 1,
      lines: [
        'stream_cut_off session a entry 5: is missing: the checkpoint attests 5',
        'stream_deleted session b entry 5: is gone without a record of a purge: the checkpoint attests 5',
        '3 sessions, 8 entries, 0 purged: 2 things are wrong',
      ],
    });
    const [, last] = readdirSync(path).toSorted();
    expect(await verified(last)).toMatchObject({ code: 0 });
  });

  test('ASVS 16.4.2 says of a session once what several checkpoints attest', async () => {
    const place = await open();
    const started = begun('e');
    const verified = await kept(
      place,
      folder(),
      () => place.log.append([started]),
      () => place.log.append([decided(storedAs(started), [extended(later(1))])]),
      () => place.tamper(...remove('e')),
    );
    expect((await verified()).lines).toEqual([
      'stream_deleted session e entry 2: is gone without a record of a purge: the checkpoint attests 2',
      '4 sessions, 16 entries, 0 purged: 1 thing is wrong',
    ]);
  });

  test('ASVS 16.4.2 names the file that is not to be believed, and goes by the others', async () => {
    const place = await open();
    const path = folder();
    const verified = await kept(place, path, () => place.tamper(...remove('b')));
    const [first = '', last = ''] = readdirSync(path).toSorted();
    const text = readFileSync(join(path, last), 'utf8');
    writeFileSync(join(path, last), text.replace('"version":5', '"version":4'));
    writeFileSync(join(path, `${first}.part`), 'half');
    expect((await verified()).lines).toEqual([
      `checkpoint_invalid: the checkpoint ${last} is not one that was signed here`,
      'stream_deleted session b entry 5: is gone without a record of a purge: the checkpoint attests 5',
      '3 sessions, 11 entries, 0 purged: 2 things are wrong',
    ]);
  });

  test('does not take an empty folder for a promise kept', async () => {
    const { auditReader } = await open();
    const attestations = await createAttestations(secret);
    const parts = { auditReader, attestations, clock: () => later(50), out: async () => {} };
    const asked = readArguments(['verify', '--checkpoint', folder()]);
    await expect(runAudit(parts, asked)).rejects.toThrow('is a folder without checkpoints');
  });
});
