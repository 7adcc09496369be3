import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { brotliCompressSync } from 'node:zlib';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { minutes } from '../../../machines/index.ts';
import { createNetwork } from '../../support/browser/network.ts';
import { launchOptions } from '../../support/browser/chromium.ts';
import { userOn } from '../../support/browser/user.ts';
import { t0 } from '../../support/machines.ts';
import { firstHouse, firstPages } from './house.ts';
import { dumped, type Profile } from './profile.ts';

/**
 * Records what the first build leaves in a browser and in its database, in both modes: `node tests/golden/first/record.ts`.
 * It was done once; later builds have to get along with what is there, so an existing recording is never written again.
 */

const secret = 'the secret that was recorded with the profiles';
const password = 'correct horse battery';
const now = t0 - minutes(10);

const folder = mkdtempSync(join(tmpdir(), 'curfew-record-'));
const path = join(folder, 'curfew.db');
const [{ openNode }, network, browser] = await Promise.all([
  firstHouse(),
  createNetwork(),
  chromium.launch(launchOptions()),
]);
const node = await openNode({
  database: { kind: 'sqlite', path },
  secret,
  clock: () => now,
  wake: () => () => {},
  write: () => {},
  origin: network.url,
  root: firstPages(),
});
network.serve((request, env) => node.application.fetch(request, env));

const composer = (page: Page) => page.getByLabel('Message', { exact: true });

async function device(): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await context.clock.install({ time: now });
  return context;
}

/** Writes something, and waits until it is kept on this device. */
async function write(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await page.locator('.app-status[data-status="saved"]', { hasText: 'Saved' }).waitFor();
}

/** Writes something, and waits until the server has it, too. */
async function writeEverywhere(page: Page, text: string): Promise<void> {
  const put = page.waitForResponse((response) => response.request().method() === 'PUT' && response.ok());
  await write(page, text);
  await put;
}

/** Lets no draft reach the server. @returns what lets those through that wait, and all after them */
async function holdBack(page: Page): Promise<() => void> {
  const released = Promise.withResolvers<void>();
  await page.route('**/api/drafts/*', async (route) => {
    if (route.request().method() === 'PUT') await released.promise;
    await route.continue();
  });
  return released.resolve;
}

async function record(mode: Profile['mode'], username: string): Promise<Profile> {
  const address = mode === 'bearer' ? `${network.url}/?transport=bearer` : network.url;
  const [context, elsewhere] = [await device(), await device()];
  const page = await context.newPage();
  await page.goto(address);
  await userOn(page).register(username, password);

  await userOn(page).startConversation();
  const everywhere = `${username} kept this on both sides – Grüße 👩🏽‍🚀`;
  await writeEverywhere(page, everywhere);

  await userOn(page).startConversation();
  await writeEverywhere(page, 'Once');
  const other = await elsewhere.newPage();
  await other.goto(address);
  await userOn(other).signIn(username, password);
  await other.getByRole('link', { name: 'Conversation 2' }).click();
  await other.waitForFunction(() => document.querySelector('textarea')?.value === 'Once');
  const letThrough = await holdBack(page);
  await write(page, 'Once here');
  await writeEverywhere(other, 'Once there');
  letThrough();
  await page.getByText('Once there').waitFor();
  await elsewhere.close();

  await userOn(page).startConversation();
  await holdBack(page);
  const here = `${username} kept this on the device alone`;
  await write(page, here);
  await page.waitForRequest((request) => request.method() === 'PUT');

  const cookie = (await context.cookies()).find(({ name }) => name === '__Host-curfew');
  const profile: Profile = {
    mode,
    username,
    password,
    path: new URL(page.url()).pathname,
    drafts: [
      { conversation: 'Conversation 1', text: everywhere, other: null },
      { conversation: 'Conversation 2', text: 'Once here', other: 'Once there' },
      { conversation: 'Conversation 3', text: here, other: null },
    ],
    cookie: cookie?.value ?? null,
    ...(await page.evaluate(dumped)),
  };
  await context.close();
  return profile;
}

const profiles = [await record('cookie', 'ada'), await record('bearer', 'bob')];
await browser.close();
await network.stop();
await node.close();

const flat = join(folder, 'flat.db');
const database = new DatabaseSync(path);
database.prepare('vacuum into ?').run(flat);
database.close();
const once = { flag: 'wx' };
writeFileSync(new URL('profiles.json', import.meta.url), `${JSON.stringify({ secret, profiles }, null, 2)}\n`, once);
writeFileSync(new URL('profiles.db.br', import.meta.url), brotliCompressSync(readFileSync(flat)), once);
rmSync(folder, { recursive: true });
