import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hours, minutes } from '../../machines/index.ts';
import { t0 } from '../support/server/world.ts';
import { enter, fixture } from '../support/browser/fixture.ts';
import { openSite, dialog, heard, lock, openBrowser, toast, type OpenBrowser } from '../support/browser/site.ts';

const taken = (kind: string, to: number) =>
  Array.from({ length: to / 5 + 1 }, (_, index) => [index * 5, 'lease.taken', kind]);

describe('leases', () => {
  let browser: OpenBrowser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  /** A call, an upload or a playback that is held, for as long as it is renewed every five minutes. */
  async function held(kind: string) {
    const site = await openSite(browser, { pages: fixture });
    const page = await site.open(`/?lease=${kind}`);
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
      for (let time = 0; time < renewals; time++) await answered(200, () => site.leap(minutes(5)));
    };
    const leases = async () =>
      (await site.log(page)).flatMap(({ type, at, data }) =>
        type.startsWith('lease.') ? [[(at - t0) / minutes(1), type, data['kind']]] : [],
      );
    return { site, page, hold, answered, goesOnFor, leases };
  }

  it.each(['call', 'upload', 'playback'])(
    'a lease for a %s holds off the warning up to its cap of two hours, and is in the log',
    async (kind) => {
      const { site, page, answered, goesOnFor, leases } = await held(kind);
      await goesOnFor(22);
      expect(await toast(page).or(dialog(page)).or(lock(page)).count()).toBe(0);
      // It ends in ten minutes, however long it goes on: that is warned of, and a person has to answer.
      await answered(409, () => site.leap(minutes(5)));
      await toast(page).waitFor();
      await page.getByText('waiting', { exact: true }).waitFor();
      await site.leap(minutes(5));
      await lock(page).waitFor();
      expect(await leases()).toEqual(taken(kind, 110));
      expect((await site.log(page)).at(-1)).toMatchObject({ to: 'lapsed.idle', at: t0 + hours(2) });
      await site.close();
    },
  );

  it('the end of an upload is the last sign of a person: the warning comes twenty-five minutes after it', async () => {
    const { site, page, hold, answered, goesOnFor, leases } = await held('upload');
    await goesOnFor(12);
    await answered(204, () => hold.click());
    await page.getByText('over', { exact: true }).waitFor();
    expect(await leases()).toEqual([...taken('upload', 60), [60, 'lease.released', 'upload']]);
    await site.leap(minutes(24));
    expect(await toast(page).count()).toBe(0);
    await site.leap(minutes(1));
    await toast(page).waitFor();
    await site.close();
  });

  it('a strict policy refuses an upload its lease, politely: it says so, and asks once', async () => {
    const site = await openSite(browser, { pages: fixture, policy: { maxLease: 0 } });
    const page = await site.open();
    await enter(page);
    await page.getByRole('button', { name: 'Hold' }).click();
    await page.getByText('refused', { exact: true }).waitFor();
    await site.leap(minutes(10));
    expect(site.count('PUT /api/auth/leases/upload')).toBe(1);
    await site.leap(hours(1));
    await lock(page).waitFor();
    await site.close();
  });
});
