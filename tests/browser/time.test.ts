import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { days, hours, minutes, seconds } from '../../machines/index.ts';
import { moveMouse } from '../support/browser/mouse.ts';
import { openSite, dialog, lock, openBrowser, stay, toast, wake, type OpenBrowser } from '../support/browser/site.ts';

describe('time', () => {
  let browser: OpenBrowser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  it.each([
    ['three hours ahead', hours(3)],
    ['a day behind', -days(1)],
  ])('WCAG 2.2.1 a device whose clock is %s warns and locks at the instants of the server', async (_, off) => {
    const site = await openSite(browser, { off });
    const page = await site.signedIn();
    await site.leap(minutes(24) + seconds(59));
    expect(await toast(page).count()).toBe(0);
    await site.leap(seconds(1));
    await toast(page).waitFor();
    await site.leap(minutes(3));
    await dialog(page).waitFor();
    await site.leap(minutes(2) - seconds(1));
    expect(await dialog(page).count()).toBe(1);
    await site.leap(seconds(1));
    await lock(page).waitFor();
    await site.close();
  });

  it('the first input after a gap longer than the limit expires, and never extends', async () => {
    const site = await openSite(browser);
    const page = await site.signedIn();
    const id = (await site.log(page)).length;
    await site.sleep(minutes(31));
    await moveMouse(page);
    await lock(page).waitFor();
    expect((await site.log(page)).slice(id).map(({ type }) => type)).not.toContain('activity.seen');
    expect(site.count('POST /api/auth/activity', minutes(30))).toBe(0);
    await site.close();
  });

  it('a device that slept (simulated: only clocks went on) past the end is locked when it wakes, before anybody touches it', async () => {
    const site = await openSite(browser);
    const page = await site.writing('before the sleep');
    await site.sleep(hours(2));
    await wake(page);
    await lock(page).waitFor();
    expect(await page.locator('textarea').count()).toBe(0);
    const lapsed = (await site.log(page)).find(({ to }) => to === 'lapsed.idle');
    const seen = (await site.log(page)).findLast(({ type }) => type === 'activity.seen');
    expect(lapsed?.at).toBeLessThanOrEqual((seen?.at ?? site.world.now()) + minutes(30));
    await site.close();
  });

  it('a device that slept (simulated: only clocks went on) into the warning shows what is left, and not what it had when it fell asleep', async () => {
    const site = await openSite(browser);
    const page = await site.signedIn();
    await site.leap(minutes(10));
    await site.sleep(minutes(18) + seconds(30));
    await wake(page);
    await dialog(page).waitFor();
    await page.getByRole('timer').getByText('1:30').waitFor();
    await site.close();
  });

  it('a clock set back while the page is open gives nobody more time', async () => {
    const site = await openSite(browser);
    const page = await site.signedIn();
    await site.leap(minutes(5));
    await site.setClock(-hours(6));
    await site.leap(minutes(20));
    await toast(page).waitFor();
    await site.leap(minutes(5));
    await lock(page).waitFor();
    await site.close();
  });

  it('a clock set forward while the page is open signs nobody out: the server is asked first', async () => {
    const site = await openSite(browser);
    const page = await site.signedIn();
    await site.leap(minutes(5));
    await site.setClock(hours(6));
    await wake(page);
    await page.getByRole('button', { name: 'New conversation' }).first().waitFor();
    expect(await lock(page).count()).toBe(0);
    await site.leap(minutes(20));
    await toast(page).waitFor();
    await site.close();
  });

  it('a deadline further away than 24.8 days does not ring at once, and rings when it comes', async () => {
    const site = await openSite(browser, {
      policy: { idleTimeout: days(29), absoluteTimeout: days(60), warnBefore: minutes(5) },
    });
    const page = await site.signedIn();
    await site.leap(minutes(1));
    expect(await toast(page).count()).toBe(0);
    await site.leap(days(28));
    expect(await toast(page).count()).toBe(0);
    await site.leap(days(1) - minutes(6));
    await toast(page).waitFor();
    await site.leap(minutes(5));
    await lock(page).waitFor();
    await site.close();
  });

  it('a tab whose timers were held back shows the stage that is due, and the other one never', async () => {
    const site = await openSite(browser);
    const page = await site.signedIn();
    await site.leap(minutes(29));
    await dialog(page).waitFor();
    expect(await toast(page).count()).toBe(0);
    expect(await page.getByRole('timer').textContent()).toBe('1:00');
    await site.close();
  });

  it('a frozen tab that thaws after the end is locked, and its content is never shown again before', async () => {
    const site = await openSite(browser);
    const page = await site.writing('frozen');
    const cdp = await site.context.newCDPSession(page);
    await cdp.send('Page.setWebLifecycleState', { state: 'frozen' });
    site.world.pass(minutes(45));
    await cdp.send('Page.setWebLifecycleState', { state: 'active' });
    await site.context.clock.setSystemTime(site.world.now());
    await wake(page);
    await lock(page).waitFor();
    expect(await page.locator('textarea').count()).toBe(0);
    await site.close();
  });

  it('a page out of the back-forward cache (simulated at the event) asks before it shows anything to be over', async () => {
    const site = await openSite(browser);
    const page = await site.writing('cached');
    await page.evaluate(() => void dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })));
    await site.sleep(hours(1));
    await page.evaluate(() => void dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
    await lock(page).waitFor();
    expect(await page.locator('body').innerHTML()).not.toContain('cached');
    await site.close();
  });

  it('a warning answered one second before the end is answered', async () => {
    const site = await openSite(browser);
    const page = await site.signedIn();
    await site.leap(minutes(30) - seconds(1));
    await stay(page).click();
    await dialog(page).waitFor({ state: 'detached' });
    await site.leap(minutes(24));
    expect(await toast(page).count()).toBe(0);
    expect(await lock(page).count()).toBe(0);
    await site.close();
  });
});
