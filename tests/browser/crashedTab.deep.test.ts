import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApplication, type Application } from '../support/browser/application.ts';
import { launchOptions } from '../support/browser/chromium.ts';
import { userOn } from '../support/browser/user.ts';
import { composer, password, status } from '../support/browser/site.ts';

const written = (page: Page, text: string) =>
  page.waitForFunction((wanted) => document.querySelector('textarea')?.value === wanted, text);

/** Ends a browser as a power cut would. */
async function kill(context: BrowserContext) {
  const cdp = await context.browser()?.newBrowserCDPSession();
  const { processInfo = [] } = (await cdp?.send('SystemInfo.getProcessInfo')) ?? {};
  const browser = processInfo.find(({ type }) => type === 'browser');
  if (!browser) throw new Error('The browser does not say which process it is');
  const isGone = new Promise((resolve) => context.once('close', resolve));
  process.kill(browser.id, 'SIGKILL');
  await isGone;
}

describe('work', () => {
  let application: Application;
  const profile = mkdtempSync(join(tmpdir(), 'curfew-profile-'));
  beforeAll(async () => {
    application = await startApplication({});
  });
  afterAll(async () => {
    await application?.stop();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  });

  it('that only the device had outlives a browser that is killed, and a server that is killed and started again', async () => {
    const killed = await chromium.launchPersistentContext(profile, launchOptions());
    const page = await killed.newPage();
    await page.route('**/api/drafts/*', (route) => route.abort());
    await page.goto(application.url);
    await userOn(page).register('ada', password);
    await userOn(page).startConversation();
    const { pathname } = new URL(page.url());
    await composer(page).fill('before the power cut');
    await status(page, 'Saved');
    await kill(killed);
    await application.kill();
    await application.restart();

    const next = await chromium.launchPersistentContext(profile, launchOptions());
    const again = await next.newPage();
    await again.goto(`${application.url}${pathname}`);
    await userOn(again).signIn('ada', password);
    await written(again, 'before the power cut');
    await next.close();
  });

  it('goes on when the server is killed under it: what is typed is kept, and what was not sent can be sent again', async () => {
    const browser = await chromium.launch(launchOptions());
    const page = await browser.newPage();
    await page.goto(application.url);
    await userOn(page).register('bob', password);
    await userOn(page).startConversation();
    await composer(page).fill('a message');
    await application.kill();
    await composer(page).fill('a message, and more');
    await status(page, 'Saved');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByText('We couldn’t send it. We can’t reach the server right now. Nothing is lost.').waitFor();
    expect(await composer(page).inputValue()).toBe('a message, and more');
    await application.restart();
    await page.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('listitem').getByText('a message, and more').waitFor();
    await written(page, '');
    await browser.close();
  });
});
