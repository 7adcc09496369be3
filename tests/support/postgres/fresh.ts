import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { inject, onTestFinished } from 'vitest';
import { openPostgres, type PostgresDatabase } from '../../../server/postgres/connection.ts';
import { afterFile } from '../runner/afterFile.ts';
import { startPostgres, type PostgresServer } from './server.ts';

/** Calls after the test, or after the file where there is no test. */
function afterwards(call: () => Promise<unknown>): void {
  try {
    onTestFinished(async () => void (await call()));
  } catch {
    afterFile(call);
  }
}

async function ask(): Promise<string> {
  const response = await fetch(inject('postgresDesk'));
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text;
}

let desk: Promise<string> | undefined;

/** One statement of the administrator, by default in the database in which others are made. */
export async function administer(sql: string, address?: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: address ?? (await (desk ??= ask())) });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** The address of a new database without anything in it, by default on this run's server; it is gone after the file. */
export async function emptyDatabase(server?: string): Promise<string> {
  const url = new URL(server ?? (await (desk ??= ask())));
  const name = `curfew_test_${randomBytes(6).toString('hex')}`;
  await administer(`create database ${name} template template0`, server);
  afterFile(() => administer(`drop database if exists ${name} with (force)`, server));
  url.pathname = name;
  return url.href;
}

/** A server of this file's own, for what would disturb the others; erased after the file. @param settings of it alone */
export async function ownServer(settings: Readonly<Record<string, string>> = {}): Promise<PostgresServer> {
  const server = await startPostgres(settings);
  afterFile(() => server.erase());
  return server;
}

/** Cuts the connections of everybody else to a database, or of those who call themselves so. */
export const cut = (address: string, name = '%') =>
  administer(
    `select pg_terminate_backend(pid, 5000) from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and application_name like '${name}'`,
    address,
  );

/** Opens a database as a node does, until the test is over. */
export async function opened(address: string): Promise<PostgresDatabase> {
  const database = await openPostgres(address);
  afterwards(() => database.close());
  return database;
}

// By the name of one that takes part: nobody's leases are waited for.
const erase = `
  set application_name = 'curfew:1';
  do $$ declare name text; begin
    set constraints all deferred;
    for name in select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
      and relname not in ('curfew_schema', 'app_schema', 'messages') loop execute format('delete from %I', name);
    end loop;
  end $$`;

/** What a transaction of a database gets when it asks for nothing else. */
export const isolations = ['read committed', 'repeatable read', 'serializable'] as const;

export type Isolation = (typeof isolations)[number];

const free: Record<Isolation, string[]> = { 'read committed': [], 'repeatable read': [], serializable: [] };

async function databaseWith(isolation: Isolation): Promise<string> {
  const address = await emptyDatabase();
  afterFile(() => (free[isolation].length = 0));
  const name = new URL(address).pathname.slice(1);
  await administer(`alter database ${name} set default_transaction_isolation = '${isolation}'`, address);
  return address;
}

/** The address of a database in which nothing is written, of this test alone. Making one takes time; they are shared. */
export async function freshDatabase(isolation: Isolation = 'read committed'): Promise<string> {
  const used = free[isolation].pop();
  const address = used ?? (await databaseWith(isolation));
  if (used !== undefined) await administer(erase, used);
  afterwards(async () => free[isolation].push(address));
  return address;
}

/** A database with the present schema in which nothing is written. */
export const freshPostgres = async (isolation?: Isolation): Promise<PostgresDatabase> =>
  opened(await freshDatabase(isolation));
