import { Agent, request } from 'node:http';
import { Hono } from 'hono';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { SessionEnv } from '../../server/index.ts';
import { createHandlers } from '../../server/handlers.ts';
import { expectNoTrace, settled } from '../support/server/refusal.ts';
import { asking, pathOf } from '../support/server/rows.ts';
import { listening } from '../support/attack/listening.ts';

/** Other ways to write a path that a careless reader takes for the same, or for another one. */
const tricks: Readonly<Record<string, (path: string) => string>> = {
  'as it is': (path) => path,
  'with a slash at its end': (path) => `${path}/`,
  'with two slashes': (path) => path.replace('/api/', '/api//'),
  'with two slashes at its beginning': (path) => `/${path}`,
  'with a dot': (path) => path.replace('/api/', '/api/./'),
  'from a public place': (path) => `/healthz/..${path}`,
  'from where sign-in is': (path) => path.replace('/api/', '/api/auth/../'),
  'from where sign-in is, encoded': (path) => path.replace('/api/', '/api/auth/%2e%2e/'),
  'from where sign-in is, encoded as a whole': (path) => path.replace('/api/', '/api/auth%2f..%2f'),
  'from where sign-in is, encoded twice': (path) => path.replace('/api/', '/api/auth/%252e%252e/'),
  'with an encoded slash': (path) => path.replace('/api/', '/api%2F'),
  'with encoded letters': (path) => path.replace('/api', '/%61%70%69'),
  'with letters encoded twice': (path) => path.replace('/api', '/%2561pi'),
  'in capitals': (path) => path.toUpperCase(),
  'with a null byte': (path) => `${path}%00`,
  'with a null byte and a suffix': (path) => `${path}%00.css`,
  'with a suffix': (path) => `${path}.css`,
  'with a parameter': (path) => `${path};x=/healthz`,
  'with a public path as its query': (path) => `${path}?/api/auth/login`,
  'with a line break': (path) => `${path}%0d%0aX-Injected:%201`,
  'in full, on another host': (path) => `http://evil.example${path}`,
  'with broken escapes': (path) => `${path}%`,
  'in overlong UTF-8': (path) => path.replace('/api/', '/api%c0%af'),
  'with a file before it': (path) => `/assets/..${path}`,
};

describe('a path written in another way', () => {
  it.each(Object.entries(tricks))('ASVS 8.3.1 %s leads nobody to what needs a session', async (what, trick) => {
    const world = await listening();
    const agent = new Agent({ keepAlive: true });
    onTestFinished(() => agent.destroy());
    const ask = (method: string, path: string) =>
      new Promise<{ status: number; injected: boolean }>((resolve, reject) => {
        const sent = request({ port: world.port, host: '127.0.0.1', agent, method, path }, (response) => {
          response
            .resume()
            .on('end', () => resolve({ status: response.statusCode ?? 0, injected: 'x-injected' in response.headers }));
        });
        sent.on('error', reject).end();
      });
    await expectNoTrace(world, world.ada, async () => {
      for (const { method, path, name } of asking) {
        const { status, injected } = await ask(method, trick(pathOf(path, world.ada.id)));
        if (what === 'as it is') expect(status, name).toBe(401);
        else expect([400, 401, 404], name).toContain(status);
        expect(injected, name).toBe(false);
      }
    });
  });
});

describe('an application’s own wildcard', () => {
  const everything = [
    '/api/auth/5',
    '/api/auth/login/5',
    '/api/admin',
    '/api/admin/5',
    '/api/drafts/a/b',
    '/api/admin/5',
    '/api/admin',
    '/api/auth',
    '/api/drafts',
    '/api/reports/5',
  ];

  it.each(everything)('ASVS 8.3.1 is reached at %s by nobody without a session', async (path) => {
    const { parts } = await settled();
    const curfew = createHandlers(parts);
    const reached: string[] = [];
    const app = new Hono<SessionEnv>();
    app.use('/api/*', curfew.protect());
    app.route('/', curfew.routes);
    app.all('/api/*', (c) => {
      reached.push(c.req.path);
      return c.json({});
    });
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD']) {
      const { status } = await app.request(`http://localhost${path}`, { method });
      expect([401, 404], method).toContain(status);
    }
    expect(reached).toEqual([]);
  });
});
