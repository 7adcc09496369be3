import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes } from '../../machines/index.ts';
import { device, focused, past, section, twoDevices } from '../support/browser/twoDevices.ts';
import { userOn, storedIn } from '../support/browser/user.ts';
import { openBrowser, openSite, password, type OpenBrowser, type Site } from '../support/browser/site.ts';

let browser: OpenBrowser;
let site: Site;

beforeAll(async () => {
  browser = await openBrowser();
  site = await openSite(browser);
});
afterAll(() => browser?.close());

describe('the security page', () => {
  it('ASVS 7.5.2 lists the devices by readable names and ends another, which is told why at once', async () => {
    const { desk, phone } = await twoDevices(site, 'ada');
    const here = device(desk, 'Chrome on Windows');
    expect(await here.textContent()).toMatch(
      /This device.*Signed in\..*Last active just now.*Last proof with a password/,
    );
    expect(await here.getByRole('button').count()).toBe(0);

    const there = device(desk, 'Safari on iPhone');
    await there.getByRole('button', { name: 'Sign out' }).click();
    await there.getByRole('group', { name: /^Sign out Safari on iPhone\?/ }).waitFor();
    expect(await focused(desk)).toBe('Keep it signed in');
    await desk.keyboard.press('Enter');
    await there.getByRole('group').waitFor({ state: 'detached' });
    expect(await focused(desk)).toBe('Sign out');
    await desk.keyboard.press('Enter');
    await there.getByRole('button', { name: 'Sign it out' }).click();

    await phone.getByRole('heading', { name: "You're signed out" }).waitFor();
    await phone.getByText('You were signed out from another device or by an administrator.').waitFor();
    await desk.getByRole('status').getByText('Safari on iPhone is signed out.').waitFor();
    await there.waitFor({ state: 'detached' });
    expect(await focused(desk)).toBe('Where you are signed in');
    expect(await past(desk, 'Safari on iPhone').textContent()).toContain(
      'You were signed out from another device or by an administrator.',
    );
    expect(await section(desk, 'Where you are signed in').getByRole('button').count()).toBe(0);
    await desk.context().close();
    await phone.context().close();
  });

  it('ASVS 7.5.1 7.5.2 asks for the password before ending all others when the sign-in was long ago', async () => {
    const { desk, phone } = await twoDevices(site, 'bob');
    site.world.pass(minutes(11));
    await desk.getByRole('button', { name: 'Sign out everywhere else' }).click();
    await desk.getByRole('group').getByRole('button', { name: 'Sign out everywhere else' }).click();
    const typed = desk.getByLabel('Password', { exact: true });
    await typed.waitFor();
    expect(await typed.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await phone.getByText('Nothing here yet').count()).toBe(1);

    await typed.fill('wrong');
    await desk.keyboard.press('Enter');
    await desk.getByText("That password isn't right. Please try again.").waitFor();
    expect(await phone.getByText('Nothing here yet').count()).toBe(1);
    await typed.fill(password);
    await desk.keyboard.press('Enter');

    await phone.getByRole('heading', { name: "You're signed out" }).waitFor();
    await desk.getByRole('status').getByText('You are signed out everywhere else.').waitFor();
    expect(await focused(desk)).toBe('Where you are signed in');
    await desk.getByText('You are signed in nowhere else.').waitFor();
    await desk.context().close();
    await phone.context().close();
  });

  it('Promise 7: says of every sign-in that is over why it is, and leads to its last step', async () => {
    const { desk, phone } = await twoDevices(site, 'cleo');
    await phone.getByRole('button', { name: 'Sign out' }).click();
    await phone.getByLabel('User name').waitFor();
    await userOn(phone).signIn('cleo', password);
    await phone.getByText('Nothing here yet').waitFor();
    // The phone is left alone; at the desk somebody is there.
    site.world.pass(minutes(20));
    await desk.getByRole('link', { name: 'Settings' }).click();
    await desk.getByRole('radio', { name: 'Compact' }).check();
    await desk.getByRole('link', { name: 'Security' }).click();
    await past(desk, 'Safari on iPhone').getByText('You signed out.').waitFor();
    site.world.pass(minutes(11));
    await phone.getByRole('heading', { name: "You're signed out" }).waitFor();
    await desk.evaluate(() => void dispatchEvent(new Event('focus')));
    const locked = device(desk, 'Safari on iPhone');
    await locked.getByText('Locked because nobody was active for 30 minutes. The password opens it again.').waitFor();
    await locked.getByRole('link', { name: 'Why was I signed out?' }).click();
    await desk.locator('.app-why', { hasText: 'because you were inactive for 30 minutes' }).waitFor();
    await desk.goBack();
    await past(desk, 'Safari on iPhone').getByRole('link', { name: 'Why was I signed out?' }).click();
    await desk.locator('.app-travel dd').first().getByText('ended.signedOut', { exact: true }).waitFor();
    expect(await desk.locator('body').textContent()).not.toMatch(/timed out/i);
    await desk.context().close();
    await phone.context().close();
  });

  it('hears from another tab of the same browser that something was ended there', async () => {
    const { desk, phone } = await twoDevices(site, 'dora');
    const beside = await desk.context().newPage();
    await beside.goto(`${site.url}/security`);
    const there = device(beside, 'Safari on iPhone');
    await there.getByRole('button', { name: 'Sign out' }).click();
    await there.getByRole('button', { name: 'Sign it out' }).click();
    await past(desk, 'Safari on iPhone').waitFor();
    await device(desk, 'Safari on iPhone').waitFor({ state: 'detached' });
    await desk.context().close();
    await phone.context().close();
  });

  it('says in words what could not be done, and does it at the next try', async () => {
    const { desk, phone } = await twoDevices(site, 'eve');
    await desk.context().setOffline(true);
    const there = device(desk, 'Safari on iPhone');
    await there.getByRole('button', { name: 'Sign out' }).click();
    await there.getByRole('button', { name: 'Sign it out' }).click();
    await there.getByRole('alert').getByText('We couldn’t sign it out.').waitFor();
    await desk.context().setOffline(false);
    await there.getByRole('button', { name: 'Sign it out' }).click();
    await there.waitFor({ state: 'detached' });
    await phone.getByRole('heading', { name: "You're signed out" }).waitFor();
    await desk.context().close();
    await phone.context().close();
  });
});

describe('the account', () => {
  it('ASVS 7.4.3 signs out everywhere else with a new password, and loses no draft', async () => {
    const { desk, phone } = await twoDevices(site, 'gina');
    await userOn(desk).startConversation();
    const composer = desk.getByLabel('Message', { exact: true });
    // On the server, too, it is encrypted with the old key.
    const isKept = desk.waitForResponse(
      (response) => response.request().method() === 'PUT' && response.url().includes('/api/drafts/') && response.ok(),
    );
    await composer.fill('written under the old password');
    await isKept;
    await desk.getByRole('link', { name: 'Security' }).click();
    expect(await desk.getByRole('checkbox', { name: 'Sign out everywhere else' }).isChecked()).toBe(true);
    await desk.getByLabel('Current password').fill('wrong');
    await desk.getByLabel('New password').fill('battery staple horse');
    await desk.getByRole('button', { name: 'Change password' }).click();
    await desk.getByText('Your current password isn’t right. Please try again.').waitFor();
    expect(await phone.getByText('Nothing here yet').count()).toBe(1);
    await desk.getByLabel('Current password').fill(password);
    await desk.getByRole('button', { name: 'Change password' }).click();
    await desk.getByText('Your password is changed. You are signed out everywhere else.').waitFor();
    await phone.getByRole('heading', { name: "You're signed out" }).waitFor();
    await past(desk, 'Safari on iPhone').waitFor();

    await desk.goBack();
    await desk.waitForFunction(() => document.querySelector('textarea')?.value === 'written under the old password');
    await desk.reload();
    await desk.waitForFunction(() => document.querySelector('textarea')?.value === 'written under the old password');
    await phone.getByRole('button', { name: 'Sign in', exact: true }).click();
    await userOn(phone).signIn('gina', 'battery staple horse');
    await phone.getByRole('link', { name: 'Conversation 1' }).click();
    await phone.waitForFunction(() => document.querySelector('textarea')?.value === 'written under the old password');
    await desk.context().close();
    await phone.context().close();
  });

  it('ASVS 7.4.2 is deleted only with the password, ends everywhere, and leaves nothing behind', async () => {
    const { desk, phone } = await twoDevices(site, 'hugo');
    await userOn(desk).startConversation();
    await desk.getByLabel('Message', { exact: true }).fill('nobody will read this');
    await desk.getByRole('link', { name: 'Security' }).click();
    await desk.getByRole('button', { name: 'Delete my account' }).click();
    const asked = desk.getByRole('group', { name: 'Delete your account?' });
    await asked.getByLabel('Password', { exact: true }).fill('wrong');
    await desk.keyboard.press('Enter');
    await asked.getByText("That password isn't right. Please try again.").waitFor();
    expect(await site.world.users.byName('hugo')).not.toBeNull();
    await asked.getByLabel('Password', { exact: true }).fill(password);
    await asked.getByRole('button', { name: 'Delete for good' }).click();
    await desk.getByRole('status').getByText('Your account and everything in it is deleted.').waitFor();
    await phone.getByRole('heading', { name: "You're signed out" }).waitFor();
    expect(await site.world.users.byName('hugo')).toBeNull();
    const left = await storedIn(desk);
    expect(left.records).toEqual([]);
    expect(JSON.stringify(left)).not.toMatch(/hugo|nobody will/);
    await userOn(desk).signIn('hugo', password);
    await desk.getByText('User name or password is wrong.').waitFor();
    await desk.context().close();
    await phone.context().close();
  });
});

describe('every page behind the sign-in', () => {
  it('ASVS 7.4.4 shows the way out, beside the toast and in the dialog, too', async () => {
    const page = await site.device({ viewport: { width: 320, height: 720 } });
    await userOn(page).register('fred', password);
    await userOn(page).startConversation();
    const out = page.getByRole('banner').getByRole('button', { name: 'Sign out' });
    const pages = ['Settings', 'Security', 'Inspector'];
    for (const name of pages) {
      await page.getByRole('link', { name, exact: true }).click();
      await page.getByRole('heading', { name, level: 1 }).waitFor();
      expect(await out.isVisible()).toBe(true);
    }
    await page.getByRole('link', { name: 'Security' }).click();
    await section(page, 'Where you are signed in').getByRole('listitem').first().waitFor();
    await site.passOn(page, minutes(25));
    await page.getByRole('region', { name: 'Signing out soon' }).waitFor();
    await out.click({ trial: true });
    await site.passOn(page, minutes(3));
    await page.getByRole('alertdialog').getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('User name').waitFor();
    await page.context().close();
  });
});
