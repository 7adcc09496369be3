import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { Client } from 'pg';
import { days, minutes, type Duration } from '../../../machines/index.ts';
import { t0 } from '../../support/machines.ts';
import { startPostgres } from '../../support/postgres/server.ts';
import type { Recorded, Dump, Credential } from './schemas.ts';

/**
 * Records a database of each kind as an earlier version has left it: `node tests/golden/schemas/record.ts FOLDER`, where
 * the folder is a checkout of that version. A database that has been written has to be opened for ever, so an existing
 * recording is never written again; a new schema gets files of its own.
 */

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('say where the earlier version is checked out');
const load = async (path: string): Promise<Record<string, any>> =>
  (await import(pathToFileURL(join(folder, path)).href)) as Record<string, any>;
const { appOn, partsOn } = await load('tests/support/server/parts.ts');
const { postgresAppStore } = await load('server/app/store/postgres.ts');
const { sqliteAppStore } = await load('server/app/store/sqlite.ts');
const { openDatabase, sqlite } = await load('server/sqlite/index.ts');
const { openPostgres, postgres } = await load('server/postgres/index.ts');
const { sweep } = await load('server/sweeper.ts');
const { migrations } = await load('server/sqlite/schema.ts');
const { migrations: postgresMigrations } = await load('server/postgres/schema.ts');

const secret = 'the secret that was recorded with the databases';
const password = 'correct horse battery';

/** A database with what an application keeps in it, too, as a server has them. */
interface Stores {
  readonly store: any;
  readonly appStore: any;
  readonly close: () => Promise<void>;
}

function onSqlite(path: string): Stores {
  const database = openDatabase(path);
  return { store: sqlite(database), appStore: sqliteAppStore(database), close: async () => database.close() };
}

/** @param made takes what makes the application's own tables */
async function onPostgres(address: string, made: string[]): Promise<Stores> {
  const database = await openPostgres(address);
  const noting =
    (query: any) =>
    (statement: string, values?: unknown[]): unknown => {
      if (/^\s*(create|alter)\b/i.test(statement)) made.push(statement);
      return query(statement, values);
    };
  const noted = {
    ...database,
    query: noting(database.query),
    transaction: (work: any) => database.transaction((query: any) => work(noting(query))),
  };
  const appStore = await postgresAppStore(noted);
  return { store: postgres(database), appStore, close: () => database.close() };
}

/** What a few people did in the days before. @returns what their browsers had then */
async function live(stores: Stores): Promise<Credential[]> {
  let now = t0 - days(3);
  const goOn = (until: Duration) => (now = t0 - until);
  const parts = await partsOn(stores.store, {
    secret,
    clock: () => now,
    wake: () => () => {},
    write: () => {},
  });
  const app = appOn(parts, stores.appStore);

  function browser(username: string) {
    const own = { username, password, token: '', user: '', session: '', vaultKey: '' };
    const call = async (method: string, path: string, body?: object): Promise<any> => {
      const response: Response = await app.request(`http://localhost${path}`, {
        method,
        headers: {
          'Content-Type': 'application/json',
          'Sec-Fetch-Site': 'same-origin',
          'User-Agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/141.0.0.0',
          ...(own.token !== '' && { Cookie: `__Host-curfew=${own.token}` }),
        },
        ...(body && { body: JSON.stringify(body) }),
      });
      const set = /__Host-curfew=([^;]+)/.exec(response.headers.get('Set-Cookie') ?? '')?.[1];
      if (set) own.token = set;
      const text = await response.text();
      return text === '' ? null : JSON.parse(text);
    };
    const enter = async (how: 'register' | 'login', more = {}) => {
      const { user, session, vaultKey } = await call('POST', `/api/auth/${how}`, { username, password, ...more });
      Object.assign(own, { user: user.id, session: session.id, vaultKey: vaultKey.id });
    };
    return { own, call, enter };
  }

  const remembered = browser('dora');
  await remembered.enter('register');
  await remembered.enter('login', { remember: true });

  goOn(minutes(60));
  const lapsed = browser('bob');
  await lapsed.enter('register');
  const ended = browser('cleo');
  await ended.enter('register');
  await ended.call('POST', '/api/auth/logout', {});
  await browser('bob').call('POST', '/api/auth/login', { username: 'bob', password: 'wrong' });

  goOn(minutes(20));
  await sweep(parts);
  const active = browser('ada');
  await active.enter('register');
  const { conversation } = await active.call('POST', '/api/conversations', { title: 'An old conversation' });
  await active.call('POST', `/api/conversations/${conversation.id}/messages`, { body: 'Grüße 👩🏽‍🚀' });
  await active.call('PUT', '/api/settings', { theme: 'dark', density: 'compact', language: 'en' });
  await active.call('PUT', '/api/drafts/letter', { ciphertext: 'Y2lwaGVy', savedAt: now });
  goOn(minutes(10));
  await active.call('POST', '/api/auth/refresh', {});
  await active.call('GET', '/api/auth/me');
  await active.call('POST', '/api/auth/activity', { ageMs: 0 });
  await stores.close();
  return [active, remembered, lapsed, ended].map(({ own }) => own);
}

const scratch = mkdtempSync(join(tmpdir(), 'curfew-record-'));

async function inSqlite(): Promise<Recorded> {
  const path = join(scratch, 'curfew.db');
  const credentials = await live(onSqlite(path));
  const flat = join(scratch, 'flat.db');
  const database = new DatabaseSync(path);
  database.prepare('vacuum into ?').run(flat);
  database.close();
  store('db.br', brotliCompressSync(readFileSync(flat)));
  return { secret, credentials };
}

const asData = (_: string, value: unknown): unknown =>
  value instanceof Object && 'type' in value && value.type === 'Buffer' && 'data' in value
    ? { bytes: Buffer.from(value.data as number[]).toString('base64') }
    : value;

async function inPostgres(): Promise<Recorded> {
  const server = await startPostgres();
  const made: string[] = [];
  const credentials = await live(await onPostgres(server.url, made));
  const client = new Client({ connectionString: server.url });
  await client.connect();
  const tables: Record<string, Dump['tables'][string]> = {};
  const names = await client.query(
    "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace",
  );
  for (const { relname } of names.rows)
    tables[relname] = JSON.parse(JSON.stringify((await client.query(`select * from ${relname}`)).rows, asData));
  await client.end();
  await server.erase();
  const dump: Dump = { migrations: [...postgresMigrations, ...made], tables };
  store('postgres.json.br', brotliCompressSync(JSON.stringify(dump)));
  return { secret, credentials };
}

function store(name: string, content: string | Buffer): void {
  writeFileSync(new URL(`${migrations.length}.${name}`, import.meta.url), content, { flag: 'wx' });
}

const recorded = { sqlite: await inSqlite(), postgres: await inPostgres() };
store('json', `${JSON.stringify(recorded, null, 2)}\n`);
rmSync(scratch, { recursive: true });
