import { AsyncLocalStorage } from 'node:async_hooks';
import { Pool, type ClientBase, type ClientConfig, type PoolClient } from 'pg';
import { seconds } from '../../machines/index.ts';
import { StoreUnavailable } from '../store/unavailable.ts';
import { asFailure, Contention, isReadOnly } from './failure.ts';
import { ownName, withoutName } from './address.ts';
import { hostsAt, type Hosts } from './hosts.ts';
import { migrate } from './migrate.ts';
import { checkReplicated, watchReplication } from './replication.ts';
import { decodeRow, encodeValue } from './text.ts';
import { watchTimeline } from './timeline.ts';

/** A row as PostgreSQL returns it; its shape is not checked yet. */
export type Row = Record<string, unknown>;

/** One of what can be given to a statement. */
export type Single = string | number | boolean | null | Uint8Array;

/** What can be given to a statement. */
export type Value = Single | readonly Single[];

/** What a statement came to. */
export interface Outcome {
  readonly rows: readonly Row[];
  /** How many rows were changed, or read. */
  readonly count: number;
}

/** Takes one statement after another. @throws `StoreUnavailable` when the database is in trouble. */
export type Query = (sql: string, values?: readonly Value[]) => Promise<Outcome>;

/** A database with the present schema, behind a pool of connections that comes back by itself after every trouble. */
export interface PostgresDatabase {
  /** Where it is, password included. */
  readonly address: string;
  /** Which host is connected to, where the address names several. */
  readonly hosts: Hosts;
  /** One statement, which is a transaction of its own. */
  readonly query: Query;
  /**
   * Writes all that `work` writes or nothing. `work` is asked again when another transaction stood in its way.
   *
   * @throws `StoreUnavailable` when the database is in trouble, and whatever `work` throws.
   */
  readonly transaction: <Result>(work: (query: Query) => Promise<Result>) => Promise<Result>;
  /** Which history of the database was connected to last, `null` where it is not known. @see TimelineWatch */
  readonly timeline: () => string | null;
  /** Runs `work`, and sends every `query` made inside it, also by other stores, through the given transaction. */
  readonly within: (transaction: Query, work: () => Promise<void>) => Promise<void>;
  /** Has `close` wait for something that needs a connection, such as telling other nodes of the last commit. */
  readonly waitFor: (task: Promise<void>) => void;
  /** Waits for what is under way and closes every connection. */
  close(): Promise<void>;
  /** Aborted when it is closed. */
  readonly closing: AbortSignal;
}

/** How long to wait for what, in ms: a request is answered before its browser gives up. */
const timeouts: ClientConfig = {
  connectionTimeoutMillis: seconds(5),
  statement_timeout: seconds(5),
  lock_timeout: seconds(3),
  idle_in_transaction_session_timeout: seconds(5),
  // A database that does not even say that a statement took too long is not there.
  query_timeout: seconds(7),
};

/** How many connections a node keeps at most. */
const poolSize = 10;
const maxAttempts = 10;

const queryOn =
  (client: PoolClient): Query =>
  async (sql, values = []) => {
    try {
      const { rows, rowCount } = await client.query<Row>(sql, values.map(encodeValue));
      checkReplicated(client);
      return { rows: rows.map(decodeRow), count: rowCount ?? 0 };
    } catch (error) {
      throw asFailure(error);
    }
  };

/** The connections of a node. */
interface Connections {
  readonly hosts: Hosts;
  readonly timeline: () => string | null;
  /** Those to one host; a host that is never tried has none. */
  readonly poolOf: (address: string) => Pool;
  readonly end: () => Promise<unknown>;
}

/** Gets a connection to the first host that will have it. */
async function connect({ hosts, poolOf }: Connections): Promise<PoolClient> {
  for (let left = hosts.count; ; left--) {
    const address = hosts.present();
    const pool = poolOf(address);
    const isFull = pool.idleCount === 0 && pool.totalCount >= poolSize;
    try {
      return await pool.connect();
    } catch (error) {
      // To have waited too long for others is not the fault of the host.
      const isAnother = isFull ? hosts.present() !== address : hosts.failed(address, error);
      if (!isAnother || left === 1) throw asFailure(error);
    }
  }
}

/** Works on a connection of its own. @param work says `lose` of one that is good for nothing any more. */
async function connected<Result>(
  connections: Connections,
  work: (query: Query, lose: () => void) => Promise<Result>,
): Promise<Result> {
  const client = await connect(connections);
  // The statement that is under way fails with the same error.
  const ignore = () => {};
  client.on('error', ignore);
  let isLost = false;
  try {
    return await work(queryOn(client), () => (isLost = true));
  } finally {
    client.off('error', ignore);
    client.release(isLost);
  }
}

const single = (connections: Connections, sql: string, values?: readonly Value[]): Promise<Outcome> =>
  connected(connections, async (query, lose) => {
    try {
      return await query(sql, values);
    } catch (error) {
      if (error instanceof StoreUnavailable) lose();
      throw error;
    }
  });

/** Whatever the database isolates by default: at a higher level a statement does not see what it has waited for. */
const inTransaction = <Result>(connections: Connections, work: (query: Query) => Promise<Result>): Promise<Result> =>
  connected(connections, async (query, lose) => {
    try {
      await query('begin isolation level read committed');
      const result = await work(query);
      await query('commit');
      return result;
    } catch (error) {
      await query('rollback').catch(lose);
      // Another host may take what this one does not.
      if (isReadOnly(error)) lose();
      throw error;
    }
  });

async function untilUncontended<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Contention)) throw error;
      if (attempt === maxAttempts) throw new StoreUnavailable('the database is too busy', { cause: error });
    }
  }
}

/** A statement on its own has the isolation of the database; one that stood in another's way gets ours. */
async function singleUntilUncontended(
  connections: Connections,
  sql: string,
  values?: readonly Value[],
): Promise<Outcome> {
  try {
    return await single(connections, sql, values);
  } catch (error) {
    if (!(error instanceof Contention)) throw error;
    return untilUncontended(() => inTransaction(connections, (query) => query(sql, values)));
  }
}

function wrap(address: string, connections: Connections): PostgresDatabase {
  const closing = new AbortController();
  const present = new AsyncLocalStorage<Query>();
  const tasks = new Set<Promise<void>>();
  let closed: Promise<void> | null = null;
  return {
    address,
    hosts: connections.hosts,
    timeline: connections.timeline,
    query(sql, values) {
      const transaction = present.getStore();
      return transaction ? transaction(sql, values) : singleUntilUncontended(connections, sql, values);
    },
    within: (transaction, work) => present.run(transaction, work),
    transaction: (work) => untilUncontended(() => inTransaction(connections, work)),
    closing: closing.signal,
    waitFor(task) {
      const settled = task.catch(() => {}).finally(() => tasks.delete(settled));
      tasks.add(settled);
    },
    close() {
      closing.abort();
      closed ??= Promise.all(tasks).then(async () => void (await connections.end()));
      return closed;
    },
  };
}

function connectionsTo(hosts: Hosts): Connections {
  const [pools, timeline] = [new Map<string, Pool>(), watchTimeline()];
  const greet = async (client: ClientBase) => {
    await hosts.check(client);
    await timeline.note(client);
  };
  const open = (address: string) => {
    const pool = new Pool({
      connectionString: withoutName(address),
      application_name: ownName,
      keepAlive: true,
      max: poolSize,
      idleTimeoutMillis: seconds(30),
      onConnect: greet, // oxlint-disable-line typescript/no-misused-promises -- it is awaited
      ...timeouts,
    });
    // A connection that breaks while it is idle leaves the pool; the next statement gets another.
    pool.on('error', () => {});
    pool.on('connect', watchReplication);
    pools.set(address, pool);
    return pool;
  };
  return {
    hosts,
    timeline: timeline.present,
    poolOf: (address) => pools.get(address) ?? open(address),
    end: () => Promise.all([...pools.values()].map((pool) => pool.end())),
  };
}

/** Connects to a database whose schema is left as it is. @throws TypeError when it is no address */
export const connectPostgres = (address: string, hosts = hostsAt(address)): PostgresDatabase =>
  wrap(address, connectionsTo(hosts));

/**
 * Connects to a database and brings it to the present schema; several nodes may do so at once.
 *
 * @param address `postgres://user:password@host:port/name`; see `postgres` for several hosts
 * @throws `UnusableDatabase` with one line that says what is wrong, `TypeError` when it is no address
 */
export async function openPostgres(address: string): Promise<PostgresDatabase> {
  const hosts = hostsAt(address);
  await migrate(address, hosts, timeouts);
  return connectPostgres(address, hosts);
}
