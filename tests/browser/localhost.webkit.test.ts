import { serve } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createCurfew, passwords } from '../../server/index.ts';
import { memory } from '../../server/memory/index.ts';
import { startApplication } from '../support/browser/application.ts';
import type { Engine } from '../support/engines/page.types.ts';
import { openWebKit } from '../support/engines/webkit.ts';
import { cost, secret } from '../support/server/world.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openWebKit();
});
afterAll(() => engine?.close());

/** A page of `http://localhost` with Curfew beneath `/api`, until the test is over. @returns its address */
async function serveLocally(developmentCookie: boolean): Promise<string> {
  let fetch: (request: Request) => Response | Promise<Response> = () => new Response(null, { status: 503 });
  const origin = await new Promise<string>((resolve) => {
    const server = serve({ fetch: (request) => fetch(request), hostname: 'localhost', port: 0 }, () =>
      resolve(`http://localhost:${(server.address() as AddressInfo).port}`),
    );
    onTestFinished(() => {
      if ('closeAllConnections' in server) server.closeAllConnections();
      return new Promise((closed) => server.close(() => closed()));
    });
  });
  const accounts = passwords({ cost, register: true });
  const write = () => {};
  const curfew = await createCurfew({ store: memory(), secret, accounts, origins: [origin], developmentCookie, write });
  onTestFinished(() => curfew.close());
  const page = () => new Response('<!doctype html><title>Local</title>', { headers: { 'Content-Type': 'text/html' } });
  fetch = (request) => (new URL(request.url).pathname.startsWith('/api/') ? curfew.fetch(request) : page());
  return origin;
}

/** Registers as a page does, and asks who is here, also after a reload. @returns what was answered */
async function register(origin: string): Promise<readonly number[]> {
  const page = await engine.open();
  await page.go(origin);
  const ask = (path: string, body?: object) =>
    page.run<number>(
      `const [path, body] = arguments;
      const init = body && { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
      return fetch('/api/auth/' + path, init ?? {}).then(({ status }) => status);`,
      path,
      body ?? null,
    );
  const made = await ask('register', { username: 'ada', password: 'correct horse battery' });
  const before = await ask('me');
  await page.go(`${origin}/again`);
  return [made, before, await ask('me')];
}

describe('http://localhost in WebKit', () => {
  it('drops a Secure cookie: whoever has just registered is nobody', async () => {
    expect(await register(await serveLocally(false))).toEqual([201, 401, 401]);
  });

  it('keeps the cookie for development: whoever has registered is signed in, on the next page, too', async () => {
    expect(await register(await serveLocally(true))).toEqual([201, 200, 200]);
  });

  it('is where an application with the origin of `npm start` is at home: its user is signed in, and is so after a reload', async () => {
    const application = await startApplication((port) => ({ CURFEW_ORIGIN: `http://localhost:${port}` }));
    onTestFinished(application.stop);
    const page = await engine.open();
    const text = () => page.run<string>('return document.body.innerText');
    await page.go(application.url);
    await expect.poll(text).toContain('Create an account');
    await page.press('Create an account');
    await page.click('input[name=username]');
    await page.type('ada');
    await page.click('input[name=password]');
    await page.type('correct horse battery');
    await page.key('Enter');
    await expect.poll(text).toContain('Nothing here yet');
    await page.go(`${application.url}/settings`);
    await expect.poll(text).toContain('Same as device');
  });
});
