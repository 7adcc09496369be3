import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { Client } from 'pg';
import { emptyDatabase } from '../../support/postgres/fresh.ts';
import { folder } from '../../support/server/folder.ts';

/** What a browser had when a database was recorded. */
export interface Credential {
  readonly username: string;
  readonly password: string;
  /** Of the cookie. */
  readonly token: string;
  readonly user: string;
  readonly session: string;
  /** The id of the key. */
  readonly vaultKey: string;
}

/** What belongs to a database that was recorded: the session of the first is active, the others' are remembered, lapsed and ended. */
export interface Recorded {
  readonly secret: string;
  readonly credentials: readonly Credential[];
}

/** A PostgreSQL database as data: what made its tables, and their rows. Bytes are `{ bytes: base64 }`. */
export interface Dump {
  readonly migrations: readonly string[];
  readonly tables: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
}

export type Kind = 'sqlite' | 'postgres';

const here = new URL('.', import.meta.url);
const read = (name: string) => readFileSync(new URL(name, here));

/** The schema versions of which there are recordings. */
export const versions = readdirSync(here)
  .flatMap((name) => /^(\d+)\.json$/.exec(name)?.[1] ?? [])
  .map(Number)
  .toSorted((a, b) => a - b);

/** What was recorded with a database. */
export const recordedWith = (version: number, kind: Kind): Recorded =>
  JSON.parse(read(`${version}.json`).toString('utf8'))[kind];

function sqlite(version: number): string {
  const path = join(folder(), 'curfew.db');
  writeFileSync(path, brotliDecompressSync(read(`${version}.db.br`)));
  return path;
}

const asValue = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'bytes' in value ? Buffer.from(String(value.bytes), 'base64') : value;

async function postgres(version: number): Promise<string> {
  const { migrations, tables }: Dump = JSON.parse(brotliDecompressSync(read(`${version}.postgres.json.br`)).toString());
  const address = await emptyDatabase();
  const client = new Client({ connectionString: address });
  await client.connect();
  await client.query('begin; create table curfew_schema (version integer not null)');
  for (const migration of migrations) await client.query(migration);
  // A message may come before its conversation.
  await client.query('set session_replication_role = replica');
  for (const [table, rows] of Object.entries(tables))
    for (const row of rows) {
      const places = Object.keys(row).map((_, index) => `$${index + 1}`);
      await client.query(
        `insert into ${table} (${Object.keys(row).join(', ')}) overriding system value values (${places.join(', ')})`,
        Object.values(row).map(asValue),
      );
    }
  await client.query('commit');
  await client.end();
  return address;
}

/** @returns where a copy of a database that was recorded is, its path or its address; it is gone after the tests. */
export const restoredDatabase = async (version: number, kind: Kind): Promise<string> =>
  kind === 'sqlite' ? sqlite(version) : postgres(version);
