import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { days, hours, minutes, seconds } from '../../../machines/index.ts';
import { moveMouse } from '../hand.ts';
import { begin, dialog, lock, openHouse, stay, toast, wake, type House } from './stage.ts';

describe('time', () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse();
  });
  afterAll(() => house?.close());

  it.each([
    ['three hours ahead', hours(3)],
    ['a day behind', -days(1)],
  ])('WCAG 2.2.1 a device whose clock is %s warns and locks at the instants of the server', async (_, off) => {
    const stage = await begin(house, { off });
    const page = await stage.signedIn();
    await stage.leap(minutes(24) + seconds(59));
    expect(await toast(page).count()).toBe(0);
    await stage.leap(seconds(1));
    await toast(page).waitFor();
    await stage.leap(minutes(3));
    await dialog(page).waitFor();
    await stage.leap(minutes(2) - seconds(1));
    expect(await dialog(page).count()).toBe(1);
    await stage.leap(seconds(1));
    await lock(page).waitFor();
    await stage.close();
  });

  it('the first input after a gap longer than the limit expires, and never extends', async () => {
    const stage = await begin(house);
    const page = await stage.signedIn();
    const id = (await stage.log(page)).length;
    await stage.sleep(minutes(31));
    await moveMouse(page);
    await lock(page).waitFor();
    expect((await stage.log(page)).slice(id).map(({ type }) => type)).not.toContain('activity.seen');
    expect(stage.count('POST /api/auth/activity', minutes(30))).toBe(0);
    await stage.close();
  });

  it('a device that slept (simulated: only clocks went on) past the end is locked when it wakes, before anybody touches it', async () => {
    const stage = await begin(house);
    const page = await stage.writing('before the sleep');
    await stage.sleep(hours(2));
    await wake(page);
    await lock(page).waitFor();
    expect(await page.locator('textarea').count()).toBe(0);
    const lapsed = (await stage.log(page)).find(({ to }) => to === 'lapsed.idle');
    const seen = (await stage.log(page)).findLast(({ type }) => type === 'activity.seen');
    expect(lapsed?.at).toBeLessThanOrEqual((seen?.at ?? stage.world.now()) + minutes(30));
    await stage.close();
  });

  it('a device that slept (simulated: only clocks went on) into the warning shows what is left, and not what it had when it fell asleep', async () => {
    const stage = await begin(house);
    const page = await stage.signedIn();
    await stage.leap(minutes(10));
    await stage.sleep(minutes(18) + seconds(30));
    await wake(page);
    await dialog(page).waitFor();
    await page.getByRole('timer').getByText('1:30').waitFor();
    await stage.close();
  });

  it('a clock set back while the page is open gives nobody more time', async () => {
    const stage = await begin(house);
    const page = await stage.signedIn();
    await stage.leap(minutes(5));
    await stage.setClock(-hours(6));
    await stage.leap(minutes(20));
    await toast(page).waitFor();
    await stage.leap(minutes(5));
    await lock(page).waitFor();
    await stage.close();
  });

  it('a clock set forward while the page is open signs nobody out: the server is asked first', async () => {
    const stage = await begin(house);
    const page = await stage.signedIn();
    await stage.leap(minutes(5));
    await stage.setClock(hours(6));
    await wake(page);
    await page.getByRole('button', { name: 'New conversation' }).first().waitFor();
    expect(await lock(page).count()).toBe(0);
    await stage.leap(minutes(20));
    await toast(page).waitFor();
    await stage.close();
  });

  it('a deadline further away than 24.8 days does not ring at once, and rings when it comes', async () => {
    const stage = await begin(house, {
      policy: { idleTimeout: days(29), absoluteTimeout: days(60), warnBefore: minutes(5) },
    });
    const page = await stage.signedIn();
    await stage.leap(minutes(1));
    expect(await toast(page).count()).toBe(0);
    await stage.leap(days(28));
    expect(await toast(page).count()).toBe(0);
    await stage.leap(days(1) - minutes(6));
    await toast(page).waitFor();
    await stage.leap(minutes(5));
    await lock(page).waitFor();
    await stage.close();
  });

  it('a tab whose timers were held back shows the stage that is due, and the other one never', async () => {
    const stage = await begin(house);
    const page = await stage.signedIn();
    await stage.leap(minutes(29));
    await dialog(page).waitFor();
    expect(await toast(page).count()).toBe(0);
    expect(await page.getByRole('timer').textContent()).toBe('1:00');
    await stage.close();
  });

  it('a frozen tab that thaws after the end is locked, and its content is never shown again before', async () => {
    const stage = await begin(house);
    const page = await stage.writing('frozen');
    const cdp = await stage.context.newCDPSession(page);
    await cdp.send('Page.setWebLifecycleState', { state: 'frozen' });
    stage.world.pass(minutes(45));
    await cdp.send('Page.setWebLifecycleState', { state: 'active' });
    await stage.context.clock.setSystemTime(stage.world.now());
    await wake(page);
    await lock(page).waitFor();
    expect(await page.locator('textarea').count()).toBe(0);
    await stage.close();
  });

  it('a page out of the back-forward cache (simulated at the event) asks before it shows anything to be over', async () => {
    const stage = await begin(house);
    const page = await stage.writing('cached');
    await page.evaluate(() => void dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })));
    await stage.sleep(hours(1));
    await page.evaluate(() => void dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
    await lock(page).waitFor();
    expect(await page.locator('body').innerHTML()).not.toContain('cached');
    await stage.close();
  });

  it('a warning answered one second before the end is answered', async () => {
    const stage = await begin(house);
    const page = await stage.signedIn();
    await stage.leap(minutes(30) - seconds(1));
    await stay(page).click();
    await dialog(page).waitFor({ state: 'detached' });
    await stage.leap(minutes(24));
    expect(await toast(page).count()).toBe(0);
    expect(await lock(page).count()).toBe(0);
    await stage.close();
  });
});
