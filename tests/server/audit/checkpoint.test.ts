import { describe, expect, test } from 'vitest';
import { createAttestations } from '../../../server/keys/attestations.ts';
import { begun, decided, extended, later, storedAs } from '../../../server/contract/history.ts';
import { checkpointIn, lookedIn } from '../../support/server/keptAudit.ts';
import { noted, places, putBack, type Place } from '../../support/server/tampering.ts';

/** Removes a session without a trace. */
const gone = (id: string): readonly string[] =>
  ['events where stream', 'devices where stream', 'sessions where id'].map((each) => `delete from ${each} = '${id}'`);

describe.each(places)('%s: against a checkpoint that was kept elsewhere', (_, open) => {
  /** Another history of `a`, in itself without fault. */
  const rewritten = async ({ tamper, log }: Place, minutes: readonly number[]) => {
    await tamper(...gone('a'));
    const started = begun('a', 'user of a');
    await log.append([started]);
    if (minutes.length > 0)
      await log.append([
        decided(
          storedAs(started),
          minutes.map((n) => extended(later(n))),
        ),
      ]);
  };

  test('ASVS 16.4.2 a log that was cut off, with a row and hashes that fit, is found', async () => {
    const place = await open();
    const checkpoint = await checkpointIn(place.auditReader);
    await rewritten(place, [1, 2]);
    expect((await lookedIn(place.auditReader)).found).toEqual([]);
    expect((await lookedIn(place.auditReader, checkpoint)).found).toEqual(['stream_cut_off a/5']);
  });

  test('ASVS 16.4.2 a log that was rewritten, with a row and hashes that fit, is found', async () => {
    const place = await open();
    const checkpoint = await checkpointIn(place.auditReader);
    await rewritten(place, [1, 2, 3, 5, 6]);
    expect((await lookedIn(place.auditReader)).found).toEqual([]);
    expect((await lookedIn(place.auditReader, checkpoint)).found).toEqual(['stream_rewritten a/5']);
  });

  test.each(['a', 'c', 'd'])('ASVS 16.4.2 a session that was removed without a trace is found (%s)', async (id) => {
    const { tamper, auditReader } = await open();
    const checkpoint = await checkpointIn(auditReader);
    await tamper(...gone(id));
    expect((await lookedIn(auditReader)).found).toEqual([]);
    const { found } = await lookedIn(auditReader, checkpoint);
    expect(found).toEqual([expect.stringMatching(new RegExp(`^stream_deleted ${id}/`))]);
  });

  test('ASVS 16.4.2 a database that was put back to an earlier time is found', async () => {
    const { log, tamper, auditReader } = await open();
    const before = await checkpointIn(auditReader);
    await tamper(...noted);
    const a = await log.load('a');
    await log.append([decided(a!, [extended(later(5))]), begun('e')]);
    const after = await checkpointIn(auditReader);
    expect((await lookedIn(auditReader, before)).found).toEqual([]);
    await tamper(...putBack);
    expect((await lookedIn(auditReader, before)).found).toEqual([]);
    expect((await lookedIn(auditReader, after)).found).toEqual(['stream_cut_off a/6', 'stream_deleted e/1']);
  });

  test('ASVS 16.4.2 a checkpoint that was edited, shortened, added to, or signed by somebody else is not believed', async () => {
    const { auditReader } = await open();
    const good = await checkpointIn(auditReader);
    const foreign = await checkpointIn(auditReader, await createAttestations('another secret of thirty-two bytes'));
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
      expect((await lookedIn(auditReader, bad)).found).toEqual(['checkpoint_invalid –/–']);
  });
});
