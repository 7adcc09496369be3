import { globSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { pages } from '../../server/app/pages.ts';
import { giveAuthenticator } from '../support/browser/authenticator.ts';
import { launchOptions } from '../support/browser/chromium.ts';
import { storedIn, userOn } from '../support/browser/user.ts';
import { installed, run } from '../support/packages/bench.ts';
import { bundle } from '../support/workers/bundle.ts';
import { rowsIn } from '../support/workers/rows.ts';
import { serve as serveBundle } from '../support/workers/workerd.ts';
import { checkout, serve, type Checkout, type Served } from '../support/workers/wrangler.ts';

const password = 'correct horse battery';
const operatorKey = 'a key for operators of at least 32 bytes';
const variables = {
  CURFEW_SECRET: 'a secret of more than 32 characters, for a test',
  CURFEW_OPERATOR_KEY: operatorKey,
  CURFEW_IDLE_TIMEOUT: '30s',
  CURFEW_WARN_BEFORE: '10s',
};

let tools: string;
let program: string;
let copy: Checkout;
let worker: Served;
let browser: Browser;

beforeAll(async () => {
  const built = await run(process.execPath, ['setup.mjs', 'app']);
  if (built.status !== 0) throw new Error(`the pages could not be built:\n${built.output}`);
  tools = await installed('workers', inject('tarball'));
  program = join(tools, 'node_modules', '.bin', 'wrangler');
  copy = checkout();
  [worker, browser] = await Promise.all([serve(copy, program, variables), chromium.launch(launchOptions())]);
});
afterAll(async () => {
  await browser?.close();
  await worker?.stop();
  copy?.remove();
  rmSync(tools, { recursive: true, force: true, maxRetries: 5 });
});

/** What a statement finds in the objects of users on the disk. */
const kept = (sql: string): Record<string, unknown>[] =>
  rowsIn(globSync(join(copy.folder, '.wrangler/state/v3/do/*-User/*.sqlite')), sql);

interface Asked {
  readonly json?: object;
  readonly token?: string;
  readonly method?: string;
  readonly url?: string;
}

async function ask(path: string, { json, token, method, url = worker.url }: Asked = {}) {
  const answer = await fetch(`${url}${path}`, {
    method: method ?? (json ? 'POST' : 'GET'),
    headers: {
      ...(json && { 'Content-Type': 'application/json' }),
      ...(token && { Authorization: `Bearer ${token}` }),
    },
    ...(json && { body: JSON.stringify(json) }),
  });
  const text = await answer.text();
  const isJson = answer.headers.get('Content-Type')?.includes('json');
  return { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text };
}

const tokenOf = async (username: string, path = 'register') => {
  const { body, status } = await ask(`/api/auth/${path}`, { json: { username, password, transport: 'bearer' } });
  expect([200, 201], worker.output()).toContain(status);
  return String(body.token);
};

test('`wrangler deploy --dry-run` takes it, without a warning', async () => {
  const { status, output } = await run(program, ['deploy', '--dry-run', '--outdir', 'out'], copy.folder, copy.env);
  expect(status, output).toBe(0);
  for (const bound of ['env.CURFEW_USERS (User)', 'env.CURFEW_DIRECTORY (CurfewDirectory)', 'env.ASSETS'])
    expect(output).toContain(bound);
  expect(output).not.toMatch(/warning/i);
});

describe('the pages', () => {
  const names = ['content-type', 'cache-control', 'content-security-policy', 'cross-origin-opener-policy'];
  const others = ['cross-origin-resource-policy', 'referrer-policy', 'strict-transport-security', 'x-frame-options'];
  const told = ({ status, headers }: Response) => ({
    status,
    ...Object.fromEntries([...names, ...others].map((name) => [name, headers.get(name)?.toLowerCase()])),
  });

  test('are answered as on Node, with the same headers', async () => {
    const root = join(copy.folder, 'dist', 'app');
    const onNode = pages(root);
    const [script = ''] = globSync('assets/*.js', { cwd: root });
    const files = ['/index.html', '/signed-in.html', '/sw.js', '/manifest.webmanifest', `/${script}`];
    for (const path of [
      '/',
      '/settings',
      '/conversations/one',
      '/?inspect',
      ...files,
      '/assets/gone.js',
      '/gone.png',
    ]) {
      const [here, there] = [await fetch(`${worker.url}${path}`), await onNode.request(path)];
      expect([path, told(here)]).toEqual([path, told(there)]);
      expect(await here.text(), path).toBe(await there.text());
      expect(here.headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  test('are asked for again with what was told of them', async () => {
    const first = await fetch(`${worker.url}/sw.js`);
    const again = await fetch(`${worker.url}/sw.js`, { headers: { 'If-None-Match': first.headers.get('ETag') ?? '' } });
    expect(again.status).toBe(304);
  });
});

describe('the API', () => {
  test('says what there is: a password and passkeys, and no provider', async () => {
    const { body } = await ask('/api/policy');
    expect(body).toMatchObject({ canRegister: true, policy: { idleTimeout: 30_000 } });
    expect(body.ways).toEqual([{ kind: 'password' }, { kind: 'passkey' }]);
    const token = await tokenOf('uma');
    for (const path of ['/api/oidc/start', '/api/unknown'])
      expect([path, (await ask(path, { token })).body.code]).toEqual([path, 'not_found']);
    expect((await ask('/api/conversations')).status).toBe(401);
    expect((await ask('/api/settings', { token, method: 'DELETE' })).body.code).toBe('method_not_allowed');
    expect([(await ask('/readyz')).status, (await ask('/operator/users')).status]).toEqual([200, 401]);
    const { paths } = (await ask('/openapi.json')).body;
    expect(Object.keys(paths)).toEqual(expect.arrayContaining(['/api/auth/login', '/api/passkeys', '/api/settings']));
    expect(Object.keys(paths).filter((path) => path.includes('oidc'))).toEqual([]);
    const users = await ask('/operator/users', { token: operatorKey });
    expect(users.body.users.map(({ name }: { name: string }) => name)).toContain('uma');
  });

  test('keeps what users do in the object of each, and deletes it with the user', async () => {
    const [ada, bob] = [await tokenOf('ada'), await tokenOf('bob')];
    const { conversation } = (await ask('/api/conversations', { token: ada, json: { title: 'Letters' } })).body;
    const messages = `/api/conversations/${conversation.id}/messages`;
    expect((await ask(messages, { token: ada, json: { body: 'ä'.repeat(900_000) } })).status).toBe(201);
    expect((await ask(messages, { token: ada, json: { body: '家'.repeat(700_000) } })).body.code).toBe('too_large');
    const settings = {
      theme: 'dark',
      density: 'compact',
      language: 'de',
      notification: false,
      sound: true,
      warnBefore: null,
    };
    expect((await ask('/api/settings', { token: ada, json: settings, method: 'PUT' })).body).toEqual({ settings });
    expect((await ask('/api/settings', { token: ada })).body).toEqual({ settings });

    expect((await ask('/api/conversations', { token: bob })).body).toEqual({ conversations: [] });
    expect((await ask(`/api/conversations/${conversation.id}`, { token: bob })).status).toBe(404);
    const exported = (await ask('/api/auth/me/export', { token: ada })).body;
    expect(exported.application).toMatchObject({ settings, conversations: [{ title: 'Letters' }] });
    expect(kept(`select title from conversations`)).toContainEqual({ title: 'Letters' });

    expect((await ask('/api/account', { token: ada, method: 'DELETE' })).status).toBe(204);
    for (const table of ['conversations where title = ?', 'messages', `settings where settings like '%"de"%'`])
      expect(kept(`select 1 from ${table}`.replace('?', `'Letters'`))).toEqual([]);
    expect((await ask('/api/conversations', { token: ada })).status).toBe(401);
    expect((await ask('/api/auth/login', { json: { username: 'ada', password } })).status).toBe(401);
    expect((await ask('/api/conversations', { token: bob })).status).toBe(200);
  });
});

test('a longer warning that a user has chosen binds the next session', async () => {
  const folder = join(copy.folder, 'bundled');
  await bundle('server/app/worker.ts', folder);
  const { CURFEW_SECRET } = variables;
  const objects = { CURFEW_USERS: 'User', CURFEW_DIRECTORY: 'CurfewDirectory' };
  const { url, kill } = await serveBundle({ folder, objects, variables: { CURFEW_SECRET } });
  try {
    const credentials = { username: 'ada', password, transport: 'bearer' };
    const { token, session } = (await ask('/api/auth/register', { url, json: credentials })).body;
    const { settings } = (await ask('/api/settings', { url, token })).body;
    const chosen = { ...settings, warnBefore: 600_000 };
    expect((await ask('/api/settings', { url, token, method: 'PUT', json: chosen })).status).toBe(200);
    const next = (await ask('/api/auth/login', { url, json: credentials })).body.session;
    expect([session.policy.warnBefore, next.policy.warnBefore]).toEqual([300_000, 600_000]);
  } finally {
    await kill();
  }
});

const composer = (page: Page) => page.getByLabel('Message', { exact: true });
const lock = (page: Page) => page.getByRole('button', { name: 'Sign in and continue' });
const patience = { timeout: 30_000 };
const text = 'Grüße aus dem Zug,\nich schreibe gleich weiter.';

test('a user registers, is locked in the middle of a draft, goes on at the caret, and signs out in another tab', async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  await page.goto(worker.url);
  await page.getByText('For your security we sign you out after 30 seconds without activity').waitFor();
  await userOn(page).register('eve', password);
  await userOn(page).startConversation();
  const route = page.url();
  await composer(page).pressSequentially(text);
  await composer(page).evaluate((element: HTMLTextAreaElement) => element.setSelectionRange(6, 9));
  const place = () =>
    composer(page).evaluate((element: HTMLTextAreaElement) => [element.selectionStart, element.selectionEnd]);

  await lock(page).waitFor({ timeout: 90_000 });
  expect(page.url()).toBe(route);
  expect(await page.locator('body').ariaSnapshot()).not.toContain('Grüße');
  expect(await page.getByText('We signed you out because you were inactive for 30 seconds.').isVisible()).toBe(true);
  for (const record of (await storedIn(page)).records) expect(record).not.toContain('Grüße');
  await expect.poll(() => kept('select leaf from sessions'), patience).toContainEqual({ leaf: 'lapsed.idle' });

  await page.getByLabel('Password', { exact: true }).fill('wrong');
  await lock(page).click();
  await page.getByText("That password isn't right").waitFor();
  await page.getByLabel('Password', { exact: true }).fill(password);
  await lock(page).click();
  await page.getByText('Welcome back. Everything is where you left it.').waitFor();
  await page.waitForFunction(() => document.activeElement instanceof HTMLTextAreaElement);
  expect([page.url(), await composer(page).inputValue(), await place()]).toEqual([route, text, [6, 9]]);

  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByText('ich schreibe gleich weiter.').waitFor();
  await expect.poll(() => kept('select body from messages'), patience).toContainEqual({ body: text });
  const other = await context.newPage();
  await other.goto(route);
  await other.getByText('ich schreibe gleich weiter.').waitFor();
  await other.getByRole('button', { name: 'Sign out' }).first().click();
  await other.getByLabel('User name').waitFor();
  await page.getByText('You signed out.').waitFor();
  expect((await storedIn(page)).records).toEqual([]);
  expect((await context.cookies()).filter(({ name }) => name === '__Host-curfew')).toEqual([]);
  await context.close();
});

test('a passkey is made, goes on after a lock, signs in without a name, and is nobody’s once the account is gone', async () => {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  await giveAuthenticator(page);
  await page.goto(worker.url);
  await userOn(page).register('kim', password);
  await userOn(page).startConversation();
  const route = page.url();
  await page.goto(`${worker.url}/security`);
  await page.getByLabel('Name of the new passkey').fill('My phone');
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByRole('heading', { name: 'My phone' }).waitFor();

  await page.goto(route);
  await composer(page).fill(text);
  await lock(page).waitFor({ timeout: 90_000 });
  const passkey = page.getByRole('button', { name: 'Use a passkey', exact: true });
  await passkey.click();
  await page.getByText('Welcome back. Everything is where you left it.').waitFor();
  expect(await composer(page).inputValue()).toBe(text);

  const out = page.getByRole('button', { name: 'Sign out' }).first();
  await out.click();
  await passkey.click();
  await out.waitFor();
  // From a page without the application: nothing of it is told, or kept.
  await page.goto(`${worker.url}/manifest.webmanifest`);
  const gone = await page.evaluate(async () => {
    const { status } = await fetch('/api/account', { method: 'DELETE' });
    sessionStorage.clear();
    localStorage.clear();
    return status;
  });
  expect(gone).toBe(204);
  await expect.poll(() => kept('select 1 from passkeys'), patience).toEqual([]);
  await page.goto(worker.url);
  await passkey.click();
  await page.getByRole('alert').waitFor();
  expect(await out.count()).toBe(0);
  await context.close();
});
