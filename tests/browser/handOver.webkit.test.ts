import { serve } from '@hono/node-server';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { formPostWorld } from '../support/server/formPost.ts';
import { selfSigned } from '../support/engines/certificate.ts';
import type { Engine } from '../support/engines/page.types.ts';
import { openWebKit } from '../support/engines/webkit.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openWebKit();
});
afterAll(() => engine?.close());

/** A page of another site, which has the browser post a form. */
const pageOf = (url: URL) =>
  `<!doctype html><title>Provider</title>
   <form method="post" action="${url.searchParams.get('action')}">
     <input name="state" value="${url.searchParams.get('state')}"><input name="user" value="ada">
     <button>Continue</button>
   </form>`;

/** Listens on this machine until the test is over. */
async function listen(fetch: (request: Request) => Response | Promise<Response>, options: object): Promise<number> {
  return new Promise((resolve) => {
    const server = serve({ fetch, port: 0, ...options }, () => resolve((server.address() as AddressInfo).port));
    onTestFinished(() => {
      if ('closeAllConnections' in server) server.closeAllConnections();
      return new Promise((closed) => server.close(() => closed()));
    });
  });
}

it('WebKit brings no cookie with the post of another site, and brings it with the GET that follows', async () => {
  const world = await formPostWorld('memory');
  const asked: string[] = [];
  const port = await listen(
    (request) => {
      const cookies = (request.headers.get('Cookie') ?? '').split('; ').map((each) => each.split('=')[0]);
      asked.push(`${request.method} ${new URL(request.url).pathname} ${cookies.join(' ')}`);
      return world.app.fetch(request);
    },
    { hostname: 'localhost', createServer, serverOptions: selfSigned() },
  );
  const provider = await listen(
    (request) => new Response(pageOf(new URL(request.url)), { headers: { 'Content-Type': 'text/html' } }),
    { hostname: '127.0.0.1' },
  );
  const site = `https://localhost:${port}`;
  const page = await engine.open();
  const body = () => page.run<string>('return document.body.innerText');

  await page.go(`${site}/start`);
  const { state } = JSON.parse(await body());
  await page.go(`http://127.0.0.1:${provider}/?${new URLSearchParams({ action: `${site}/acs`, state })}`);
  await page.press('Continue');
  await expect.poll(body).toContain('"session"');
  expect(JSON.parse(await body())).toMatchObject({ session: { state: 'active' }, form: { user: 'ada' } });
  expect(asked.filter((each) => / \/(acs|finish) /.test(each))).toEqual([
    'POST /acs ',
    'GET /finish __Host-curfew-hand-over',
  ]);

  // What another browser has begun signs nobody in.
  const { state: another } = (await world.browser().send('GET', '/start')).body;
  await page.go(`http://127.0.0.1:${provider}/?${new URLSearchParams({ action: `${site}/acs`, state: another })}`);
  await page.press('Continue');
  await expect.poll(body).toContain('invalid_hand_over');
});
