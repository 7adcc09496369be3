import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { closeBrowser, closeContexts, newPage } from '../support/recipes/browser.ts';
import { cleanUp, recipe, type Recipe } from '../support/recipes/bench.ts';
import { events } from '../support/recipes/events.ts';
import { nginx } from '../support/recipes/nginx.ts';
import { Visitor } from '../support/recipes/visitor.ts';

let application: Recipe;
beforeAll(async () => {
  application = await recipe('sub-path');
  for (const name of ['letters', 'notes'])
    await application.build('vite', ['build', '--base', `/${name}/`, '--outDir', `dist/${name}`]);
});
afterEach(closeContexts);
afterAll(async () => {
  await closeBrowser();
  await cleanUp();
});

/** Both applications behind one nginx. @returns where browsers find them */
async function served(env: Record<string, string> = {}): Promise<string> {
  const front = await nginx();
  const more = { ...env, ORIGIN: front.url };
  const letters = await application.start('server.ts letters', more);
  const notes = await application.start('server.ts notes', more);
  await front.start(join(application.folder, 'nginx.conf'), {
    '127.0.0.1:3001': letters.url,
    '127.0.0.1:3002': notes.url,
  });
  return front.url;
}

async function register(page: Page, url: string, username: string): Promise<void> {
  await page.goto(url);
  await page.getByLabel('User name').fill(username);
  await page.getByLabel('Password').fill('correct horse battery');
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
}
const heading = (page: Page, name: string) => page.getByRole('heading', { name }).waitFor();

test('two applications on sub-paths of one host are both signed in, each by a cookie of its own', async () => {
  const url = await served();
  const letters = await newPage();
  const context = letters.context();
  const notes = await context.newPage();
  await register(letters, `${url}/letters/`, 'ada');
  await register(notes, `${url}/notes/`, 'charles');
  const cookies = (await context.cookies()).map(({ name }) => name).toSorted();
  expect(cookies).toEqual(['__Host-letters', '__Host-notes']);

  await Promise.all([letters.reload(), notes.reload()]);
  await heading(letters, 'Letters of ada');
  await heading(notes, 'Notes of charles');
  await notes.getByRole('button', { name: 'Sign out' }).click();
  await notes.getByLabel('User name').waitFor();
  await letters.reload();
  await heading(letters, 'Letters of ada');
});

test('on a sub-path the time runs out, and what was typed is there when its user is back', async () => {
  const url = await served({ IDLE_SECONDS: '9' });
  const page = await newPage();
  await register(page, `${url}/letters/`, 'grace');
  await page.getByRole('textbox', { name: 'Text' }).fill('Dear Charles,');
  await page.getByRole('button', { name: 'Sign in and continue' }).waitFor();
  expect(await page.getByText('Dear Charles,').count()).toBe(0);
  await page.getByLabel('Password').fill('correct horse battery');
  await page.getByRole('button', { name: 'Sign in and continue' }).click();
  const text = page.getByRole('textbox', { name: 'Text' });
  await text.waitFor();
  expect(await text.inputValue()).toBe('Dear Charles,');
});

test.each(['letters', 'notes'])('events of /%s/ come through nginx while the stream is open', async (name) => {
  const url = await served();
  const base = `/${name}/api`;
  const [here, elsewhere] = [new Visitor(url), new Visitor(url)];
  const user = { username: 'edsger', password: 'correct horse battery' };
  expect((await here.post(`${base}/auth/register`, user)).status).toBe(201);
  expect((await elsewhere.post(`${base}/auth/login`, user)).status).toBe(200);
  const stream = await events(here, `${base}/auth/stream`);
  try {
    expect(await stream.next()).toMatchObject({ event: 'session', data: { state: 'active' } });
    expect((await elsewhere.send('DELETE', `${base}/auth/sessions`)).status).toBe(204);
    expect(await stream.next()).toMatchObject({ event: 'session', data: { state: 'ended' } });
  } finally {
    stream.close();
  }
});
