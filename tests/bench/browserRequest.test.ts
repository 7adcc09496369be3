import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { browserRequest } from './browserRequest.ts';
import { connect } from './connection.ts';

/** What a server makes of the bytes. */
async function understood(bytes: string): Promise<{ request: IncomingMessage; body: string }> {
  const server = createServer((_, answer) => answer.end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const received = new Promise<{ request: IncomingMessage; body: string }>((resolve) =>
    server.on('request', (request) => void text(request).then((body) => resolve({ request, body }))),
  );
  const connection = await connect((server.address() as AddressInfo).port);
  onTestFinished(() => {
    connection.close();
    server.close();
  });
  await connection.ask(Buffer.from(bytes, 'latin1'));
  return received;
}

it('a cookie of the session is one among five', async () => {
  const { request } = await understood(browserRequest({ method: 'GET', answer: 'json' }, 'cookie', '__Host-a=b'));
  expect(request).toMatchObject({ method: 'GET', url: '/api/json' });
  const cookies = request.headers.cookie?.split('; ');
  expect(cookies).toHaveLength(5);
  expect(cookies).toContain('__Host-a=b');
  expect(request.headers.authorization).toBeUndefined();
});

it('an unsafe request with a bearer token has a body and an origin, and no cookie', async () => {
  const { request, body } = await understood(browserRequest({ method: 'POST', answer: 'stream' }, 'bearer', 'abc'));
  expect(request).toMatchObject({ method: 'POST', url: '/api/stream' });
  expect(request.headers).toMatchObject({
    authorization: 'Bearer abc',
    origin: 'http://localhost:3000',
    'sec-fetch-site': 'same-origin',
  });
  expect(request.headers.cookie).toBeUndefined();
  expect(JSON.parse(body)).toEqual({ text: 'hello' });
});
