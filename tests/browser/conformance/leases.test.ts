import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hours, minutes } from '../../../machines/index.ts';
import { t0 } from '../../support/server/world.ts';
import { enter, fixture } from './fixture.ts';
import { begin, dialog, heard, lock, openHouse, toast, type House } from './stage.ts';

const taken = (kind: string, to: number) =>
  Array.from({ length: to / 5 + 1 }, (_, index) => [index * 5, 'lease.taken', kind]);

describe('leases', () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse();
  });
  afterAll(() => house?.close());

  /** A call, an upload or a playback that is held, for as long as it is renewed every five minutes. */
  async function held(kind: string) {
    const stage = await begin(house, { pages: fixture });
    const page = await stage.open(`/?lease=${kind}`);
    await enter(page);
    const answered = async (status: number, deed: () => Promise<unknown>) => {
      // The one that counts: a token that has run out meanwhile is renewed first.
      const answer = page.waitForResponse(
        (response) => response.status() === status && response.url().endsWith(`/api/auth/leases/${kind}`),
      );
      await deed();
      await answer;
      await heard(page);
    };
    const hold = page.getByRole('button', { name: 'Hold' });
    await answered(200, () => hold.click());
    await page.getByText('held', { exact: true }).waitFor();
    const goesOnFor = async (renewals: number) => {
      for (let time = 0; time < renewals; time++) await answered(200, () => stage.leap(minutes(5)));
    };
    const leases = async () =>
      (await stage.log(page)).flatMap(({ type, at, data }) =>
        type.startsWith('lease.') ? [[(at - t0) / minutes(1), type, data['kind']]] : [],
      );
    return { stage, page, hold, answered, goesOnFor, leases };
  }

  it.each(['call', 'upload', 'playback'])(
    'a lease for a %s holds off the warning up to its cap of two hours, and is in the log',
    async (kind) => {
      const { stage, page, answered, goesOnFor, leases } = await held(kind);
      await goesOnFor(22);
      expect(await toast(page).or(dialog(page)).or(lock(page)).count()).toBe(0);
      // It ends in ten minutes, however long it goes on: that is warned of, and a person has to answer.
      await answered(409, () => stage.leap(minutes(5)));
      await toast(page).waitFor();
      await page.getByText('waiting', { exact: true }).waitFor();
      await stage.leap(minutes(5));
      await lock(page).waitFor();
      expect(await leases()).toEqual(taken(kind, 110));
      expect((await stage.log(page)).at(-1)).toMatchObject({ to: 'lapsed.idle', at: t0 + hours(2) });
      await stage.close();
    },
  );

  it('the end of an upload is the last sign of a person: the warning comes twenty-five minutes after it', async () => {
    const { stage, page, hold, answered, goesOnFor, leases } = await held('upload');
    await goesOnFor(12);
    await answered(204, () => hold.click());
    await page.getByText('over', { exact: true }).waitFor();
    expect(await leases()).toEqual([...taken('upload', 60), [60, 'lease.released', 'upload']]);
    await stage.leap(minutes(24));
    expect(await toast(page).count()).toBe(0);
    await stage.leap(minutes(1));
    await toast(page).waitFor();
    await stage.close();
  });

  it('a strict policy refuses an upload its lease, politely: it says so, and asks once', async () => {
    const stage = await begin(house, { pages: fixture, policy: { maxLease: 0 } });
    const page = await stage.open();
    await enter(page);
    await page.getByRole('button', { name: 'Hold' }).click();
    await page.getByText('refused', { exact: true }).waitFor();
    await stage.leap(minutes(10));
    expect(stage.count('PUT /api/auth/leases/upload')).toBe(1);
    await stage.leap(hours(1));
    await lock(page).waitFor();
    await stage.close();
  });
});
