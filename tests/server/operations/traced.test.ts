import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { Hono } from 'hono';
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest';
import { createCurfew, passwords, type SessionEnv } from '../../../server/index.ts';
import { traced } from '../../../server/operations/index.ts';
import { sqlite } from '../../../server/sqlite/index.ts';
import { folder } from '../../support/server/folder.ts';
import { Client, cost, secret } from '../../support/server/world.ts';

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
const tracer = provider.getTracer('a test');

beforeAll(() => void context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()));
afterAll(() => context.disable());
beforeEach(() => exporter.reset());

async function served() {
  const path = join(folder(), 'curfew.db');
  const curfew = await createCurfew({
    store: traced(sqlite(path), tracer),
    secret,
    accounts: passwords({ cost, register: true }),
    address: () => '127.0.0.1',
    write: () => {},
  });
  onTestFinished(() => curfew.close());
  const app = new Hono<SessionEnv>();
  app.use((c, next) =>
    tracer.startActiveSpan(`${c.req.method} ${c.req.path}`, async (span) => {
      await next();
      span.end();
    }),
  );
  app.use('/api/*', curfew.protect()).route('/', curfew.routes);
  app.get('/api/hello', (c) => c.text('hello'));
  return { path, client: new Client(app, 'bearer') };
}

const spans = () => exporter.getFinishedSpans();

it('is beneath the request, and says which events were appended where, and nothing of who', async () => {
  const { client } = await served();
  await client.register('ada');
  const appended = spans().find(({ name }) => name === 'curfew.append');
  const request = spans().find(({ name }) => name === 'POST /api/auth/register');
  expect(appended?.parentSpanContext?.spanId).toBe(request?.spanContext().spanId);
  expect(appended?.attributes).toEqual({
    'db.system.name': 'sqlite',
    'curfew.events': 'session.started',
    'curfew.outcome': 'appended',
  });
  const told = JSON.stringify(spans().map(({ name, attributes }) => [name, attributes]));
  expect(told).not.toContain(client.id);
  expect(told).not.toContain(client.user?.id);
});

it('is not made by a request that reads nothing', async () => {
  const { client } = await served();
  await client.register('ada');
  await client.get('/api/hello');
  exporter.reset();
  expect((await client.get('/api/hello')).status).toBe(200);
  expect(spans().map(({ name }) => name)).toEqual(['GET /api/hello']);
});

it('has failed when the store has', async () => {
  const { path, client } = await served();
  await client.register('ada');
  const other = new DatabaseSync(path);
  other.exec('begin immediate');
  expect((await client.post('/api/auth/logout')).status).toBe(503);
  const appended = spans().findLast(({ name }) => name === 'curfew.append');
  expect(appended?.status).toMatchObject({ code: 2, message: expect.stringContaining('locked') });
  expect(appended?.events.map(({ name }) => name)).toEqual(['exception']);
  other.close();
});
