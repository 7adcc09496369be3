import fc from 'fast-check';
import { goodOf, table } from '../server/rows.ts';

/** Who sends a request: people with a session, somebody whose session has ended, a forger, and nobody. */
export const senders = ['ada', 'bob', 'ended', 'forger', 'nobody'] as const;
export type Sender = (typeof senders)[number];

/** A request as it is to be sent; `{ada}`, `{bob}` and `{quiet}` stand for the ids of their sessions. */
export interface Asked {
  readonly from: Sender;
  readonly carriedBy: 'cookie' | 'bearer';
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Latin-1, byte by byte; `null` for none. */
  readonly body: string | null;
}

/** A password that is somebody's, so that some requests get as far as they can. */
export const rightPassword = 'correct horse';

const ids = ['{ada}', '{bob}', '{quiet}'];
const reserved = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length', '0', ''];
const oddities = [
  null,
  true,
  0,
  -1,
  -0,
  1e308,
  2 ** 53,
  0.1,
  '',
  '\u0000',
  '\ud800',
  '\r\nSet-Cookie: x=1',
  '{ada}',
  '${7*7}{{7*7}}',
  "'; drop table events; --",
  '../../../etc/passwd',
  'ａｄａ',
  'x'.repeat(2_000),
  [],
  [[]],
  {},
  { $gt: '' },
  { toString: 1, valueOf: 2 },
  ['ada', 'bob'],
] as const;

const oddValue = fc.oneof(fc.constantFrom(...oddities), fc.jsonValue({ maxDepth: 3 }));
const key = fc.oneof(fc.constantFrom(...reserved), fc.string({ maxLength: 20 }));

/** JSON in which a key may be `__proto__`, as `JSON.parse` makes it and an object literal does not. */
const withKey = (json: Readonly<Record<string, unknown>>, name: string, value: unknown): string => {
  const rest = JSON.stringify(json);
  return `{${JSON.stringify(name)}:${JSON.stringify(value)}${rest === '{}' ? '' : ','}${rest.slice(1)}`;
};

const without = (json: Readonly<Record<string, unknown>>, at: number): Record<string, unknown> =>
  Object.fromEntries(Object.entries(json).filter((_, index) => index !== at % Object.keys(json).length));

const changedAt = (json: Readonly<Record<string, unknown>>, at: number, value: unknown): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(json).map(([name, old], index) => [name, index === at % Object.keys(json).length ? value : old]),
  );

const latin1 = (text: string): string => Buffer.from(text).toString('latin1');

/** What a body that a route takes can become. */
function bodyLike(json: Readonly<Record<string, unknown>>): fc.Arbitrary<string | null> {
  const good = JSON.stringify(json);
  return fc
    .oneof(
      { weight: 4, arbitrary: fc.constant(good) },
      fc.nat(9).map((at) => JSON.stringify(without(json, at))),
      {
        weight: 3,
        arbitrary: fc.tuple(fc.nat(9), oddValue).map(([at, odd]) => JSON.stringify(changedAt(json, at, odd))),
      },
      fc.tuple(key, oddValue).map(([name, odd]) => withKey(json, name, odd)),
      oddValue.map((odd) => JSON.stringify(odd)),
      fc.nat(good.length).map((length) => good.slice(0, length)),
      fc
        .tuple(fc.nat(good.length), fc.string({ unit: 'binary', maxLength: 5 }))
        .map(([at, noise]) => latin1(good.slice(0, at) + noise + good.slice(at))),
      fc.constantFrom(
        null,
        '',
        '\u00ef\u00bb\u00bf{}',
        '[['.repeat(5_000),
        '9'.repeat(9_000),
        'a=1&b=2',
        '\u00ff\u00fe{\0}\0',
      ),
    )
    .map((text) => (text === null ? null : text));
}

const headerText = fc
  .string({
    unit: fc
      .integer({ min: 0x20, max: 0xff })
      .filter((code) => code !== 0x7f)
      .map((code) => String.fromCharCode(code)),
    maxLength: 40,
  })
  .map((text) => text.trim());

const said: Readonly<Record<string, readonly string[]>> = {
  'Session-Id': [...ids, 'x', '', '__proto__'],
  'Session-Activity': [
    'user',
    'background',
    'user;age=5',
    'user; age=999999999999999',
    'user;age=-1',
    'USER',
    'user,user',
  ],
  'Sec-Fetch-Site': ['same-origin', 'cross-site', 'same-site', 'none', 'Same-Origin'],
  'Sec-Purpose': ['prefetch', 'prefetch;prerender'],
  Origin: ['http://localhost', 'null', 'https://evil.example'],
  'If-Match': ['*', '""', 'W/"x"', '"a", "b"', '"'.repeat(99)],
  'If-None-Match': ['*', 'W/"1"', 'W/"2"'],
  'Content-Type': [
    'application/json',
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-7',
  ],
  'Content-Encoding': ['gzip', 'br'],
  Accept: ['text/event-stream', 'text/html', 'application/xml;q=0.1'],
  'Accept-Encoding': ['gzip', 'identity;q=0'],
  'Last-Event-ID': ['0', '-1', '999999999999', 'x'],
  'X-Forwarded-For': ['203.0.113.7', '::1', 'unknown', ',,,'],
  'X-Forwarded-Host': ['evil.example'],
  'X-HTTP-Method-Override': ['DELETE', 'GET'],
  Range: ['bytes=0-0', 'bytes=5-1'],
  'User-Agent': ['', 'x'.repeat(3_000), '<script>alert(1)</script>'],
  Cookie: ['curfew=x', '__Host-curfew=', '__host-curfew=x', 'a=b; ; =; __proto__=1', '__Secure-curfew=x'],
};

const header = fc
  .constantFrom(...Object.keys(said))
  .chain((name) =>
    fc.tuple(
      fc.constant(name),
      fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...(said[name] ?? [''])) }, headerText),
    ),
  );

const place = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...ids) },
  fc.constantFrom(
    'letter',
    'call',
    'no-such',
    '__proto__',
    'constructor',
    '%00',
    '%E0%A4%A',
    '..%2f..',
    '%2e%2e',
    'x'.repeat(300),
  ),
  fc.string({ maxLength: 12 }).map((text) => encodeURIComponent(text.toWellFormed()) || 'x'),
);

const query = fc.oneof(
  { weight: 6, arbitrary: fc.constant('') },
  fc.constantFrom(
    '?ended=true',
    '?after=1',
    '?after=-1',
    '?__proto__=1',
    '?__proto__[x]=1',
    '?constructor[prototype][x]=1',
    '?user={ada}',
    '?state=active',
    '?a=1&a=2&a[]=3',
    '?%',
    `?${'x'.repeat(2_000)}`,
  ),
  fc.webQueryParameters().map((text) => `?${text}`),
);

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'];

/** Requests that are valid for some route, or were before something in them was changed. */
export const asked: fc.Arbitrary<Asked> = fc.constantFrom(...table).chain((row) => {
  const body = row.body
    ? bodyLike(goodOf(row.body))
    : fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, bodyLike({}));
  return fc
    .record({
      from: fc.oneof({ weight: 3, arbitrary: fc.constantFrom<Sender>('ada', 'bob') }, fc.constantFrom(...senders)),
      carriedBy: fc.constantFrom('cookie', 'bearer'),
      method: fc.oneof({ weight: 9, arbitrary: fc.constant(row.method) }, fc.constantFrom(...methods)),
      place,
      suffix: fc.oneof({ weight: 9, arbitrary: fc.constant('') }, fc.constantFrom('/', '/x', '//', ';x', '.json')),
      query,
      headers: fc.array(header, { maxLength: 4 }),
      body,
    })
    .map(({ place: filled, suffix, query: asks, headers, body: text, method, ...rest }) => ({
      ...rest,
      method,
      path: row.path.replaceAll(/:\w+/g, filled) + suffix + asks,
      headers: Object.fromEntries(headers),
      body: method === 'GET' || method === 'HEAD' ? null : text,
    }));
});
