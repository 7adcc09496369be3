import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { cleanUp, recipe, type Recipe, type Started } from '../support/recipes/bench.ts';
import { closeBrowser, closeContexts, newPage } from '../support/recipes/browser.ts';
import { freePort } from '../support/freePort.ts';
import { Visitor } from '../support/recipes/visitor.ts';

let application: Recipe;
beforeAll(async () => {
  application = await recipe('better-auth');
  await application.build('vite', ['build']);
});
afterEach(closeContexts);
afterAll(async () => {
  await closeBrowser();
  await cleanUp();
});

const start = async (env: Record<string, string> = {}): Promise<Started> =>
  application.start('server.ts', { PORT: String(await freePort()), ...env });

const password = 'correct horse battery';
const signUp = (visitor: Visitor, name: string) =>
  visitor.post('/identity/sign-up/email', { name, email: `${name}@example.com`, password });
const signIn = (visitor: Visitor, name: string, more: object = {}, headers: Record<string, string> = {}) =>
  visitor.send('POST', '/identity/sign-in/email', {
    json: { email: `${name}@example.com`, password, ...more },
    headers,
  });

/** How many sessions better-auth itself keeps. */
function sessionsOfBetterAuth(): unknown {
  const database = new DatabaseSync(join(application.folder, 'auth.db'), { readOnly: true });
  const row = database.prepare('select count(*) as sessions from session').get();
  database.close();
  return row?.['sessions'];
}

test('a sign-in at better-auth is a session of Curfew, and what better-auth made is gone in the same answer', async () => {
  const { url } = await start();
  const visitor = new Visitor(url);
  const answer = await signUp(visitor, 'ada');
  expect({ status: answer.status, body: answer.body }).toEqual({
    status: 200,
    body: { user: { id: expect.any(String), name: 'ada' } },
  });
  expect([...visitor.cookies.keys()]).toEqual(['__Host-curfew']);
  expect(sessionsOfBetterAuth()).toBe(0);
  expect((await visitor.get('/api/hello')).body).toEqual({ hello: answer.body.user.id });
  const { body } = await visitor.get('/api/auth/sessions');
  const events = await visitor.get(`/api/auth/sessions/${body.sessions[0].id}/events`);
  expect(events.body.events[0]).toMatchObject({ type: 'session.started', data: { method: ['pwd'] } });
});

test('after a lapse no cookie that better-auth has ever set opens anything, and a sign-in there goes on', async () => {
  const { url } = await start({ IDLE_SECONDS: '6' });
  const visitor = new Visitor(url);
  await signUp(visitor, 'barbara');
  await signIn(visitor, 'barbara');
  const before = (await visitor.get('/api/auth/session-info')).body.session.id;
  await visitor.until('lapsed');
  expect((await visitor.get('/api/hello')).body.code).toBe('session_lapsed');

  const theirs = visitor.everSet.filter(([name]) => !name.startsWith('__Host-curfew'));
  for (const [name, value] of theirs) {
    const stranger = new Visitor(url);
    stranger.cookies.set(name, value);
    expect((await stranger.get('/api/hello')).status).toBe(401);
    expect((await stranger.get('/identity/get-session')).body).toBeNull();
  }
  expect((await visitor.get('/identity/get-session')).body).toBeNull();

  expect((await signIn(visitor, 'barbara', { password: 'incorrect horse' })).status).toBe(401);
  expect((await visitor.get('/api/hello')).status).toBe(401);
  expect((await signIn(visitor, 'barbara')).status).toBe(200);
  expect((await visitor.get('/api/auth/session-info')).body.session).toMatchObject({ id: before, state: 'active' });
});

test('on a page that is locked another user signs nobody in, and displaces nothing', async () => {
  const { url } = await start({ IDLE_SECONDS: '6' });
  const visitor = new Visitor(url);
  await signUp(new Visitor(url), 'edsger');
  await signUp(visitor, 'grace');
  const { id } = (await visitor.get('/api/auth/session-info')).body.session;
  await visitor.until('lapsed');
  const answer = await signIn(visitor, 'edsger', {}, { 'Session-Id': id });
  expect(answer.body).toMatchObject({ code: 'session_mismatch' });
  expect(sessionsOfBetterAuth()).toBe(0);
  expect((await visitor.get('/api/auth/session-info')).body.session).toMatchObject({ id, state: 'lapsed' });
});

test('a password that is reset by e-mail ends what the old one has opened', async () => {
  const server = await start();
  const visitor = new Visitor(server.url);
  await signUp(visitor, 'hedy');
  const stranger = new Visitor(server.url);
  expect((await stranger.post('/identity/request-password-reset', { email: 'hedy@example.com' })).status).toBe(200);
  const [, token] = /^reset hedy@example\.com (\S+)/.exec(await server.line(/^reset hedy/)) ?? [];
  expect((await stranger.post('/identity/reset-password', { token, newPassword: 'spread spectrum' })).status).toBe(200);
  const refused = await visitor.get('/api/hello');
  expect({ status: refused.status, ...refused.body }).toMatchObject({ status: 401, code: 'session_ended' });
});

async function fill(page: Page, email: string, of: string, button = 'Sign in'): Promise<void> {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(of);
  await page.getByRole('button', { name: button }).click();
}

test('in a browser, what was typed is there when its user has signed in at better-auth again', async () => {
  const { url } = await start({ IDLE_SECONDS: '10' });
  await signUp(new Visitor(url), 'margaret');
  const page = await newPage();
  await page.goto(url);
  await fill(page, 'margaret@example.com', password);
  await page.getByRole('textbox', { name: 'Letter' }).fill('Dear Grace,');
  await page.getByText('The tab is locked').waitFor();
  expect(await page.locator('#letter').inputValue()).toBe('');
  await fill(page, 'margaret@example.com', 'not hers');
  await page.getByText('INVALID_EMAIL_OR_PASSWORD').waitFor();
  await fill(page, 'margaret@example.com', password);
  await page.getByText('The tab is active').waitFor();
  await expect.poll(() => page.locator('#letter').inputValue(), { timeout: 60_000 }).toBe('Dear Grace,');
});
