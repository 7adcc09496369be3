import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { seconds } from '../../machines/index.ts';
import { expectNoTrace } from '../support/server/refusal.ts';
import { dial, listening, raw, statusesIn } from '../support/attack/listening.ts';

const head = (lines: readonly string[]) => [...lines, 'Host: localhost', '', ''].join('\r\n');

describe('requests in one another', () => {
  const inner = (token: string) => head(['POST /api/auth/logout HTTP/1.1', `Authorization: Bearer ${token}`]);

  const framings: readonly [string, (hidden: string) => readonly string[]][] = [
    ['a length and chunks', (hidden) => [`Content-Length: ${hidden.length + 5}`, 'Transfer-Encoding: chunked']],
    ['chunks and a length', () => ['Transfer-Encoding: chunked', 'Content-Length: 5']],
    ['two lengths', (hidden) => ['Content-Length: 5', `Content-Length: ${hidden.length + 5}`]],
    ['a length of two parts', (hidden) => [`Content-Length: 5, ${hidden.length + 5}`]],
    ['a length with a sign', () => ['Content-Length: +5']],
    ['a length before zero', () => ['Content-Length: -5']],
    ['a length in hex', () => ['Content-Length: 0x5']],
    ['an encoding that is none', () => ['Content-Length: 5', 'Transfer-Encoding: xchunked']],
    ['an encoding with a tab', () => ['Content-Length: 5', 'Transfer-Encoding:\tchunked']],
    ['a length on a folded line', () => ['Content-Length:', ' 5', 'Transfer-Encoding: chunked']],
    ['a space before the colon', () => ['Transfer-Encoding : chunked', 'Content-Length: 5']],
    ['a bare line feed', () => ['X: a\nTransfer-Encoding: chunked', 'Content-Length: 5']],
    ['a bare carriage return', () => ['X: a\rTransfer-Encoding: chunked', 'Content-Length: 5']],
    ['a null byte', () => ['X: a\0b', 'Content-Length: 5']],
  ];
  it.each(framings)('RFC 9112 11.2 by %s are refused as a whole: the hidden one is never heard', async (_, framing) => {
    const world = await listening();
    const hidden = inner(world.ada.token ?? '');
    await expectNoTrace(world, world.ada, async () => {
      const outer = head(['POST /api/auth/login HTTP/1.1', ...framing(hidden)]);
      expect(statusesIn(await raw(world.port, `${outer}0\r\n\r\n${hidden}`))).toEqual([400]);
    });
    expect((await world.ada.get('/api/auth/me')).status).toBe(200);
  });

  it('one after the other on one connection are heard one after the other, so that the above can fail', async () => {
    const { port, ada, events } = await listening();
    const hidden = inner(ada.token ?? '').replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n');
    const outer = head(['POST /api/auth/login HTTP/1.1', 'Content-Length: 5']);
    expect(statusesIn(await raw(port, `${outer}0\r\n\r\n${hidden}`))).toEqual([422, 204]);
    expect((await events(ada.id)).at(-1)?.type).toBe('user.signedOut');
  });
});

describe('a head', () => {
  it.each([
    ['one header of 20 kB', [`X: ${'x'.repeat(20_000)}`]],
    ['2,000 headers', Array.from({ length: 2_000 }, (_, n) => `x${n}: 0123456789`)],
    ['a cookie of 20 kB', [`Cookie: __Host-curfew=${'x'.repeat(20_000)}`]],
    ['a path of 20 kB', []],
  ])('with %s is a 431, and the server goes on', async (what, lines) => {
    const world = await listening();
    const path = what.startsWith('a path') ? `/api/${'x'.repeat(20_000)}` : '/api/auth/me';
    await expectNoTrace(world, world.ada, async () => {
      const credential = `Authorization: Bearer ${world.ada.token}`;
      const text = head([`GET ${path} HTTP/1.1`, credential, ...lines]);
      expect(statusesIn(await raw(world.port, text))).toEqual([431]);
    });
    const good = head(['GET /healthz HTTP/1.1', 'Connection: close']);
    expect(statusesIn(await raw(world.port, good))).toEqual([200]);
  });

  it.each([
    'GET * HTTP/1.1',
    'OPTIONS * HTTP/1.1',
    'GET /healthz HTTP/9.9',
    'PRI * HTTP/2.0',
    'get /healthz HTTP/1.1',
    'GET /api\\auth\\me HTTP/1.1',
    'GET /heal\u00ffthz HTTP/1.1',
    '\u0016\u0003\u0001\u0002\u0000',
  ])('that begins %j is a 400', async (line) => {
    const { port } = await listening();
    expect(statusesIn(await raw(port, head([line, 'Connection: close'])))).toEqual([400]);
  });

  it.each(['a b', 'localhost/x', '[::', 'a@b', 'localhost:99999'])('for the host %j is a 400', async (host) => {
    const world = await listening();
    await expectNoTrace(world, world.ada, async () => {
      const lines = ['GET /api/settings HTTP/1.1', `Authorization: Bearer ${world.ada.token}`, 'Connection: close'];
      expect(statusesIn(await raw(world.port, [...lines, `Host: ${host}`, '', ''].join('\r\n')))).toEqual([400]);
    });
  });

  it.each(['CONNECT', 'TRACE', 'TRACK', 'DEBUG'])('of method %s gives back nothing that was sent', async (method) => {
    const world = await listening();
    await expectNoTrace(world, world.ada, async () => {
      const credential = `Authorization: Bearer ${world.ada.token}`;
      const answer = await raw(world.port, head([`${method} /api/auth/me HTTP/1.1`, credential, 'Connection: close']));
      expect(answer).not.toContain(world.ada.token);
      for (const status of statusesIn(answer)) expect([400, 404, 405]).toContain(status);
    });
  });

  it('that asks to change the protocol is answered in this one', async () => {
    const { port, ada } = await listening();
    const answer = await raw(
      port,
      head([
        'GET /api/auth/me HTTP/1.1',
        `Authorization: Bearer ${ada.token}`,
        'Connection: Upgrade, close',
        'Upgrade: h2c',
        'HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA',
      ]),
    );
    expect(statusesIn(answer)).toEqual([200]);
  });
});

describe('somebody slow', () => {
  const patience = { head: 150, request: 300, check: 25 };

  it('with a head that never ends is sent away with a 408', async () => {
    const { port } = await listening(patience);
    const { socket, answered } = dial(port);
    socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n');
    const drip = setInterval(() => socket.write('X: y\r\n'), 20);
    expect(statusesIn(await answered)).toEqual([408]);
    clearInterval(drip);
  });

  it('with a body that never ends is sent away, and what was asked does not happen', async () => {
    const world = await listening(patience);
    await expectNoTrace(world, world.ada, async () => {
      const { socket, answered } = dial(world.port);
      socket.write(
        head([
          'PUT /api/drafts/slow HTTP/1.1',
          `Authorization: Bearer ${world.ada.token}`,
          'Session-Activity: user',
          'Content-Length: 100000',
        ]),
      );
      const drip = setInterval(() => socket.write('{'), 20);
      expect(statusesIn(await answered)).toEqual([408]);
      clearInterval(drip);
    });
  });

  it('a hundred at once keep nobody else waiting', async () => {
    const { port } = await listening({ head: seconds(60), request: seconds(60), check: 25 });
    const slow = Array.from({ length: 100 }, () => dial(port));
    await Promise.all(slow.map(({ socket }) => once(socket, 'connect')));
    for (const { socket } of slow) socket.write('POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Le');
    expect(statusesIn(await raw(port, head(['GET /healthz HTTP/1.1', 'Connection: close'])))).toEqual([200]);
    for (const { socket } of slow) socket.destroy();
    await Promise.all(slow.map(({ answered }) => answered));
  });
});
