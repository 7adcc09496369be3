import type { Client, ClientConfig } from 'pg';
import { z } from 'zod';
import { seconds } from '../../machines/index.ts';
import { UnusableDatabase } from '../store/unavailable.ts';
import { ownName, shown } from './address.ts';
import { remedyFor, whyNotThisEngine } from './engine.ts';
import { connectClient, type Hosts } from './hosts.ts';
import { checkReplicated, watchReplication } from './replication.ts';
import { migrations } from './schema.ts';

/** Nodes that start at once take turns by this number. */
const turn = 0x43524657;

const versionRow = z.object({ version: z.number() });
const strangersRow = z.object({ strangers: z.string().nullable() });
const durabilityRow = z.object({ synchronous_commit: z.string() });

const unusable = (address: string, what: string, cause?: unknown): UnusableDatabase =>
  new UnusableDatabase(`the database ${shown(address)} ${what}`, { cause });

const reasonOf = (error: unknown): string => {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ');
  return error instanceof Error ? `${error.message}${remedyFor(error)}` : String(error);
};

/** The schema version of a database; tables without our `curfew_schema` belong to another application. */
async function versionOf(client: Client, address: string): Promise<number> {
  const { rows: tables } = await client.query<object>(`select to_regclass('curfew_schema') is not null as known`);
  if (z.object({ known: z.boolean() }).parse(tables[0]).known) {
    const { rows } = await client.query<object>('select version from curfew_schema');
    return versionRow.parse(rows[0]).version;
  }
  const { rows } = await client.query<object>(`
    select string_agg(relname, ', ' order by relname) as strangers from pg_class
    where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p', 'v', 'm')`);
  const { strangers } = strangersRow.parse(rows[0]);
  if (strangers !== null)
    throw unusable(
      address,
      `holds tables of another application (${strangers}); nothing was changed; a schema of its own would do: ?options=-csearch_path%3D…`,
    );
  await client.query('create table curfew_schema (version integer not null); insert into curfew_schema values (0)');
  return 0;
}

async function bringUpToDate(client: Client, address: string): Promise<void> {
  await client.query('begin isolation level read committed');
  await client.query('select pg_advisory_xact_lock($1)', [turn]);
  const version = await versionOf(client, address);
  if (version > migrations.length)
    throw unusable(
      address,
      `was written by a newer version (schema ${version}, this version knows ${migrations.length}); nothing was changed`,
    );
  for (const migration of migrations.slice(version)) await client.query(migration);
  if (version < migrations.length) await client.query('update curfew_schema set version = $1', [migrations.length]);
  await client.query('commit');
  checkReplicated(client);
}

/** What is acknowledged has to be on a disk. */
async function checkDurability(client: Client, address: string): Promise<void> {
  const { rows } = await client.query<object>('show synchronous_commit');
  if (durabilityRow.parse(rows[0]).synchronous_commit === 'off')
    throw unusable(address, 'acknowledges what is not on a disk yet: synchronous_commit must not be off');
}

async function checkEngine(client: Client, address: string): Promise<void> {
  const why = await whyNotThisEngine(client);
  if (why !== null) throw unusable(address, why);
}

/**
 * Brings a database to the present schema, in one transaction and one node after another.
 *
 * @throws `UnusableDatabase` when it cannot be reached, belongs to another application, or was written by a newer
 * version; then nothing was changed.
 * @param asked what the connections of a node ask for when they begin: a pooler may refuse it
 */
export async function migrate(address: string, hosts: Hosts, asked: ClientConfig): Promise<void> {
  let client: Client | null = null;
  try {
    const config = { application_name: ownName, connectionTimeoutMillis: seconds(5) };
    const probe = await connectClient(hosts, { ...asked, ...config });
    await probe.end();
    client = await connectClient(hosts, config, watchReplication);
    await checkEngine(client, address);
    await checkDurability(client, address);
    await bringUpToDate(client, address);
  } catch (error) {
    throw error instanceof UnusableDatabase ? error : unusable(address, `cannot be used: ${reasonOf(error)}`, error);
  } finally {
    await client?.end().catch(() => {});
  }
}
