import { createHash } from 'node:crypto';
import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, it } from 'vitest';
import { applicationDescription } from '../../../server/app/routeDescriptions.ts';
import { routeDescriptions } from '../../../server/operations/routeDescriptions.ts';
import { listening } from '../../support/attack/listening.ts';
import { routesOf, table } from '../../support/server/rows.ts';
import { createWorld } from '../../support/server/world.ts';

const described = { ...routeDescriptions, ...applicationDescription.routes };

describe('the description of the routes', () => {
  it('is a valid OpenAPI document', async () => {
    const { client } = await createWorld();
    const { body } = await client().get('/openapi.json');
    const result = await new Validator().validate(body);
    expect(result).toMatchObject({ valid: true });
    expect(await new Validator().validate({ ...body, paths: { nowhere: 1 } })).toMatchObject({ valid: false });
  });

  it('names every route there is, and none that is not', async () => {
    const { app, client } = await createWorld();
    expect(Object.keys(described).toSorted()).toEqual([...routesOf(app)].toSorted());
    const { paths } = (await client().get('/openapi.json')).body;
    const named = Object.entries<object>(paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
    );
    expect(named.toSorted()).toEqual([...routesOf(app)].toSorted());
  });

  it('leaves registration out where it is closed', async () => {
    const { client } = await createWorld({ register: false });
    expect((await client().register()).status).toBe(404);
    expect((await client().get('/openapi.json')).body.paths).not.toHaveProperty(['/api/auth/register']);
    expect((await client().get('/docs')).text).not.toContain('/api/auth/register');
  });

  it('says of every body which members it has and which may be left out', () => {
    for (const { name, body } of table) {
      const route = described[name];
      expect(Object.keys(route?.body ?? {}).toSorted(), name).toEqual(Object.keys(body ?? {}).toSorted());
      const optional = Object.entries(body ?? {}).flatMap(([field, { optional: mayBeLeftOut }]) =>
        mayBeLeftOut ? [field] : [],
      );
      expect([...(route?.optional ?? [])].toSorted(), name).toEqual(optional.toSorted());
    }
  });

  it('can be read as a page that needs no script and nothing of anybody else', async () => {
    const { client } = await createWorld();
    const { status, headers, text } = await client().get('/docs');
    expect(status).toBe(200);
    expect(headers.get('Content-Type')).toMatch(/^text\/html/);
    expect(headers.get('Content-Security-Policy')).toContain("default-src 'none'");
    expect(text).not.toMatch(/<script|style=|src=|https?:\/\//);
    const styles = [...text.matchAll(/<style>(.*?)<\/style>/gs)].map(([, style = '']) => style);
    const hashes = styles.map((style) => createHash('sha256').update(style).digest('base64'));
    expect(headers.get('Content-Security-Policy')).toContain(`style-src 'sha256-${hashes.join()}';`);
    for (const name of Object.keys(described)) expect(text).toContain(`<code>${name}</code>`);
  });
});

describe('the metrics', () => {
  it('count requests by route, entries by type and failures by code', async () => {
    const { client } = await createWorld({ address: '127.0.0.1' });
    const ada = client();
    await ada.register();
    await ada.get(`/api/auth/sessions/${ada.id}/events`);
    await ada.get('/api/nowhere');
    await ada.post('/api/auth/logout');
    const { status, headers, text } = await client().get('/metrics');
    expect(status).toBe(200);
    expect(headers.get('Content-Type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(text).toContain('curfew_requests_total{method="GET",route="/api/auth/sessions/:id/events",status="200"} 1');
    expect(text).toContain('curfew_session_events_total{type="session.started"} 1');
    expect(text).toContain('curfew_session_events_total{type="user.signedOut"} 1');
    expect(text).toContain('curfew_request_duration_seconds_bucket{le="5",method="POST",route="/api/auth/register"} 1');
  });

  it('hold nothing of one person or one session', async () => {
    const { client } = await createWorld({ address: '127.0.0.1' });
    const ada = client();
    await ada.register('somebody');
    await ada.get(`/api/auth/sessions/${ada.id}/events`);
    await ada.get('/somebody/nowhere');
    await ada.call('DELETE', `/api/admin/users/${ada.user?.id}/sessions`);
    const { text } = await client().get('/metrics');
    for (const secret of ['somebody', ada.id, ada.user?.id ?? '', ada.token ?? '']) expect(text).not.toContain(secret);
  });

  it.each([null, '192.0.2.1'])(
    'ASVS 13.4.5 are not for a request from %s: without a connection, all could read them',
    async (address) => {
      const { client } = await createWorld({ address });
      expect((await client().get('/metrics')).status).toBe(404);
    },
  );

  it('ASVS 13.4.5 are for this machine, and not for whoever comes through a proxy on it', async () => {
    const { port } = await listening();
    const ask = (headers: Record<string, string>) => fetch(`http://127.0.0.1:${port}/metrics`, { headers });
    expect((await ask({})).status).toBe(200);
    expect((await ask({ 'X-Forwarded-For': '203.0.113.7' })).status).toBe(404);
    expect((await ask({ Forwarded: 'for=203.0.113.7' })).status).toBe(404);
  });
});

describe('every answer', () => {
  it('ASVS 3.4.4 forbids taking it for another kind of content, whatever it says and whoever asks', async () => {
    const { client } = await createWorld();
    const ada = client();
    const answers = [
      await ada.register(),
      await ada.get('/api/auth/me'),
      await ada.get('/api/settings'),
      await ada.get('/docs'),
      await ada.get('/healthz'),
      await ada.get('/api/nowhere'),
      await ada.get('/nowhere'),
      await ada.post('/healthz'),
      await client().get('/api/auth/me'),
      await ada.post('/api/auth/logout'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 200, 200, 200, 200, 404, 404, 405, 401, 204]);
    for (const { headers } of answers) expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
  });
});
