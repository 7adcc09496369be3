import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { cleanUp, recipe, type Recipe, type Started } from '../support/recipes/bench.ts';
import { closeBrowser, closeContexts, newPage } from '../support/recipes/browser.ts';
import { Visitor } from '../support/recipes/visitor.ts';
import { freePort } from '../support/freePort.ts';

let application: Recipe;
beforeAll(async () => {
  application = await recipe('two-origins');
  await application.build('vite', ['build']);
});
afterEach(closeContexts);
afterAll(async () => {
  await closeBrowser();
  await cleanUp();
});

interface Served {
  /** The front end on the API's own site, `localhost`. */
  readonly sameSite: string;
  /** The same front end on another site, `127.0.0.1`. */
  readonly otherSite: string;
  readonly api: Started;
}

/** A front end, and an API that lists both of its origins unless it is given others. */
async function served(transport: 'cookie' | 'bearer', env: Record<string, string> = {}): Promise<Served> {
  const port = await freePort();
  const [sameSite, otherSite] = [`http://localhost:${port}`, `http://127.0.0.1:${port}`];
  const api = await application.start('api.ts', { ORIGINS: `${sameSite},${otherSite}`, ...env });
  await application.start('pages.ts', { PORT: String(port), API: api.url, TRANSPORT: transport });
  return { sameSite, otherSite, api };
}

async function send(page: Page, username: string, button: string): Promise<void> {
  await page.getByLabel('User name').fill(username);
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery');
  await page.getByRole('button', { name: button }).click();
}
const phase = (page: Page, name: string) => page.getByText(`The tab is ${name}.`).waitFor();
async function asked(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Ask the API' }).click();
  await page.locator('#answer:not(:empty)').waitFor();
  return page.locator('#answer').innerText();
}

test('on one site the cookie goes to another origin, lapses, and is good again', async () => {
  const { sameSite } = await served('cookie', { IDLE_SECONDS: '10' });
  const page = await newPage();
  await page.goto(sameSite);
  await send(page, 'ada', 'Create account');
  await phase(page, 'active');
  expect(await asked(page)).toMatch(/^200 active/);
  expect((await page.context().cookies()).map(({ name, sameSite: kind }) => [name, kind])).toEqual([
    ['__Host-curfew', 'Lax'],
  ]);
  await phase(page, 'locked');
  await page.getByLabel('Your password').fill('correct horse battery');
  await page.getByRole('button', { name: 'Go on' }).click();
  await phase(page, 'active');
});

test('across sites a bearer token is kept by the page, and survives a reload', async () => {
  const { otherSite } = await served('bearer');
  const page = await newPage();
  await page.goto(otherSite);
  await send(page, 'barbara', 'Create account');
  await phase(page, 'active');
  expect(await asked(page)).toMatch(/^200 active/);
  expect(await page.context().cookies()).toEqual([]);
  await page.reload();
  await phase(page, 'active');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('User name').waitFor();
});

test('across sites a cookie is refused before anything is made, and bearer then makes the account', async () => {
  const { otherSite, api } = await served('cookie');
  const page = await newPage();
  await page.goto(otherSite);
  await send(page, 'grace', 'Create account');
  await page.getByText('cross_site').waitFor();
  expect(await page.context().cookies()).toEqual([]);
  const registered = await new Visitor(api.url).send('POST', '/api/auth/register', {
    json: { username: 'grace', password: 'correct horse battery', transport: 'bearer' },
    headers: { Origin: otherSite, 'Sec-Fetch-Site': 'cross-site' },
  });
  expect(registered.status).toBe(201);
});

test('a page of an origin that is not listed is told nothing, and signs nobody in', async () => {
  const { sameSite, api } = await served('cookie', { ORIGINS: 'http://localhost:1' });
  const page = await newPage();
  await page.goto(sameSite);
  await phase(page, 'unreachable');
  const refused = await new Visitor(api.url).send('POST', '/api/auth/register', {
    json: { username: 'edsger', password: 'correct horse battery' },
    headers: { Origin: sameSite, 'Sec-Fetch-Site': 'same-site' },
  });
  expect({ status: refused.status, code: refused.body.code }).toEqual({ status: 403, code: 'cross_site' });
  expect(refused.headers['access-control-allow-origin']).toBeUndefined();
});
