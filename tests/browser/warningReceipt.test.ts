import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes } from '../../machines/index.ts';
import { openSite, dialog, lock, openBrowser, stay, toast, type OpenBrowser } from '../support/browser/site.ts';

describe('the proof that a person was warned', () => {
  let browser: OpenBrowser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  it('says the stage, that the tab was visible, who answered and how', async () => {
    const site = await openSite(browser);
    const page = await site.signedIn();
    await site.leap(minutes(25));
    await toast(page).waitFor();
    await site.leap(minutes(3));
    await dialog(page).waitFor();
    await stay(page).click();
    await dialog(page).waitFor({ state: 'detached' });
    const log = await site.log(page);
    const from = log.findIndex(({ type }) => type === 'warning.shown');
    expect(log.slice(from, from + 3).map(({ type, data }) => [type, data['stage'], data['visible']])).toEqual([
      ['warning.shown', 'toast', true],
      ['warning.shown', 'dialog', true],
      ['session.extended', undefined, undefined],
    ]);
    expect(log[0]?.data['user']).toBeTypeOf('string');
    await site.close();
  });

  it('a warning that nobody answered is followed in the log by the time-out at its very instant', async () => {
    const site = await openSite(browser);
    const page = await site.signedIn();
    await site.leap(minutes(25));
    await toast(page).waitFor();
    await site.leap(minutes(4));
    await dialog(page).waitFor();
    await site.leap(minutes(7));
    await lock(page).waitFor();
    const log = await site.log(page);
    expect(log.slice(-3).map(({ type, to }) => [type, to])).toEqual([
      ['warning.shown', 'active.expiring'],
      ['warning.shown', 'active.expiring'],
      ['clock.reached', 'lapsed.idle'],
    ]);
    expect(log.at(-1)?.at).toBe((log[0]?.at ?? 0) + minutes(30));
    await site.close();
  });
});
