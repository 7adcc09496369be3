import { copyFileSync, existsSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { days } from '../../../machines/index.ts';
import { emptyDatabase } from '../../support/postgres/fresh.ts';
import { environment, folder, Program, run, serve, stopped, tidy, type Server } from '../../support/server/child.ts';
import { secret } from '../../support/server/world.ts';

afterAll(tidy);

type Env = Readonly<Record<string, string>>;

/** The command as `npx curfew` runs it, with what it printed. */
async function curfew(home: string, args: readonly string[], env: Env = {}) {
  const child = run(['server/cli/index.ts', ...args], environment(home, env));
  const { code } = await child.gone;
  return { code, out: child.out(), err: child.err() };
}

const well = (out: string | RegExp) => ({
  code: 0,
  out: typeof out === 'string' ? out : expect.stringMatching(out),
  err: '',
});
const refused = (err: string, code = 2) => ({ code, out: '', err: `curfew: ${err}\n` });

/** A file of an application that exports its options. */
function configFile(home: string, options: string, before = ''): string {
  const file = join(home, 'curfew.config.ts');
  const door = (name: string) => join(import.meta.dirname, '..', '..', '..', 'server', name, 'index.ts');
  writeFileSync(
    file,
    `import { sqlite } from '${door('sqlite')}';
     import { memory } from '${door('memory')}';
     import { passwords } from '${door('')}';
     ${before}
     export default ${options};`,
  );
  return file;
}

/** The stream of a signed-in program, until a text comes: well before the stream would look by itself, after 25 s. */
async function heard(server: Server, { token }: Program, text: RegExp): Promise<string> {
  const answer = await fetch(`${server.url}/api/auth/stream`, {
    headers: { Authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(20_000),
  });
  let read = '';
  for await (const chunk of answer.body ?? []) {
    read += new TextDecoder().decode(chunk);
    if (text.test(read)) break;
  }
  return read;
}

const databases: [string, () => Promise<Env>][] = [
  ['SQLite', async () => ({ CURFEW_SECRET: secret })],
  ['PostgreSQL', async () => ({ CURFEW_DATABASE: await emptyDatabase(), CURFEW_SECRET: secret })],
];

describe.each(databases)('curfew users on %s', (_, made) => {
  it('adds somebody, resets a forgotten password and ends every session, which a running server tells at once', async () => {
    const env = await made();
    const home = folder();
    const server = await serve(home, { ...env, CURFEW_REGISTRATION: 'closed' });
    expect((await new Program(server).enter('register')).status).toBe(404);

    const added = await curfew(home, ['users', 'add', 'ada'], env);
    expect(added).toEqual(well(/^ada can sign in\nthe password is \S{20} and is not shown again\n$/));
    const first = /is (\S{20}) and/.exec(added.out)?.[1] ?? '';
    const ada = new Program(server);
    expect((await ada.enter('login', 'ada', first)).status).toBe(200);
    const { vaultKey } = (await ada.get('/api/auth/vault-key')).body;

    const told = heard(server, ada, /"state":"ended"/);
    const reset = await curfew(home, ['users', 'reset-password', 'ADA'], env);
    expect(reset).toEqual(well(/^ada is signed out everywhere and has a new password\nthe password is \S{20} and/));
    expect(await told).toContain('"reason":"revoked"');
    expect((await ada.get('/api/auth/me')).body).toMatchObject({ code: 'session_ended', reason: 'revoked' });
    const second = /is (\S{20}) and/.exec(reset.out)?.[1] ?? '';
    expect((await new Program(server).enter('login', 'ada', first)).status).toBe(401);
    const again = new Program(server);
    expect((await again.enter('login', 'ada', second)).status).toBe(200);
    expect((await again.get('/api/auth/vault-key')).body.vaultKey.id).not.toBe(vaultKey.id);
    await stopped(server);
  });
});

describe('curfew users', () => {
  const env = { CURFEW_SECRET: secret };

  /** With a password on standard input. */
  async function typed(home: string, password: string, ...args: readonly string[]) {
    const script = `printf '%s\\n' '${password}' | exec "$0" server/cli/index.ts ${args.join(' ')}`;
    const child = run(['-e', spawning(script)], environment(home, env));
    const { code } = await child.gone;
    return { code, out: child.out(), err: child.err() };
  }
  const spawning = (script: string) =>
    `const { status } = require('node:child_process').spawnSync('sh', ['-c', ${JSON.stringify(script)}, process.execPath], { stdio: 'inherit' }); process.exit(status);`;

  it('takes a password from standard input, and never from the arguments, which others can see', async () => {
    const home = folder();
    expect(await typed(home, 'correct horse battery', 'users', 'add', 'ada', '--stdin')).toEqual(
      well('ada can sign in\n'),
    );
    const server = await serve(home, env);
    expect((await new Program(server).enter('login')).status).toBe(200);
    await stopped(server);
  });

  it('NIST SP 800-63B-4 §3.1.1.2 refuses what a person could not choose either', async () => {
    const home = folder();
    const common = 'the password must not be one of the most common passwords';
    expect(await typed(home, 'password', 'users', 'add', 'ada', '--stdin')).toEqual(refused(common, 1));
    expect(await typed(home, 'short', 'users', 'add', 'ada', '--stdin')).toEqual(
      refused('the password must have 8 to 1024 characters', 1),
    );
    expect(await typed(home, 'ada lovelace', 'users', 'add', "'Ada Lovelace'", '--stdin')).toEqual(
      refused('the password must not be the user name', 1),
    );
    expect(await curfew(home, ['users', 'add', '\u200b'], env)).toEqual(
      refused('the name "\u200b" must hold only characters that can be seen', 1),
    );
    expect(await curfew(home, ['users', 'list'], env)).toEqual(well(''));
  });

  it('refuses in one line what cannot be', async () => {
    const home = folder();
    expect((await curfew(home, ['users', 'add', 'ada'], env)).code).toBe(0);
    expect(await curfew(home, ['users', 'add', 'ADA'], env)).toEqual(refused('there is a user "ADA" already', 1));
    expect(await curfew(home, ['users', 'reset-password', 'bob'], env)).toEqual(refused('there is no user "bob"', 1));
    expect((await curfew(home, ['users', 'add', 'bob', '--password=x'], env)).err).toMatch(
      /^curfew: there is no option --password=x: /,
    );
    expect((await curfew(home, ['users', 'list', '--stdin'], env)).err).toMatch(
      /^curfew: --stdin goes with add and reset-password: /,
    );
  });
});

describe('--config FILE', () => {
  it('takes the database, the secret and the accounts of an application', async () => {
    const home = folder();
    const file = configFile(home, `{ store: sqlite('${join(home, 'own.db')}'), secret: '${secret}' }`);
    expect((await curfew(home, ['users', 'add', 'ada', '--config', file])).code).toBe(0);
    expect(await curfew(home, ['users', `--config=${file}`, 'list'])).toEqual(well(/\tuser\tenabled\tada\n$/));
    expect(await curfew(home, ['audit', 'verify', '--config', file])).toEqual(
      well('0 sessions, 0 entries, 0 purged: nothing is wrong\n'),
    );
    expect(existsSync(join(home, 'own.db'))).toBe(true);
    expect(existsSync(join(home, 'curfew.db'))).toBe(false);
  });

  it('refuses in one line what it cannot use', async () => {
    const home = folder();
    const list = (...args: string[]) => curfew(home, ['users', 'list', ...args]);
    const file = configFile(home, '{ nothing: 1 }');
    expect(await list('--config')).toEqual(refused('--config needs a file', 1));
    expect(await list('--config', file, '--config', file)).toEqual(refused('--config is given twice', 1));
    expect(await list('--config', 'no.ts')).toEqual(refused('--config "no.ts": there is no such file', 1));
    expect(await list('--config', file)).toEqual(
      refused(`--config "${file}": it must export the options of createCurfew, as default or as options`, 1),
    );
    configFile(home, `{ store: sqlite('x.db'), secret: 'short' }`);
    expect((await list('--config', file)).err).toMatch(
      /^curfew: createCurfew: secret must be a text of at least 32 bytes[^\n]*\n$/,
    );
    configFile(home, '{}', 'throw new Error("the application is broken");');
    expect(await list('--config', file)).toEqual(refused(`--config "${file}": the application is broken`, 1));
    configFile(home, `{ store: memory(), secret: '${secret}', accounts: false }`);
    expect(await list('--config', file)).toEqual(
      refused('users are those of Curfew’s own table only, and these options have none', 1),
    );
    expect(await curfew(home, ['backup', 'x', '--config', file])).toEqual(
      refused('memory() keeps nothing: there is no database to look at'),
    );
  });
});

describe('curfew backup', () => {
  it('copies a database while a server writes to it, whole or not at all', async () => {
    const home = folder();
    const env = { CURFEW_SECRET: secret };
    const server = await serve(home, env);
    const ada = new Program(server);
    await ada.enter('register');
    const done = new AbortController();
    const writing = (async () => {
      for (let n = 0; !done.signal.aborted; n++)
        await ada.call('PUT', `/api/drafts/d${n % 50}`, { ciphertext: 'A'.repeat(20_000), savedAt: n });
    })();
    const file = join(home, 'copy.db');
    const made = await curfew(home, ['backup', file], env);
    expect(made).toEqual(well(/copy\.db is whole: \d+ bytes; keep the secret with it, but apart\n$/));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const before = readFileSync(file);
    expect(await curfew(home, ['backup', file], env)).toEqual(
      refused(`there is a file ${file} already; nothing was changed`),
    );
    expect(readFileSync(file).equals(before)).toBe(true);
    done.abort();
    await writing;
    await stopped(server);

    const elsewhere = folder();
    copyFileSync(file, join(elsewhere, 'curfew.db'));
    expect(await curfew(elsewhere, ['audit', 'verify'], env)).toEqual(well(/^1 sessions, .* nothing is wrong\n$/));
    const restored = await serve(elsewhere, env);
    expect((await ada.on(restored).get('/api/auth/me')).status).toBe(200);
    await stopped(restored);
  });

  it('refuses in one line what it cannot copy', async () => {
    const home = folder();
    expect(await curfew(home, ['backup'])).toEqual(refused('curfew backup FILE'));
    expect(await curfew(home, ['backup', 'a', 'b'])).toEqual(refused('curfew backup FILE'));
    expect(await curfew(home, ['backup', 'a'])).toEqual(refused(`there is no database ${join(home, 'curfew.db')}`));
    writeFileSync(join(home, 'curfew.db'), 'These are my notes.\n');
    expect((await curfew(home, ['backup', join(home, 'a')])).err).toMatch(
      /is not a SQLite database or is damaged[^\n]*\n$/,
    );
    expect(existsSync(join(home, 'a'))).toBe(false);
    const env = { CURFEW_DATABASE: 'postgres://ada@db.example/curfew', CURFEW_SECRET: secret };
    expect(await curfew(home, ['backup', 'a'], env)).toEqual(
      refused('a PostgreSQL database is backed up with pg_dump, which takes it as it is at one moment'),
    );
  });
});

describe('curfew doctor', () => {
  it('finds nothing wrong beside a running server, and changes nothing', async () => {
    const home = folder();
    const server = await serve(home);
    await new Program(server).enter('register');
    const before = readFileSync(join(home, 'curfew.db'));
    const { code, out, err } = await curfew(home, ['doctor']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    for (const line of [
      /^ok {7}database {9}\S+ can be read and written$/m,
      /^ok {7}schema {11}version \d+$/m,
      /^ok {7}write-ahead log {2}\d+ bytes$/m,
      /^ok {7}clock {12}\S+, the newest entry is of \S+$/m,
      /^ok {7}secret {11}\S+curfew\.secret is 0 days old$/m,
      /^ok {7}proxies {10}none is trusted$/m,
    ])
      expect(out).toMatch(line);
    expect(readFileSync(join(home, 'curfew.db')).equals(before)).toBe(true);
    const old = Date.now() / 1000 - days(400) / 1000;
    utimesSync(join(home, 'curfew.secret'), old, old);
    expect((await curfew(home, ['doctor'])).out).toMatch(/^look at {2}secret {11}\S+ is 400 days old: rotate it/m);
    await stopped(server);
  });

  it.each(databases)(
    'asks a running server on %s through its address, and leaves no session behind',
    async (_, made) => {
      const env = await made();
      const home = folder();
      const server = await serve(home, env);
      const { code, out, err } = await curfew(home, ['doctor', '--url', server.url], env);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      for (const line of [
        /^ok {7}address {10}http:\S+ is answered by this server$/m,
        /^ok {7}headers {10}Session-Status, Cache-Control: no-store and Session-Id come through$/m,
        /^ok {7}cookie {11}it is handed out and taken, Secure and for this host alone$/m,
        /^ok {7}caching {10}every answer is a new one$/m,
        /^ok {7}event stream {5}its first event came while it was open$/m,
        /^ok {7}compression {6}the event stream comes as it is$/m,
        /^ok {7}client {11}no X-Forwarded-For is believed$/m,
      ])
        expect(out).toMatch(line);
      expect(await curfew(home, ['sessions', 'end', '--all'], env)).toEqual(well('0 sessions ended\n'));
      expect((await curfew(home, ['audit', 'verify'], env)).out).toMatch(/^1 sessions, .* nothing is wrong$/m);
      await stopped(server);
    },
  );

  it('says that browsers keep the cookie over https only', async () => {
    const home = folder();
    const server = await serve(home);
    const url = server.url.replace('127.0.0.1', '[::ffff:127.0.0.1]');
    expect(await curfew(home, ['doctor', `--url=${url}`])).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^wrong {4}cookie {11}browsers keep it over https only, and this is http:\S+$/m),
    });
    await stopped(server);
  });

  it.each([
    [['--url'], 'curfew doctor [--url ADDRESS]'],
    [['--url', 'https://a.example', 'b'], 'curfew doctor [--url ADDRESS]'],
    [['--url', 'a.example'], '--url "a.example" is no address such as https://app.example.com'],
    [['--url=ftp://a.example'], '--url "ftp://a.example" is no address such as https://app.example.com'],
    [['--url=https://a.example?x'], '--url "https://a.example?x" is no address such as https://app.example.com'],
  ])('refuses %j in one line', async (args, line) => {
    expect(await curfew(folder(), ['doctor', ...args])).toEqual(refused(line));
  });

  it('says what is wrong: a copy that is not whole, proxies that are everybody', async () => {
    const home = folder();
    const server = await serve(home);
    const other = folder();
    await new Program(server).enter('register');
    copyFileSync(join(home, 'curfew.db'), join(other, 'curfew.db'));
    expect(await curfew(other, ['doctor'])).toEqual({
      code: 1,
      out: expect.stringMatching(/^wrong {4}database {9}the database \S+ was copied without its write-ahead log/),
      err: '',
    });
    expect(await curfew(home, ['doctor'], { CURFEW_TRUSTED_PROXIES: '0.0.0.0/0' })).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^wrong {4}proxies {10}0\.0\.0\.0\/0 lets every client say where it comes from$/m),
    });
    expect(await curfew(home, ['doctor', 'me'])).toEqual(refused('curfew doctor [--url ADDRESS]'));
    await stopped(server);
  });

  it('asks PostgreSQL whether announcements are heard', async () => {
    const home = folder();
    const env = { CURFEW_DATABASE: await emptyDatabase(), CURFEW_SECRET: secret };
    await stopped(await serve(home, env));
    const { code, out } = await curfew(home, ['doctor'], env);
    expect(out).toMatch(/^ok {7}LISTEN {11}what one connection announces is heard on another$/m);
    expect(out).not.toContain('write-ahead log');
    expect(code).toBe(0);
    expect(await curfew(home, ['doctor'], { ...env, CURFEW_DATABASE: 'postgres://ada:hush@127.0.0.1:1/x' })).toEqual({
      code: 1,
      out: expect.stringMatching(/^wrong {4}database(?!.*hush)/),
      err: '',
    });
  });
});

it('says which commands there are', async () => {
  const home = folder();
  expect(await curfew(home, [])).toEqual(refused('say a command: audit, users, sessions, backup, doctor'));
  expect(await curfew(home, ['toString'])).toEqual(
    refused('there is no command toString: audit, users, sessions, backup, doctor'),
  );
});
