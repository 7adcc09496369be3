import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../machines/index.ts';
import {
  openSite,
  comeBack,
  composer,
  dialog,
  lock,
  openBrowser,
  passwordField,
  password,
  sessionOf,
  stay,
  status,
  stream,
  toast,
  type OpenBrowser,
} from '../support/browser/site.ts';

const extend = 'POST /api/auth/refresh';

describe('the network', () => {
  let browser: OpenBrowser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  it('offline before the warning: warns, hides the content at its deadline, keeps the draft and signs nobody out', async () => {
    const site = await openSite(browser);
    const page = await site.writing('on the train');
    await site.context.setOffline(true);
    await site.leap(minutes(25));
    await toast(page).waitFor();
    await site.leap(minutes(6));
    await page.getByText("You're offline. Your work is saved, and we'll confirm when you're back.").waitFor();
    expect(await composer(page).count()).toBe(0);
    expect(site.count('POST /api/auth/logout')).toBe(0);
    await site.context.setOffline(false);
    await page.getByText('We signed you out because you were inactive').waitFor();
    await comeBack(page);
    await page.waitForFunction(() => document.querySelector('textarea')?.value === 'on the train');
    await site.close();
  });

  it('a password given while the tab still asks how the session is counts as soon as it knows', async () => {
    const site = await openSite(browser);
    const page = await site.writing('on the platform');
    await site.context.setOffline(true);
    await site.leap(minutes(31));
    await lock(page).waitFor();
    site.network.holds();
    await site.context.setOffline(false);
    await site.network.holdsSomething();
    await comeBack(page);
    await page.getByRole('button', { name: 'Signing in…' }).waitFor();
    await site.network.releases();
    site.network.unhush();
    await page.waitForFunction(() => document.querySelector('textarea')?.value === 'on the platform');
    await site.close();
  });

  it('offline during the warning: the dialog stays and says so, and is answered as soon as the network is back', async () => {
    const site = await openSite(browser);
    const page = await site.signedIn();
    await site.leap(minutes(28));
    await dialog(page).waitFor();
    await site.context.setOffline(true);
    await stay(page).click();
    await dialog(page)
      .getByRole('alert')
      .getByText("We couldn't reach the server. You'll still be signed out in")
      .waitFor();
    await dialog(page).getByRole('button', { name: 'Try again' }).waitFor();
    await site.context.setOffline(false);
    await dialog(page).waitFor({ state: 'detached' });
    expect((await site.log(page)).map(({ type }) => type)).toContain('session.extended');
    await site.close();
  });

  it('offline after the end: signing in again fails in words, keeps what was typed, and works once the network is back', async () => {
    const site = await openSite(browser);
    const page = await site.signedIn();
    await site.leap(minutes(31));
    await lock(page).waitFor();
    await site.context.setOffline(true);
    await passwordField(page).fill(password);
    await lock(page).click();
    await page.getByText("We couldn't reach the server. Nothing is lost.").waitFor();
    expect(await passwordField(page).inputValue()).toBe(password);
    await site.context.setOffline(false);
    await lock(page).click();
    await page.getByText('Welcome back').waitFor();
    await site.close();
  });

  it('a slow answer: the countdown goes on, and after ten seconds it says that it failed', async () => {
    const site = await openSite(browser);
    const page = await site.signedIn();
    await site.leap(minutes(28));
    await dialog(page).waitFor();
    browser.network.holds();
    await stay(page).click();
    const extending = dialog(page).getByRole('button', { name: 'Extending…' });
    await extending.waitFor();
    expect(await extending.getAttribute('aria-disabled')).toBe('true');
    await site.context.clock.runFor(seconds(5) + 100);
    await dialog(page).getByRole('timer').getByText('1:55').waitFor();
    await site.context.clock.runFor(seconds(6));
    await dialog(page).getByRole('alert').getByText("We couldn't reach the server").waitFor();
    await site.close();
  });

  it('a lost answer: the server did it and the reply never came; the next try is no second answer', async () => {
    const site = await openSite(browser);
    const page = await site.signedIn();
    await site.leap(minutes(28));
    await dialog(page).waitFor();
    let lost = 0;
    site.fails((what) => (what === extend && lost++ === 0 ? 'lost' : null));
    await stay(page).click();
    await dialog(page).waitFor({ state: 'detached' });
    await site.leap(minutes(20));
    await page.getByRole('button', { name: 'New conversation' }).first().waitFor();
    expect(await lock(page).count()).toBe(0);
    expect((await site.log(page)).filter(({ type }) => type === 'token.reused')).toEqual([]);
    await site.close();
  });

  it('an answer of 500 is said in other words than no answer, and closes nothing', async () => {
    const site = await openSite(browser);
    const page = await site.signedIn();
    await site.leap(minutes(28));
    await dialog(page).waitFor();
    site.fails((what) => (what === extend ? 'error' : null));
    await stay(page).click();
    await dialog(page).getByRole('alert').getByText("The server couldn't do that just now.").waitFor();
    expect(await dialog(page).count()).toBe(1);
    await site.close();
  });

  it('a refresh that fails three times and then works closes the warning, with four requests and no more', async () => {
    const site = await openSite(browser);
    const page = await site.signedIn();
    await site.leap(minutes(28));
    await dialog(page).waitFor();
    const since = site.now();
    let failures = 0;
    site.fails((what) => (what === extend && failures++ < 3 ? 'error' : null));
    await stay(page).click();
    await dialog(page).getByRole('button', { name: 'Try again' }).waitFor();
    for (let turn = 0; turn < 3; turn++) await site.leap(seconds(5));
    await dialog(page).waitFor({ state: 'detached' });
    expect(site.count(extend, since)).toBe(4);
    await site.close();
  });

  it('two minutes of failing make one try every five seconds, then one question, then no more than that', async () => {
    const site = await openSite(browser);
    const page = await site.signedIn();
    await site.leap(minutes(28));
    await dialog(page).waitFor();
    const since = site.now();
    site.fails(() => 'error');
    await stay(page).click();
    await dialog(page).getByRole('button', { name: 'Try again' }).waitFor();
    for (let turn = 0; turn < 24; turn++) await site.leap(seconds(5));
    await lock(page).waitFor();
    expect(site.count(extend, since)).toBeLessThanOrEqual(25);
    expect(site.asked.filter(({ at }) => at >= since).length).toBeLessThanOrEqual(60);
    expect(site.count('POST /api/auth/logout')).toBe(0);
    await site.close();
  });

  it('a server that goes during the warning and comes back: nothing closes, nothing is lost, and the answer arrives', async () => {
    const site = await openSite(browser);
    const page = await site.writing('through the restart');
    await site.leap(minutes(28));
    await dialog(page).waitFor();
    browser.network.goes();
    await stay(page).click();
    await dialog(page).getByRole('alert').getByText("We couldn't reach the server").waitFor();
    browser.network.comesBack();
    await site.leap(seconds(5));
    await dialog(page).waitFor({ state: 'detached' });
    expect(await composer(page).inputValue()).toBe('through the restart');
    await site.close();
  });

  it('what is written offline is on the device at once, and on the server once the network is back', async () => {
    const site = await openSite(browser);
    const page = await site.writing('first');
    await site.context.setOffline(true);
    await composer(page).fill('first and second');
    await site.leap(seconds(3));
    await status(page, 'Saved');
    await site.context.setOffline(false);
    const before = site.count(/^PUT \/api\/drafts/);
    await site.leap(seconds(31));
    await expect.poll(() => site.count(/^PUT \/api\/drafts/)).toBeGreaterThan(before);
    await site.close();
  });

  it('the extension that the server refuses for good leads to the locked screen with the true reason', async () => {
    const site = await openSite(browser);
    const page = await site.signedIn();
    await site.leap(minutes(28));
    await dialog(page).waitFor();
    // The server's time goes on, and nobody tells the tab.
    browser.network.hush();
    site.world.pass(minutes(5));
    await stay(page).click();
    await page.getByText('We signed you out because you were inactive for 30 minutes.').waitFor();
    await site.close();
  });

  it.each(['error', 'lost', 'kept back'] as const)(
    'a stream that something in between answers with “%s” is replaced by asking, about once a minute',
    async (fault) => {
      const site = await openSite(browser);
      site.fails((what) => (what === stream ? fault : null));
      const page = await site.signedIn();
      for (let time = 0; time < 9; time++) await site.leap(minutes(1));
      const since = site.now() + 1;
      for (let time = 0; time < 10; time++) await site.leap(minutes(1));
      expect(site.count('GET /api/auth/session-info', since)).toBeGreaterThanOrEqual(9);
      expect(site.count('GET /api/auth/session-info', since)).toBeLessThanOrEqual(11);
      const elsewhere = site.world.client('bearer');
      await elsewhere.login('ada', password);
      await elsewhere.call('DELETE', `/api/auth/sessions/${await sessionOf(page)}`);
      await site.leap(minutes(1));
      await page.getByText('You were signed out from another device').waitFor();
      await site.close();
    },
  );

  it('a page opened while the server is away says so, loses nothing, and goes on by itself', async () => {
    const site = await openSite(browser);
    const page = await site.signedIn();
    browser.network.goes();
    await page.reload();
    await page.getByText('Nothing is lost. We keep trying').waitFor();
    browser.network.comesBack();
    await site.leap(seconds(6));
    await page.getByRole('button', { name: 'New conversation' }).first().waitFor();
    await site.close();
  });
});
