import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { freePort } from '../support/freePort.ts';
import { cleanUp, recipe, type Recipe, type Started } from '../support/recipes/bench.ts';
import { closeBrowser, closeContexts, newPage } from '../support/recipes/browser.ts';
import { events } from '../support/recipes/events.ts';
import { Visitor } from '../support/recipes/visitor.ts';

let application: Recipe;
beforeAll(async () => {
  application = await recipe('next-app');
  await application.build('next', ['build']);
});
afterEach(closeContexts);
afterAll(async () => {
  await closeBrowser();
  await cleanUp();
});

const next = 'node_modules/next/dist/bin/next';
async function start(env: Record<string, string> = {}): Promise<Started> {
  const port = await freePort();
  return application.start(`${next} start --hostname 127.0.0.1 --port ${port}`, env, /http:\/\/[\w.]+:\d+/);
}

async function register(page: Page, username: string): Promise<void> {
  await page.getByLabel('User name').fill(username);
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery');
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByRole('heading', { name: `Letters of ${username}` }).waitFor();
}

test('pages of the App Router warn, lock and bring back what was typed, hydrated without a complaint', async () => {
  const { url } = await start({ IDLE_SECONDS: '12' });
  const page = await newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  await page.goto(url);
  await register(page, 'ada');
  await page.getByRole('textbox', { name: 'Letter' }).fill('Dear Charles,');
  await page.getByRole('button', { name: 'Sign in and continue' }).waitFor();
  await page.getByLabel('Password').fill('correct horse battery');
  await page.getByRole('button', { name: 'Sign in and continue' }).click();
  const text = page.getByRole('textbox', { name: 'Letter' });
  await text.waitFor();
  await expect.poll(() => text.inputValue(), { timeout: 60_000 }).toBe('Dear Charles,');
  // What the network tells of answers that were to be expected.
  expect(complaints.filter((line) => !line.startsWith('Failed to load resource'))).toEqual([]);
});

test('a page says on the server who is signed in, and route handlers stream and refuse as any other server', async () => {
  const { url } = await start();
  const [here, elsewhere] = [new Visitor(url), new Visitor(url)];
  const user = { username: 'barbara', password: 'correct horse battery' };
  expect((await here.get('/')).text).toContain('Nobody is signed in');
  expect((await here.get('/api/hello')).status).toBe(401);
  expect((await here.post('/api/auth/register', user)).status).toBe(201);
  expect((await here.get('/api/hello')).status).toBe(200);
  expect((await here.get('/')).text).toMatch(/Signed in on the server: (<!-- -->)?barbara/);
  expect((await elsewhere.post('/api/auth/login', user)).status).toBe(200);
  const stream = await events(here, '/api/auth/stream');
  try {
    expect(await stream.next()).toMatchObject({ event: 'session', data: { state: 'active' } });
    expect((await elsewhere.send('DELETE', '/api/auth/sessions')).status).toBe(204);
    expect(await stream.next()).toMatchObject({ event: 'session', data: { state: 'ended' } });
  } finally {
    stream.close();
  }
  expect((await here.get('/api/hello')).body.code).toBe('session_ended');
});

test('without the address of a socket a stranger who guesses keeps nobody out of going on', async () => {
  const { url } = await start();
  const [owner, stranger] = [new Visitor(url), new Visitor(url)];
  await owner.post('/api/auth/register', { username: 'grace', password: 'correct horse battery' });
  const guess = () => stranger.post('/api/auth/login', { username: 'grace', password: 'nothing of hers' });
  const answers = [];
  for (let count = 0; count < 8; count += 1) answers.push((await guess()).status);
  expect(answers.at(-1)).toBe(429);
  const again = await owner.post('/api/auth/reauthenticate', { password: 'correct horse battery' });
  expect(again.status).toBe(200);
});
