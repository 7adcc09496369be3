import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { copyFileSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { replay } from '../../../machines/index.ts';
import { verifyChain, type LogEntry } from '../../../server/index.ts';
import {
  folder,
  launch,
  printed,
  Program,
  run,
  send,
  serve,
  stopped,
  tidy,
  unspeakable,
  type Server,
} from '../../support/server/child.ts';

/** A secret of a start, kept out of everything that is printed. */
function secretOf(text: string): string {
  const secret = text.padEnd(40, '.');
  unspeakable.add(secret);
  return secret;
}

/** The log of a program's session, checked for being whole. */
async function logOf(program: Program): Promise<readonly LogEntry[]> {
  const { body, status } = await program.get(`/api/auth/sessions/${program.id}/events`);
  expect(status).toBe(200);
  expect(verifyChain(body.events)).toBeNull();
  expect(replay(body.events)).toEqual(body.replay);
  return body.events;
}

const oneLine = (text: string, pattern: RegExp) => {
  expect(text).toMatch(/^curfew: [^\n]+\n$/);
  expect(text).toMatch(pattern);
};

afterAll(tidy);

describe('a server process', () => {
  const home = folder();
  let server: Server;
  let ada: Program;
  beforeAll(async () => {
    server = await serve(home, { CURFEW_SECRET: secretOf('the secret of the long-lived one') });
    ada = new Program(server);
    await ada.enter('register');
  });

  const ten = JSON.stringify({ ciphertext: 'x'.repeat(10 * 1024 * 1024), savedAt: 1 });
  const framings = [
    ['announced by its length', { 'Content-Length': ten.length }],
    ['in chunks of unknown number', { 'Transfer-Encoding': 'chunked' }],
  ] as const;
  it.each(framings)('answers a body of 10 MB, %s, with a problem and not with a reset', async (_, framing) => {
    const bearer = { Authorization: `Bearer ${ada.token}` };
    const before = await logOf(ada);
    for (const [method, path, headers, status] of [
      ['PUT', '/api/drafts/big', bearer, 413],
      ['POST', '/api/auth/refresh', bearer, 413],
      ['POST', '/api/conversations', bearer, 413],
      ['POST', '/api/auth/login', {}, 413],
      ['PUT', '/api/drafts/big', {}, 401],
      ['POST', '/api/nowhere', bearer, 404],
      ['POST', '/healthz', {}, 405],
      ['DELETE', '/api/drafts/x', {}, 401],
    ] as const) {
      const reply = await send(server.url, { method, path, headers: { ...headers, ...framing }, body: ten });
      expect({ path, status: reply.status, type: reply.headers['content-type'] }).toEqual({
        path,
        status,
        type: 'application/problem+json',
      });
    }
    expect(await logOf(ada)).toEqual(before);
  });

  it('goes on when somebody hangs up in the middle of a body, and calls it no failure of its own', async () => {
    const from = server.out().length;
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    const head = ['PUT /api/drafts/half HTTP/1.1', 'Host: localhost', `Authorization: Bearer ${ada.token}`];
    socket.write([...head, 'Content-Length: 1000', 'Expect: 100-continue', '', ''].join('\r\n'));
    expect(String((await once(socket, 'data'))[0])).toMatch(/^HTTP\/1\.1 100 /);
    socket.end('{"ciphertext":');
    await server.line(/"path":"\/api\/drafts\/half","status":400,"code":"malformed_json"/);
    expect(server.out().slice(from)).not.toContain('internal_error');
    expect((await ada.get('/api/drafts/half')).status).toBe(404);
  });

  it('GDPR art. 15 gives a user what the application keeps of them, beside all else', async () => {
    await ada.call('POST', '/api/conversations', { title: 'Plans' });
    const { body, headers } = await ada.get('/api/auth/me/export');
    expect(headers['content-disposition']).toMatch(/^attachment; filename="curfew-data-[\d-]+\.json"$/);
    expect(body).toMatchObject({
      sessions: [{ id: ada.id }],
      application: { conversations: [{ title: 'Plans' }], settings: {}, passkeys: [], identities: [] },
    });
  });

  it('refuses a port that is taken with one line', async () => {
    const second = launch(folder(), { PORT: new URL(server.url).port });
    expect(await second.gone).toEqual({ code: 1, signal: null });
    oneLine(second.err(), /PORT="\d+" is not allowed: a free one; something listens on 127\.0\.0\.1:\d+ already/);
  });

  it('ASVS 16.5.2 answers 503 while another process holds the file’s lock, and goes on when it is let go', async () => {
    const before = await logOf(ada);
    const other = new Program(server);
    const path = JSON.stringify(join(home, 'curfew.db'));
    const holder = run([
      '-e',
      `const { DatabaseSync } = require('node:sqlite');
       new DatabaseSync(${path}).exec('begin immediate');
       console.log('held');
       setInterval(() => {}, 1e6);`,
    ]);
    await holder.line(/held/);
    for (const reply of [
      await other.enter('login'),
      await ada.call('POST', '/api/auth/refresh', {}),
      await ada.call('PUT', '/api/drafts/x', { ciphertext: 'AA', savedAt: 1 }),
      await ada.call('POST', '/api/auth/logout', {}),
    ]) {
      expect(reply).toMatchObject({ status: 503, body: { code: 'unavailable' }, headers: { 'retry-after': '5' } });
      expect(reply.headers['set-cookie']).toBeUndefined();
      expect(reply.text).not.toMatch(/sqlite|locked|\.ts/i);
    }
    expect(await logOf(ada)).toEqual(before);
    holder.kill('SIGKILL');
    await holder.gone;
    expect(await logOf(ada)).toEqual(before);
    expect((await other.enter('login')).status).toBe(200);
    expect((await ada.call('POST', '/api/auth/refresh', {})).status).toBe(200);
    expect((await ada.get('/api/drafts')).body.drafts).toEqual([]);
  });

  it('ASVS 16.5.2 a full disk is a 503 without half a session, and everything works again when there is room', async () => {
    const limit = (fsize: string) => {
      const { status, error } = spawnSync('prlimit', ['--pid', String(server.pid), `--fsize=${fsize}`]);
      if (error || status !== 0) throw new Error('this test fills the disk with prlimit, of the package util-linux');
    };
    const other = new Program(server);
    const before = { log: await logOf(ada), sessions: (await ada.get('/api/auth/sessions')).body.sessions.length };
    // The first page of a transaction finds room behind the write-ahead log, the second does not.
    const room = statSync(join(home, 'curfew.db-wal')).size + 6_000;
    for (const size of [room, 1]) {
      limit(`${size}:unlimited`);
      for (const reply of [
        await other.enter('login'),
        await ada.call('PUT', '/api/drafts/x', { ciphertext: 'A'.repeat(400_000), savedAt: 1 }),
        await other.enter('login'),
      ]) {
        expect(reply).toMatchObject({ status: 503, body: { code: 'unavailable' }, headers: { 'retry-after': '5' } });
        expect(reply.body.token).toBeUndefined();
      }
      expect(await logOf(ada)).toEqual(before.log);
      expect((await ada.get('/api/auth/sessions')).body.sessions).toHaveLength(before.sessions);
    }
    while ((await ada.get('/readyz')).status !== 503);
    limit('unlimited:unlimited');
    while ((await ada.get('/readyz')).status !== 200);
    expect((await other.enter('login')).status).toBe(200);
    expect((await ada.call('PUT', '/api/drafts/x', { ciphertext: 'AAAA', savedAt: 1 })).status).toBe(201);
    expect((await ada.get('/api/auth/sessions')).body.sessions).toHaveLength(before.sessions + 1);
    expect((await logOf(other)).map(({ type }) => type)).toEqual(['session.started']);
  });

  it('finishes on SIGTERM what it has taken, closes open streams, exits with 0, and a second start finds it all', async () => {
    const stream = await fetch(`${server.url}/api/auth/stream`, { headers: { Authorization: `Bearer ${ada.token}` } });
    const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader.read()).value).toMatch(/^event: session\n/);

    const programs = Array.from({ length: 6 }, () => new Program(server));
    let taken = 0;
    const sent: { go: () => void } = { go: () => {} };
    const gate = new Promise<void>((resolve) => (sent.go = resolve));
    const replies = programs.map((program) =>
      program.enter('login', 'ada', 'correct horse battery', {
        taken() {
          if (++taken === programs.length) {
            server.kill('SIGTERM');
            void server.line(/"msg":"stopping"/).then(sent.go);
          }
          return gate;
        },
      }),
    );
    expect((await Promise.all(replies)).map(({ status }) => status)).toEqual(programs.map(() => 200));
    while (!(await reader.read()).done);
    expect(await server.gone).toEqual({ code: 0, signal: null });
    expect(server.out()).toMatch(/"msg":"stopped"\}\n$/);
    await expect(send(server.url, { method: 'GET', path: '/healthz' })).rejects.toThrow(/ECONNREFUSED/);

    const again = await serve(home, { CURFEW_SECRET: secretOf('the secret of the long-lived one') });
    for (const program of programs) expect(await logOf(program.on(again))).toHaveLength(1);
    expect((await ada.on(again).get('/api/auth/me')).body.user.username).toBe('ada');
    expect((await ada.on(again).get('/api/drafts/x')).body).toEqual({ ciphertext: 'AAAA', savedAt: 1 });
    await stopped(again);
  });
});

describe('the secret', () => {
  it('is made once by several starts at once, readable by nobody else, and all of them take each other’s tokens', async () => {
    const home = folder();
    const servers = await Promise.all(Array.from({ length: 3 }, () => serve(home)));
    const path = join(home, 'curfew.secret');
    unspeakable.add(readFileSync(path, 'utf8').trim());
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(home, 'curfew.db')).mode & 0o777).toBe(0o600);
    expect(readdirSync(home).filter((name) => name.includes('secret'))).toEqual(['curfew.secret']);
    const [first, ...others] = servers;
    const ada = new Program(first!);
    await ada.enter('register');
    for (const other of others) expect((await ada.on(other).get('/api/auth/me')).status).toBe(200);
    await Promise.all(servers.map(stopped));
  });

  it('can be changed without signing anybody out, and the server does not start when an earlier one is missing', async () => {
    const home = folder();
    const [one, two, three] = [secretOf('first'), secretOf('second'), secretOf('third')];
    let server = await serve(home, { CURFEW_SECRET: one });
    const ada = new Program(server);
    const { vaultKey } = (await ada.enter('register')).body;
    await stopped(server);

    server = await serve(home, { CURFEW_SECRET: two, CURFEW_PREVIOUS_SECRETS: one });
    expect((await ada.on(server).get('/api/auth/vault-key')).body).toEqual({ vaultKey });
    expect((await ada.on(server).call('POST', '/api/auth/refresh', {})).status).toBe(200);
    await stopped(server);

    const bytes = readFileSync(join(home, 'curfew.db'));
    const refused = launch(home, { CURFEW_SECRET: three, CURFEW_PREVIOUS_SECRETS: one });
    expect(await refused.gone).toEqual({ code: 1, signal: null });
    oneLine(refused.err(), /the vault key [\w-]+ cannot be opened .*CURFEW_PREVIOUS_SECRETS/);
    expect(readFileSync(join(home, 'curfew.db')).equals(bytes)).toBe(true);

    server = await serve(home, { CURFEW_SECRET: three, CURFEW_PREVIOUS_SECRETS: `${two}, ${one}` });
    expect((await ada.on(server).get('/api/auth/vault-key')).body).toEqual({ vaultKey });
    await stopped(server);
  });
});

describe('a database file', () => {
  const home = folder();
  const whole = join(home, 'curfew.db');
  beforeAll(async () => {
    const server = await serve(home);
    await new Program(server).enter('register');
    await stopped(server);
  });

  const damages: readonly [string, (path: string) => void][] = [
    ['of random bytes', (path) => writeFileSync(path, randomBytes(20_000))],
    ['that is a text', (path) => writeFileSync(path, 'These are my notes.\n')],
    [
      'with nothing but a head',
      (path) => writeFileSync(path, Buffer.concat([Buffer.from('SQLite format 3\0'), randomBytes(9_000)])),
    ],
    ['that was cut off', (path) => truncateSync(path, 3 * 4096 + 17)],
    [
      'with pages of noise',
      (path) => {
        const bytes = readFileSync(path);
        for (let page = 2; page < 12; page++) randomBytes(4096).copy(bytes, page * 4096);
        writeFileSync(path, bytes);
      },
    ],
    [
      'of another application',
      (path) => {
        writeFileSync(path, '');
        const database = new DatabaseSync(path);
        database.exec('create table theirs (x); insert into theirs values (1)');
        database.close();
      },
    ],
  ];
  it.each(damages)('%s stops the start with one line and is left as it is', async (_, damage) => {
    const place = folder();
    const path = join(place, 'curfew.db');
    copyFileSync(whole, path);
    damage(path);
    const hash = () => createHash('sha256').update(readFileSync(path)).digest('hex');
    const before = hash();
    const child = launch(place);
    expect(await child.gone).toEqual({ code: 1, signal: null });
    oneLine(
      child.err(),
      /the database .*curfew\.db (is not a SQLite database or is damaged|belongs to another application); nothing was changed/,
    );
    expect(child.out()).toBe('');
    expect(hash()).toBe(before);
    for (const name of readdirSync(place)) if (name !== 'curfew.db') expect(name).toMatch(/^curfew\.db-(shm|wal)$/);
  });

  it('that another process has locked stops the start with one line, and starts when it is let go', async () => {
    const holder = run([
      '-e',
      `const { DatabaseSync } = require('node:sqlite');
       new DatabaseSync(${JSON.stringify(whole)}).exec('pragma locking_mode = exclusive; begin exclusive');
       console.log('held');
       setInterval(() => {}, 1e6);`,
    ]);
    await holder.line(/held/);
    const child = launch(home);
    expect(await child.gone).toEqual({ code: 1, signal: null });
    oneLine(child.err(), /the database .*curfew\.db is locked by another process/);
    holder.kill('SIGKILL');
    await holder.gone;
    const server = await serve(home);
    expect((await new Program(server).enter('login')).status).toBe(200);
    await stopped(server);
  });
});

describe('what the environment may not say', () => {
  // All others are in environment.deep.test.ts.
  const wrong = [
    ['PORT', 'http'],
    ['CURFEW_DATABASE', 'curfew.db'],
    ['CURFEW_IDLE_TIMEOUT', '1m'],
  ] as const;
  it.concurrent.each(wrong)('%s=%s stops the start with one line that names it', async (name, value) => {
    const home = folder();
    const child = launch(home, { [name]: value });
    expect(await child.gone).toEqual({ code: 1, signal: null });
    expect(child.err()).toMatch(/^curfew: [^\n]+\n$/);
    expect(child.err()).toContain(`${name}=${JSON.stringify(value)} is not allowed: `);
    expect(child.out()).toBe('');
  });

  it.concurrent.each(['CURFEW_SECRET', 'CURFEW_PREVIOUS_SECRETS'])(
    'RFC 8725 3.5, OWASP JWT %s that is short is named, but not shown',
    async (name) => {
      unspeakable.add('hunter2-hunter2');
      const child = launch(folder(), { [name]: 'hunter2-hunter2' });
      expect(await child.gone).toEqual({ code: 1, signal: null });
      expect(child.err()).toMatch(new RegExp(`^curfew: ${name}="…" is not allowed: at least 32 bytes[^\\n]*\\n$`));
    },
  );

  it.concurrent(
    'CURFEW_DATABASE with another database’s password is named, and the password is not shown',
    async () => {
      unspeakable.add('postgres-pass-word');
      const child = launch(folder(), { CURFEW_DATABASE: 'postgres://ada:postgres-pass-word@db.example:x/curfew' });
      expect(await child.gone).toEqual({ code: 1, signal: null });
      expect(child.err()).toMatch(
        /^curfew: CURFEW_DATABASE="postgres:\/\/…@db\.example:x\/curfew" is not allowed: [^\n]+\n$/,
      );
    },
  );
});

describe('what all these processes have printed', () => {
  it('ASVS 14.2.1 16.2.5 holds no secret, token, password or vault key', () => {
    const all = printed.join('\n');
    expect(all.length).toBeGreaterThan(10_000);
    expect(unspeakable.size).toBeGreaterThan(20);
    for (const secret of unspeakable) {
      expect(secret.length).toBeGreaterThan(10);
      expect(all.includes(secret), 'something secret was printed').toBe(false);
    }
    // One of many random ids may have the first letters of a token in it; the form of one it does not have by chance.
    expect(all).not.toMatch(/__Host-|Bearer [\w-]{10}|eyJ[\w-]{10,}\.|\.eyJ[\w-]{10}/);
  });

  it('ASVS 16.2.1 16.2.2 16.2.4 is one JSON object a line with a time in UTC, or one line of refusal', () => {
    for (const line of printed.join('\n').split('\n')) {
      if (line === '' || line === 'held' || line.startsWith('curfew: ')) continue;
      expect(JSON.parse(line)).toMatchObject({
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        level: expect.stringMatching(/^(info|warn|error)$/),
        msg: expect.any(String),
      });
    }
  });
});
