import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { cleanUp, recipe, type Recipe, type Started } from '../support/recipes/bench.ts';
import { closeBrowser, closeContexts, newPage } from '../support/recipes/browser.ts';
import { nginx } from '../support/recipes/nginx.ts';
import { Visitor } from '../support/recipes/visitor.ts';

let application: Recipe;
beforeAll(async () => {
  application = await recipe('forward-auth');
  await application.build('vite', ['build', '--base', '/sign-in/']);
});
afterEach(closeContexts);
afterAll(async () => {
  await closeBrowser();
  await cleanUp();
});

async function served(env: Record<string, string> = {}): Promise<{ url: string; server: Started }> {
  const front = await nginx();
  const server = await application.start('server.ts', { ...env, ORIGIN: front.url });
  const reports = await application.start('reports.ts');
  await front.start(join(application.folder, 'nginx.conf'), {
    '127.0.0.1:3001': server.url,
    '127.0.0.1:3002': reports.url,
  });
  return { url: front.url, server };
}

const password = 'correct horse battery';

test('an application that knows of no session is seen by who is signed in, until somebody else ends it', async () => {
  const { url } = await served();
  const page = await newPage();
  await page.goto(`${url}/`);
  await page.getByLabel('User name').fill('ada');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.getByText('Reports of ada, who came with no cookie').waitFor();

  const elsewhere = new Visitor(url);
  await elsewhere.post('/api/auth/login', { username: 'ada', password });
  expect((await elsewhere.send('DELETE', '/api/auth/sessions')).status).toBe(204);
  await page.reload();
  await page.getByLabel('User name').fill('ada');
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('Reports of ada').waitFor();
});

test('requests are judged as `protect` judges them: by their method, their site and the state of the session', async () => {
  const { url } = await served({ IDLE_SECONDS: '6' });
  const visitor = new Visitor(url);
  expect((await visitor.get('/')).headers.location).toMatch(/\/sign-in\/$/);
  await visitor.post('/api/auth/register', { username: 'grace', password });
  expect((await visitor.get('/')).text).toContain('Reports of grace');
  expect((await visitor.send('POST', '/')).text).toBe('stored by grace');
  const foreign = { Origin: 'https://elsewhere.example', 'Sec-Fetch-Site': 'cross-site' };
  expect((await visitor.send('POST', '/', { headers: foreign })).status).toBe(403);
  const asRead = {
    ...foreign,
    'X-Forwarded-Method': 'GET',
    'X-Forwarded-Uri': '/',
    'X-Forwarded-Host': 'elsewhere.example',
  };
  expect((await visitor.send('POST', '/', { headers: asRead })).status).toBe(403);
  const forged = { 'Curfew-Name': 'somebody', 'Curfew-User': 'else', 'Curfew-Role': 'administrator' };
  expect((await visitor.send('GET', '/', { headers: forged })).text).toContain('Reports of grace');
  const socket = {
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'x3JJHMbDL1EzLkh9GBhXDw==',
  };
  expect((await visitor.send('GET', '/', { headers: { ...socket, ...foreign } })).status).toBe(403);
  expect((await visitor.send('GET', '/', { headers: { ...socket, Origin: url } })).status).toBe(200);
  await visitor.until('lapsed');
  expect((await visitor.get('/')).status).toBe(303);
  expect((await visitor.send('POST', '/')).status).toBe(303);
  expect((await visitor.post('/api/auth/reauthenticate', { password })).status).toBe(200);
  expect((await visitor.get('/')).status).toBe(200);
});

test('nobody but the proxy is told who may pass', async () => {
  const { url } = await served();
  const visitor = new Visitor(url);
  await visitor.post('/api/auth/register', { username: 'hedy', password });
  expect((await visitor.get('/api/auth/verify')).status).toBe(404);
  expect((await visitor.get('/verify')).status).toBe(404);
});
