import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forgeries, ofNoSession } from '../../support/server/forged.ts';
import { expectNoTrace, expectRefusal, kept, settled } from '../../support/server/refusal.ts';
import { asking, goodOf, pathOf, reading, routesOf, rows, table } from '../../support/server/rows.ts';
import { createWorld, modes, type Client } from '../../support/server/world.ts';

it('every route of the application has its row here', async () => {
  const { app } = await createWorld();
  expect(Object.keys(rows).toSorted()).toEqual([...routesOf(app)].toSorted());
});

it('a request that is understood does leave a trace here, so that the comparisons below can fail', async () => {
  const world = await settled();
  const before = await kept(world, world.ada);
  expect((await world.ada.get('/api/settings')).status).toBe(200);
  expect(await kept(world, world.ada)).not.toEqual(before);
});

describe('a wrong method', () => {
  const byPath = Object.groupBy(table, ({ path }) => path);
  it.each(Object.entries(byPath))(
    'RFC 9110 15.5.6 on %s is a 405 that says what is allowed',
    async (path, routes = []) => {
      const world = await settled();
      const { ada } = world;
      const allowed = routes.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
      await expectNoTrace(world, ada, async () => {
        for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']) {
          if (allowed.includes(method)) continue;
          const answer = await ada.raw(method, pathOf(path, ada.id));
          expectRefusal(answer, 'method_not_allowed', 405, method);
          expect(answer.headers.get('Allow')?.split(', ').toSorted(), method).toEqual(allowed.toSorted());
        }
      });
    },
  );

  it('and a path that is nowhere is a 404 that keeps nobody’s session alive', async () => {
    const world = await settled();
    await expectNoTrace(world, world.ada, async () => {
      for (const path of [
        '/api/nowhere',
        '/api/auth/nowhere',
        '/api',
        '/nowhere',
        '/api/settings/more',
        '/API/settings',
      ])
        expectRefusal(await world.ada.get(path), 'not_found', 404, path);
    });
  });
});

describe('a body', () => {
  const send = (ada: Client, { method, path }: { method: string; path: string }, text: string) =>
    ada.raw(method, pathOf(path, ada.id), { headers: { 'Content-Type': 'application/json' }, body: text });

  it.each(reading)('RFC 9457 that is no JSON is a 400: $name', async (route) => {
    const world = await settled();
    await expectNoTrace(world, world.ada, async () => {
      for (const text of [
        '{',
        '{"a":1,}',
        "{'a':1}",
        'a=1&b=2',
        '\u0000',
        'undefined',
        '{"a":NaN}',
        '[[[['.repeat(999),
      ])
        expectRefusal(await send(world.ada, route, text), 'malformed_json', 400, text.slice(0, 20));
    });
  });

  it.each(reading)('RFC 9457 ASVS 16.5.1 of another shape is a 422 that names the fields: $name', async (route) => {
    const { body } = route;
    const good = goodOf(body);
    const wrong: [what: string, field: string, json: unknown][] = [
      ['a list', '', []],
      ['null', '', null],
      ['text', '', 'text'],
      ['a number', '', 7],
      ['an unknown field', '', { ...good, surprise: true }],
      ['a field of every object', '', { ...good, constructor: 1 }],
    ];
    for (const [field, { good: value, optional, nullable, bad = [], tooLong }] of Object.entries(body)) {
      if (!optional) {
        const { [field]: _, ...rest } = good;
        wrong.push([`no ${field}`, field, rest]);
      }
      const others = [
        ...(nullable ? [] : [null]),
        [],
        {},
        [value],
        typeof value === 'string' ? 7 : 'text',
        typeof value === 'boolean' ? 1 : true,
      ];
      for (const other of [...others, ...bad])
        wrong.push([`${field} ${JSON.stringify(other)}`, field, { ...good, [field]: other }]);
      if (tooLong !== undefined) wrong.push([`${field} too long`, field, { ...good, [field]: tooLong }]);
    }
    const world = await settled();
    await expectNoTrace(world, world.ada, async () => {
      for (const [what, field, json] of wrong) {
        const answer = await send(world.ada, route, JSON.stringify(json));
        expectRefusal(answer, 'invalid_input', 422, what);
        const named: { field: string; message: string }[] = answer.body.fields;
        expect(new Set(named.map((each) => each.field)), what).toEqual(new Set([field]));
        expect(
          named.every(({ message }) => message.length > 0),
          what,
        ).toBe(true);
      }
    });
  });

  it.each(reading)('with a prototype to pollute pollutes nothing: $name', async (route) => {
    const world = await settled();
    await expectNoTrace(world, world.ada, async () => {
      const text = JSON.stringify(goodOf(route.body)).replace('{', '{"__proto__":{"transport":"cookie","polluted":1},');
      expectRefusal(await send(world.ada, route, text), 'invalid_input', 422, text);
    });
    expect('polluted' in {}).toBe(false);
  });

  const ten = 'x'.repeat(10 * 1024 * 1024);
  it.each(reading)('of 10 MB is a 413, announced or not: $name', async (route) => {
    const world = await settled();
    const { ada } = world;
    const [first = ''] = Object.keys(route.body);
    const text = JSON.stringify({ ...goodOf(route.body), [first]: ten });
    await expectNoTrace(world, ada, async () => {
      const announced = { headers: { 'Content-Length': String(text.length) }, body: text };
      expectRefusal(await ada.raw(route.method, pathOf(route.path, ada.id), announced), 'too_large', 413, 'announced');
      expectRefusal(await send(ada, route, text), 'too_large', 413, 'not announced');
    });
  });
});

describe('a query', () => {
  const querying = table.flatMap(({ queries, ...rest }) => (queries ? [{ ...rest, queries }] : []));
  it.each(querying)('that does not fit is a 422: $name', async ({ method, path, queries }) => {
    const world = await settled();
    await expectNoTrace(world, world.ada, async () => {
      for (const query of queries)
        expectRefusal(
          await world.ada.raw(method, `${pathOf(path, world.ada.id)}?${query}`),
          'invalid_input',
          422,
          query,
        );
    });
  });
});

describe('a path', () => {
  const strange = [
    'no-such',
    '%00',
    '%E0%A4%A',
    '%2e%2e',
    '..%2f..%2fetc',
    'x'.repeat(10_000),
    "'; drop table events--",
    '🙂',
  ];
  // A user named `..` would be another path.
  const naming = table.filter(
    ({ method, path }) => path.includes('/:id') && !path.includes('/users/:id') && method !== 'PUT',
  );
  it.each(naming)('that names nothing of one’s own is a 404: $name', async ({ method, path, body }) => {
    const world = await settled();
    const { ada } = world;
    const bob = world.client('bearer');
    await bob.register('bob');
    const { conversation } = (await bob.post('/api/conversations', { title: 'Bob’s' })).body;
    // The path is understood and a person is behind it, so that much may be written; nothing else.
    await ada.get('/api/settings');
    await expectNoTrace(world, ada, async () => {
      // To an administrator, Bob’s are there.
      const others = path.startsWith('/api/admin/') ? [] : [path.includes('/sessions/') ? bob.id : conversation.id];
      for (const id of [...strange, ...others]) {
        const answer = await ada.call(method, path.replace(':id', id), body && goodOf(body));
        expectRefusal(answer, 'not_found', 404, id);
      }
    });
    expect((await bob.get(`/api/conversations/${conversation.id}`)).body.messages).toEqual([]);
    expect((await bob.get('/api/auth/me')).status).toBe(200);
  });

  it.each(['../x', 'UPPER', 'a'.repeat(33), '9', '🙂', '-x'])('%j names no lease', async (kind) => {
    const world = await settled();
    await expectNoTrace(world, world.ada, async () => {
      const answer = await world.ada.call('PUT', `/api/auth/leases/${encodeURIComponent(kind)}`, { ms: 1000 });
      expectRefusal(answer, 'invalid_input', 422, kind);
    });
  });

  it('over 200 characters names no draft', async () => {
    const world = await settled();
    await expectNoTrace(world, world.ada, async () => {
      const put = { ciphertext: 'Y2lwaGVy', savedAt: 1 };
      const answer = await world.ada.call('PUT', `/api/drafts/${'k'.repeat(201)}`, put);
      expectRefusal(answer, 'invalid_input', 422, 'PUT');
    });
  });

  it('of any characters names a draft, which is then found under it', async () => {
    const { ada } = await settled();
    for (const key of ['%00', '..%2f..%2fetc', '🙂', "'; drop table drafts--", encodeURIComponent('a b/ü?#&')]) {
      expect((await ada.call('PUT', `/api/drafts/${key}`, { ciphertext: 'Y2lwaGVy', savedAt: 1 })).status, key).toBe(
        201,
      );
      expect((await ada.get(`/api/drafts/${key}`)).status, key).toBe(200);
    }
    expect((await ada.get('/api/drafts')).body.drafts).toHaveLength(5);
  });
});

describe('a token', () => {
  const asked: string[] = [];
  const elsewhere = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end('{}');
  });
  let at = '';
  beforeAll(async () => {
    elsewhere.listen(0, '127.0.0.1');
    await once(elsewhere, 'listening');
    at = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    elsewhere.close();
  });

  const algorithms = ['HS256', 'EdDSA'] as const;
  const cases = modes.flatMap((mode) => algorithms.map((algorithm) => ({ mode, algorithm })));

  it.each(cases)(
    'ASVS 9.1.1 9.1.2 9.1.3 9.2.1 9.2.2 9.2.3 9.2.4 RFC 8725 3.1 3.8 3.9 3.10 3.11 that we did not make opens no route ($mode, $algorithm)',
    async ({ mode, algorithm }) => {
      const world = await settled(mode, { algorithm });
      const { ada } = world;
      const forged = await forgeries(world.parts, ada.token ?? '', at);
      expect(Object.keys(forged).length).toBeGreaterThan(40);
      await expectNoTrace(
        world,
        ada,
        async () => {
          for (const [name, token] of Object.entries(forged)) {
            const forger = ada.twin();
            for (const { method, path, body, name: route } of asking) {
              // Sign-out takes every generation of a session, and of a token that we have signed it asks no more.
              const out = path.endsWith('/logout');
              if (out && name === 'of a generation that was never made') continue;
              forger.token = token;
              const answer = await forger.call(method, pathOf(path, ada.id), body && goodOf(body));
              if (out && name === 'of another user') expect(answer.status).toBe(204);
              else expectRefusal(answer, 'invalid_token', 401, `${name}: ${route}`);
            }
          }
        },
        'token_refused',
      );
      expect((await ada.get('/api/auth/me')).status).toBe(200);
      expect(asked).toEqual([]);
    },
  );

  it.each(modes)(
    'ASVS 7.2.1 OWASP Session Management of a session that never was opens no route and makes none (%s)',
    async (mode) => {
      const world = await settled(mode);
      const { ada } = world;
      const ghost = ada.twin();
      const token = await ofNoSession(world.parts, ada.token ?? '');
      await expectNoTrace(world, ada, async () => {
        for (const { method, path, body, name } of asking) {
          ghost.token = token;
          const answer = await ghost.call(method, pathOf(path, ada.id), body && goodOf(body));
          if (path.endsWith('/logout')) expect(answer.status).toBe(204);
          else expectRefusal(answer, 'invalid_token', 401, name);
        }
      });
      expect(await world.parts.log.load('no-such-session-anywhere')).toBeNull();
    },
  );

  it('is needed wherever a session is', async () => {
    const world = await settled();
    const nobody = world.client();
    await expectNoTrace(world, world.ada, async () => {
      for (const { method, path, body, name } of asking)
        expectRefusal(
          await nobody.call(method, pathOf(path, world.ada.id), body && goodOf(body)),
          'unauthenticated',
          401,
          name,
        );
    });
  });

  it('in the wrong place is none: neither a query, nor a body, nor another cookie', async () => {
    const world = await settled('bearer');
    const nobody = world.client('bearer');
    const token = world.ada.token ?? '';
    for (const path of [`/api/auth/me?token=${token}`, `/api/auth/me?access_token=${token}`])
      expectRefusal(await nobody.get(path), 'unauthenticated', 401, path);
    expectRefusal(await nobody.post('/api/auth/refresh', { token }), 'unauthenticated', 401, 'body');
    for (const headers of [
      { Cookie: `curfew=${token}` },
      { Authorization: `Basic ${token}` },
      { Authorization: token },
    ])
      expectRefusal(await nobody.get('/api/auth/me', headers), 'unauthenticated', 401, JSON.stringify(headers));
  });

  it.each(['/api/auth/login', '/api/auth/register'])(
    'that is forged replaces nobody’s session when somebody signs in over it (%s)',
    async (path) => {
      const { client, parts, ada, events } = await settled();
      await client('bearer').register('bob', 'battery staple');
      const before = await events(ada.id);
      for (const token of Object.values(await forgeries(parts, ada.token ?? '', at))) {
        if (/gen":99/.test(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())) continue;
        if (/somebody-else/.test(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())) continue;
        const browser = client();
        browser.token = token;
        const name = path.endsWith('login') ? 'bob' : `bob ${parts.newId()}`;
        expect((await browser.post(path, { username: name, password: 'battery staple' })).status).toBeLessThan(300);
      }
      expect(await events(ada.id)).toEqual(before);
      expect((await ada.get('/api/auth/me')).status).toBe(200);
    },
  );
});
