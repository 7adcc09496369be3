import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { minutes } from '../../../machines/index.ts';
import type { Way } from '../../../web/client/index.ts';
import { enter, fixture } from '../../support/browser/fixture.ts';
import { openProvider, start } from '../../support/browser/provider.ts';
import { openBrowser, openSite, type OpenBrowser } from '../../support/browser/site.ts';

const folder = process.env['CURFEW_PICTURES'];
const looks: Readonly<Record<string, BrowserContextOptions>> = {
  light: { viewport: { width: 1280, height: 800 } },
  dark: { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
  narrow: { viewport: { width: 360, height: 740 } },
  'narrow, dark': { viewport: { width: 360, height: 740 }, colorScheme: 'dark' },
};
const password: Way = { kind: 'password' };
const passkey: Way = { kind: 'passkey' };
const sso: Way = { kind: 'sso', name: 'Example', url: start };
const ways: Readonly<Record<string, readonly Way[]>> = {
  password: [password],
  passkey: [passkey],
  'single sign-on': [sso],
  all: [password, passkey, sso],
};

describe('pictures of the locked screen', () => {
  let browser: OpenBrowser;
  let provider: Awaited<ReturnType<typeof openProvider>>;
  beforeAll(async () => {
    [browser, provider] = await Promise.all([openBrowser(), openProvider()]);
  });
  afterAll(async () => {
    await provider?.stop();
    await browser?.close();
  });

  it.each(folder === undefined ? [] : Object.keys(looks))('with each way to sign in again, %s', async (look) => {
    const place = join(folder ?? '', 'ways');
    mkdirSync(place, { recursive: true });
    for (const [name, list] of Object.entries(ways)) {
      const site = await openSite(browser, {
        pages: fixture,
        ways: () => list,
        routes: provider.routes(),
        context: { ...looks[look], reducedMotion: 'reduce' },
      });
      const page = await site.open('/?popup&passkey');
      await enter(page);
      await page.getByLabel('Letter').fill('Dear Mr Okafor');
      await site.leap(1_000);
      await site.leap(minutes(31));
      await page.getByRole('button', { name: 'Not you?' }).waitFor();
      await site.rest();
      await page.screenshot({ path: join(place, `${name}, ${look}.png`) });
      if (name === 'single sign-on') {
        await Promise.all([page.waitForEvent('popup'), page.getByRole('button', { name: 'Continue with' }).click()]);
        await page.getByRole('button', { name: 'Cancel' }).waitFor();
        await page.screenshot({ path: join(place, `${name} under way, ${look}.png`) });
      }
      await site.close();
    }
    const site = await openSite(browser, {
      pages: fixture,
      routes: (_, { url }) => (url.endsWith('/ways') ? new Response('{}', { status: 500 }) : null),
      context: { ...looks[look], reducedMotion: 'reduce' },
    });
    const page = await site.open('/');
    await enter(page);
    await site.leap(minutes(31));
    await page.getByText("We couldn't find out").waitFor();
    await page.screenshot({ path: join(place, `not answered, ${look}.png`) });
    await site.close();
  });
});
