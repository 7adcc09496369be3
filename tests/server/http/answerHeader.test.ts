import { once } from 'node:events';
import { serve } from '@hono/node-server';
import { Hono, type Context, type MiddlewareHandler } from 'hono';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { setOnAnswer } from '../../../server/http/answerHeader.ts';

const natives = { Request: globalThis.Request, Response: globalThis.Response };
/** The adapter puts classes of its own in their place. */
afterAll(() => void Object.assign(globalThis, natives));

const shared = { 'content-type': 'text/plain', 'cache-control': 'public, max-age=60' };
const again = new Response(null, { status: 204 });

const handlers: Readonly<Record<string, (c: Context) => Response | Promise<Response>>> = {
  json: (c) => c.json({ hello: 'world' }),
  'json with headers': (c) => c.json({ hello: 'world' }, 201, { 'X-Own': 'yes', 'Cache-Control': 'public' }),
  text: (c) => c.text('hello'),
  body: (c) => c.body(null, 204),
  cookies: (c) => {
    c.header('Set-Cookie', 'a=1', { append: true });
    c.header('Set-Cookie', 'b=2', { append: true });
    return c.text('hello');
  },
  response: () => new Response('hello', { headers: shared }),
  'response without headers': () => new Response('hello'),
  'response of bytes': () => new Response(new TextEncoder().encode('hello')),
  'response of a native class': () => new natives.Response('hello', { status: 202 }),
  stream: () => new Response(new Blob(['hello']).stream(), { headers: { 'X-Own': 'yes' } }),
  redirect: () => Response.redirect('http://localhost/elsewhere', 303),
  'native redirect': () => natives.Response.redirect('http://localhost/elsewhere', 303),
  'used again': () => again,
};

let version = 0;
const judging: MiddlewareHandler = async (c, next) => {
  await next();
  version += 1;
  setOnAnswer(c, { 'Session-Status': `active; version=${version}`, 'Cache-Control': 'no-store' });
};

function application(around: MiddlewareHandler = async (_, next) => next()) {
  const app = new Hono().use(around).use('/judged/*', judging);
  for (const [name, handler] of Object.entries(handlers)) {
    const path = encodeURIComponent(name.replaceAll(' ', '-'));
    app.get(`/judged/${path}`, handler).get(`/plain/${path}`, handler);
  }
  return app;
}

async function listening(app: Hono) {
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  return (path: string) => fetch(`http://127.0.0.1:${port}${path}`, { redirect: 'manual' });
}

const pathOf = (name: string) => name.replaceAll(' ', '-');

/** What differs by itself. */
const headersOf = ({ headers }: Response) => {
  const { date: _, 'content-length': length, 'transfer-encoding': coding, ...others } = Object.fromEntries(headers);
  return { ...others, ...(length === undefined && coding === undefined ? {} : { framed: true }) };
};

describe('headers of the session', () => {
  it.each(Object.keys(handlers))('come with an answer as it would be without them, over a socket: %s', async (name) => {
    const ask = await listening(application());
    const [first, judged, plain] = [
      await ask(`/judged/${pathOf(name)}`),
      await ask(`/judged/${pathOf(name)}`),
      await ask(`/plain/${pathOf(name)}`),
    ];
    const texts = [await first.text(), await judged.text(), await plain.text()];
    expect(new Set(texts).size).toBe(1);
    expect(judged.status).toBe(plain.status);
    expect(judged.headers.getSetCookie()).toEqual(plain.headers.getSetCookie());
    expect(headersOf(judged)).toEqual({
      ...headersOf(plain),
      'session-status': `active; version=${version}`,
      'cache-control': 'no-store',
    });
    expect(first.headers.get('Session-Status')).toBe(`active; version=${version - 1}`);
    if (name !== 'used again') expect(plain.headers.get('Session-Status')).toBeNull();
  });

  it.each(Object.keys(handlers))('are seen by what stands around, which may copy the answer: %s', async (name) => {
    const seen: (string | null)[] = [];
    const app = application(async (c, next) => {
      await next();
      seen.push(c.res.headers.get('Session-Status'), c.res.headers.get('Cache-Control'));
      c.header('X-Around', 'yes');
    });
    for (const ask of [await listening(app), async (path: string) => app.request(path)]) {
      const answer = await ask(`/judged/${pathOf(name)}`);
      const status = `active; version=${version}`;
      expect(seen.splice(0)).toEqual([status, 'no-store']);
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'session-status': status,
        'cache-control': 'no-store',
        'x-around': 'yes',
      });
    }
  });

  it('leave an object alone that the application uses for several answers', async () => {
    const ask = await listening(application());
    await ask('/judged/response');
    expect(shared).toEqual({ 'content-type': 'text/plain', 'cache-control': 'public, max-age=60' });
  });
});
