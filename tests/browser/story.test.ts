import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { replay } from '../../machines/index.ts';
import { startApplication } from '../support/browser/application.ts';
import { launchOptions } from '../support/browser/chromium.ts';
import { userOn, storedIn } from '../support/browser/user.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await chromium.launch(launchOptions());
});
afterAll(async () => {
  await browser?.close();
});

const password = 'correct horse battery';
const composer = (page: Page) => page.getByLabel('Message', { exact: true });
const dialog = (page: Page) => page.getByRole('alertdialog', { name: "You're about to be signed out" });
const lock = (page: Page) => page.getByRole('button', { name: 'Sign in and continue' });

const unit = 'Grüße 👩🏽‍🚀 שלום עולם مرحبا — ';
const long = unit.repeat(Math.ceil(200_000 / Buffer.byteLength(unit)));

/** Types as an input method does: a composition that changes before it is committed. */
async function compose(page: Page, steps: readonly string[], committed: string) {
  const cdp = await page.context().newCDPSession(page);
  for (const text of steps)
    await cdp.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
  await cdp.send('Input.insertText', { text: committed });
  await cdp.detach();
}

/** What the page sends, so that its credential can be tried elsewhere. */
async function credentialOf(page: Page, mode: string): Promise<Record<string, string>> {
  if (mode === 'bearer') {
    const request = page.waitForRequest((each) => each.url().includes('/api/') && 'authorization' in each.headers());
    await page.reload();
    return { Authorization: (await request).headers()['authorization'] ?? '' };
  }
  const cookie = (await page.context().cookies()).find(({ name }) => name === '__Host-curfew');
  return { Cookie: `__Host-curfew=${cookie?.value}`, 'Sec-Fetch-Site': 'same-origin' };
}

// Most of it is waiting, so both at once, each with a server of its own.
describe.concurrent.each(['cookie', 'bearer'])('the whole story in real time, %s mode', (mode) => {
  it('from registering to signing out, over a warning, a time-out and a crash of the server', async ({
    expect,
    onTestFinished,
  }) => {
    const application = await startApplication();
    onTestFinished(() => application.stop());
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    const user = `ada-${mode}`;
    const conversations = 2 + Math.floor(Math.random() * 4);
    await page.goto(mode === 'bearer' ? `${application.url}/?transport=bearer` : application.url);
    await page.getByText('For your security we sign you out after 20 seconds without activity').waitFor();
    await userOn(page).register(user, password);

    for (let count = 0; count < conversations; count++) {
      await userOn(page).startConversation();
      if (count === 0) await composer(page).fill('a first draft');
    }
    const route = page.url();
    await composer(page).fill(long);
    await composer(page).press('End');
    await compose(page, ['に', 'にほ', 'にほん'], '日本');
    const text = `${long}日本`;
    expect(await composer(page).inputValue()).toBe(text);
    await composer(page).evaluate((element: HTMLTextAreaElement) => {
      element.setSelectionRange(1000, 1007);
      element.scrollTop = 420;
    });
    await composer(page).press('Shift+ArrowRight');
    const place = () =>
      composer(page).evaluate((element: HTMLTextAreaElement) => [
        element.selectionStart,
        element.selectionEnd,
        element.scrollTop,
      ]);
    const before = await place();

    // Nothing is done: first the toast, which takes no focus, then the dialog, which does.
    const toast = page.getByRole('region', { name: 'Signing out soon' });
    await toast.getByText(/You'll be signed out in .* because you haven't been active/).waitFor({ timeout: 40_000 });
    expect(await composer(page).evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await page.title()).toMatch(/^Signing out soon – /);
    await dialog(page).waitFor({ timeout: 20_000 });
    const stay = dialog(page).getByRole('button', { name: 'Stay signed in' });
    expect(await stay.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.locator('dialog[data-curfew-ready]').waitFor();
    await page.keyboard.press('Enter');
    await dialog(page).waitFor({ state: 'detached' });
    expect(await composer(page).evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await place()).toEqual(before);

    // Nothing is done again: locked in place.
    await lock(page).waitFor({ timeout: 60_000 });
    expect(page.url()).toBe(route);
    expect(await page.title()).toMatch(/^Signed out – /);
    const tree = await page.locator('body').ariaSnapshot();
    expect(tree).not.toContain('Grüße');
    expect(tree).not.toContain('New conversation');
    expect(await page.getByText('We signed you out because you were inactive for 20 seconds.').isVisible()).toBe(true);
    const summary = await page.getByText('Saved on this device:').textContent();
    expect(summary).toContain(`${conversations} conversations`);
    expect(summary).toContain('2 drafts');
    expect(summary).toContain('settings');
    const { records } = await storedIn(page);
    expect(records.length).toBeGreaterThan(0);
    for (const record of records) expect(record).not.toMatch(/Grüße|a first draft|ada-/);

    await page.getByLabel('Password', { exact: true }).fill('wrong');
    await lock(page).click();
    await page.getByText("That password isn't right").waitFor();

    await application.kill();
    await application.restart();
    await page.getByLabel('Password', { exact: true }).fill(password);
    await lock(page).click();
    await page.getByText('Welcome back. Everything is where you left it.').waitFor();
    expect(page.url()).toBe(route);
    await page.waitForFunction((length) => document.querySelector('textarea')?.value.length === length, text.length);
    expect(await composer(page).inputValue()).toBe(text);
    await page.waitForFunction(() => document.activeElement instanceof HTMLTextAreaElement);
    expect(await place()).toEqual(before);

    // The log of all this replays to the same state, and every time-out bears its deadline's instant.
    const credential = await credentialOf(page, mode);
    const { session } = await (await fetch(`${application.url}/api/auth/session-info`, { headers: credential })).json();
    const log = await (
      await fetch(`${application.url}/api/auth/sessions/${session.id}/events`, { headers: credential })
    ).json();
    expect(replay(log.events)).toEqual(log.replay);
    const lapsed = log.events.find(({ to }: { to: string }) => to === 'lapsed.idle');
    const until = log.events.slice(0, log.events.indexOf(lapsed));
    expect(lapsed.at).toBe(replay(until).context.lastActivityAt + 20_000);
    expect(log.events.map(({ type }: { type: string }) => type)).toEqual(
      expect.arrayContaining(['session.started', 'session.extended', 'clock.reached', 'user.reauthenticated']),
    );

    await page.getByRole('button', { name: 'Sign out' }).first().click();
    await page.getByLabel('User name').waitFor();
    const left = await storedIn(page);
    expect(left.records).toEqual([]);
    expect(JSON.stringify(left)).not.toMatch(/ada-|eyJ/);
    expect((await context.cookies()).filter(({ name }) => name === '__Host-curfew')).toEqual([]);
    const dead = await fetch(`${application.url}/api/auth/me`, { headers: credential });
    expect(dead.status).toBe(401);
    expect(await dead.json()).toMatchObject({ code: 'session_ended', reason: 'signed_out' });
    await context.close();
  });
});
