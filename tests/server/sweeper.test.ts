import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { days, hours, minutes } from '../../machines/index.ts';
import { purgeEnded } from '../../server/session/retention.ts';
import type { LogLine } from '../../server/session/logLine.ts';
import { partsOn } from '../support/server/parts.ts';
import { sqlite } from '../../server/sqlite/index.ts';
import { sweep } from '../../server/sweeper.ts';
import { settleDue, settledAtOnce } from '../../server/session/settleDue.ts';
import { sweepRegularly } from '../../server/sweeper.ts';
import { begun, decided, signedOut, storedAs } from '../../server/contract/history.ts';
import { policyWith } from '../support/machines.ts';
import { folder } from '../support/server/folder.ts';
import { createWorld, t0 } from '../support/server/world.ts';

/** Counts how often other work of the process gets a turn while something runs. */
async function turnsDuring(work: () => Promise<unknown>, look = () => {}): Promise<number> {
  let turns = 0;
  const count = () => {
    turns += 1;
    look();
    next = setImmediate(count);
  };
  let next = setImmediate(count);
  await work();
  clearImmediate(next);
  return turns;
}

/** A server on a file with sessions in it whose deadlines have come, and another connection to that file. */
async function onFile(sessions: number) {
  const path = join(folder(), 'curfew.db');
  const lines: LogLine[] = [];
  const parts = await partsOn(sqlite(path), {
    policy: policyWith({}),
    secret: 'a secret of at least thirty-two bytes',
    clock: () => t0 + minutes(31),
    write: (line) => lines.push(line),
  });
  for (let n = 0; n < sessions; n++) await parts.log.append([begun(`s${n}`, 'ada', t0)]);
  return { parts, lines, other: new DatabaseSync(path) };
}

describe('the sweeper', () => {
  it('Promise 2: completes the log of sessions nobody asks about, each deadline at its own instant', async () => {
    const { client, pass, parts, events } = await createWorld();
    const ada = client();
    await ada.register();
    pass(hours(100));
    expect(await sweep(parts)).toBe(1);
    expect((await events(ada.id)).slice(1).map(({ at, to }) => [at - t0, to])).toEqual([
      [minutes(25), 'active.expiring'],
      [minutes(30), 'lapsed.idle'],
      [minutes(30) + hours(24), 'ended.expired'],
    ]);
    expect(await sweep(parts)).toBe(0);
  });

  it('changes nothing when several sweep at once', async () => {
    const { client, pass, parts, events } = await createWorld();
    const people = await Promise.all(
      ['ada', 'bob', 'cleo'].map(async (name) => {
        const person = client('bearer');
        await person.register(name);
        return person;
      }),
    );
    pass(minutes(31));
    await Promise.all([sweep(parts), sweep(parts), sweep(parts)]);
    for (const { id } of people)
      expect((await events(id)).map(({ to }) => to)).toEqual(['active.fresh', 'active.expiring', 'lapsed.idle']);
  });

  it('clears away expired drafts and old refusals, and nothing younger', async () => {
    const { client, pass, parts, now } = await createWorld();
    const ada = client('bearer');
    await ada.register();
    await ada.login('ada', 'wrong');
    await ada.call('PUT', '/api/drafts/old', { ciphertext: 'AAAA', savedAt: t0, expiresAt: t0 + minutes(5) });
    await ada.call('PUT', '/api/drafts/new', { ciphertext: 'AAAA', savedAt: t0 });
    pass(days(90) + 1);
    await client('bearer').login('ada', 'wrong again');
    await sweep(parts);
    expect((await parts.drafts.list(ada.user?.id ?? '', now())).map(({ key }) => key)).toEqual(['new']);
    expect(await parts.securityLog.since(0, 10)).toHaveLength(1);
  });

  it('lets other work have a turn between a few sessions that it steps', async () => {
    const { parts, lines } = await onFile(4 * settledAtOnce);
    let most = 0;
    let before = 0;
    const turns = await turnsDuring(
      () => settleDue(parts),
      () => {
        const stepped = new Set(lines.map(({ session }) => session)).size;
        most = Math.max(most, stepped - before);
        before = stepped;
      },
    );
    expect(turns).toBeGreaterThanOrEqual(4);
    expect(before).toBeGreaterThan(2 * settledAtOnce);
    expect(most).toBeLessThanOrEqual(settledAtOnce);
    expect(settledAtOnce).toBeLessThanOrEqual(50);
  });

  it('lets other work have a turn between two sessions that it purges', async () => {
    const { parts } = await onFile(0);
    for (let n = 0; n < 50; n++) {
      const started = begun(`ended${n}`, 'ada', t0);
      await parts.log.append([started]);
      await parts.log.append([decided(storedAs(started), [signedOut(t0)])]);
    }
    expect(await turnsDuring(() => purgeEnded({ ...parts, retention: 0 }))).toBeGreaterThanOrEqual(50);
  });

  it('never rejects: with the database locked it writes a line, and the next sweep does the work', async () => {
    const { parts, lines, other } = await onFile(1);
    other.exec('begin immediate');
    expect(await sweep(parts)).toBe(0);
    expect(lines).toEqual([
      { msg: 'failure', level: 'error', code: 'unavailable', error: expect.stringContaining('locked') },
    ]);
    other.exec('rollback');
    expect(await sweep(parts)).toBe(1);
  });

  it('steps all others when one session is damaged, and says which', async () => {
    const { parts, lines, other } = await onFile(150);
    other.exec(`update sessions set context = '{}' where id in ('s0', 's1')`);
    expect(await settleDue(parts)).toBe(148);
    expect(lines.filter(({ msg }) => msg === 'failure').map(({ code, session }) => [code, session])).toEqual([
      ['internal_error', 's0'],
      ['internal_error', 's1'],
    ]);
  });

  it('steps a few sessions by one append, and reads none twice', async () => {
    const { parts } = await onFile(2 * settledAtOnce);
    const appended: number[] = [];
    let loads = 0;
    const log: typeof parts.log = {
      ...parts.log,
      append: (changes, ...rest) => {
        appended.push(changes.length);
        return parts.log.append(changes, ...rest);
      },
      load: (id) => {
        loads += 1;
        return parts.log.load(id);
      },
    };
    expect(await settleDue({ ...parts, log })).toBe(2 * settledAtOnce);
    expect(appended).toEqual([settledAtOnce, settledAtOnce]);
    expect(loads).toBe(2 * settledAtOnce);
  });

  it('steps all others when one session is changed by another process meanwhile, and that one as it is then', async () => {
    const { parts, other } = await onFile(settledAtOnce);
    const [changed] = await parts.overview.due(t0 + minutes(31), 1);
    const stored = changed === undefined ? null : await parts.log.load(changed);
    if (stored === null) throw new Error('nothing is due');
    let isFirst = true;
    const log: typeof parts.log = {
      ...parts.log,
      append: async (changes, ...rest) => {
        const isIn = isFirst;
        isFirst = false;
        if (isIn) await parts.log.append([decided(stored, [signedOut(t0 + minutes(1))])]);
        return parts.log.append(changes, ...rest);
      },
    };
    expect(await settleDue({ ...parts, log })).toBe(settledAtOnce);
    const leaves = other.prepare('select leaf, count(*) as n from sessions group by leaf order by leaf').all();
    expect(leaves.map(({ leaf, n }) => [leaf, n])).toEqual([
      ['ended.signedOut', 1],
      ['lapsed.idle', settledAtOnce - 1],
    ]);
  });

  it('does not reject either when not even a log line can be written', async () => {
    const { parts, other } = await onFile(1);
    other.exec('begin immediate');
    const write = () => {
      throw new Error('no space left on device');
    };
    expect(await sweep({ ...parts, write })).toBe(0);
    other.exec('rollback');
  });

  it('can be stopped: behind the few sessions it is at, and then for good', async () => {
    const { parts, lines } = await onFile(4 * settledAtOnce);
    const sweptFirst = Promise.withResolvers<void>();
    const write = (line: LogLine) => {
      lines.push(line);
      sweptFirst.resolve();
    };
    const stop = sweepRegularly({ ...parts, write }, 1);
    await sweptFirst.promise;
    await stop();
    const written = lines.length;
    expect(new Set(lines.map(({ session }) => session)).size).toBe(settledAtOnce);
    await new Promise(setImmediate);
    expect(lines).toHaveLength(written);
  });
});
