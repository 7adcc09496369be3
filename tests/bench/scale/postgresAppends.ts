import { Client } from 'pg';
import type { Query, Value } from '../../../server/postgres/connection.ts';
import { encodeValue } from '../../../server/postgres/text.ts';
import { postgres } from '../../../server/postgres/index.ts';
import { write } from '../../../server/postgres/write.ts';
import { writeTogether } from '../../../server/postgres/writeTogether.ts';
import type { Change } from '../../../server/store/eventLog.ts';
import { startPostgres } from '../../support/postgres/server.ts';
import { entriesBefore, group, hashed, prepared, productLanes, type Appends } from './appends.ts';
import { fillWithEntries } from './fill.ts';
import { inTurns, type Lane } from './lanes.ts';

/** As a server is that people rely on, on a machine of this size. */
const settings = { fsync: 'on', full_page_writes: 'on', shared_buffers: '256MB', max_wal_size: '2GB' };

interface Statement {
  readonly sql: string;
  readonly values: readonly Value[];
}

/** The one statement by which the product writes something. */
async function statementOf(work: (query: Query) => Promise<unknown>): Promise<Statement> {
  const statements: Statement[] = [];
  await work(async (sql, values = []) => {
    statements.push({ sql, values: values.map(encodeValue) });
    return { rows: [], count: 1 };
  });
  const [statement, ...others] = statements;
  if (!statement || others.length > 0) throw new Error(`${statements.length} statements in place of one`);
  return statement;
}

/** The same statements with the same values, and the same JSON and hashes, on one connection with nothing around it. */
function rawLane(client: Client, statements: readonly Statement[], nexts: readonly Change[], size: number): Lane {
  return async (from, to) => {
    for (let at = from; at < to; at += size) {
      for (const next of nexts.slice(at, at + size)) JSON.stringify([hashed(next).entries, next.state.context]);
      const statement = statements[at / size];
      if (statement) await client.query(statement.sql, [...statement.values]);
    }
  };
}

/** As `measureAppends`, on PostgreSQL, which has to write to the disk what it acknowledges. */
export async function measurePostgresAppends(count: number): Promise<Appends> {
  const server = await startPostgres(settings);
  const admin = new Client({ connectionString: server.url });
  await admin.connect();
  const addressOf = (name: string) => Object.assign(new URL(server.url), { pathname: name }).href;
  const open = (name: string) => postgres(addressOf(name)).open({ clock: () => Date.now() });
  const { beginnings, nexts } = prepared(count, Date.now());

  await admin.query('create database filled');
  const filled = await open('filled');
  await fillWithEntries(filled.log, 0, entriesBefore, Date.now());
  for (let at = 0; at < count; at += group) await filled.log.append(beginnings.slice(at, at + group));
  await filled.close();
  const inFilled = new Client({ connectionString: addressOf('filled') });
  await inFilled.connect();
  await inFilled.query('vacuum analyze');
  await inFilled.end();
  for (const name of ['one', 'together', 'raw', 'groups']) await admin.query(`create database ${name} template filled`);
  await admin.query('checkpoint');

  const singles: Statement[] = [];
  for (const next of nexts) singles.push(await statementOf((query) => write(query, next, '')));
  const groups: Statement[] = [];
  for (let at = 0; at < count; at += group)
    groups.push(await statementOf((query) => writeTogether(query, nexts.slice(at, at + group), '', 'pass')));

  const [one, many] = [await open('one'), await open('together')];
  const clients = [
    new Client({ connectionString: addressOf('raw') }),
    new Client({ connectionString: addressOf('groups') }),
  ] as const;
  for (const client of clients) await client.connect();
  const rates = await inTurns(
    {
      oneByOne: productLanes(one.log, nexts).oneByOne,
      rawOneByOne: rawLane(clients[0], singles, nexts, 1),
      together: productLanes(many.log, nexts).together,
      rawInGroups: rawLane(clients[1], groups, nexts, group),
    },
    count,
  );
  for (const each of [one, many]) await each.close();
  for (const client of [...clients, admin]) await client.end();
  await server.erase();
  return rates;
}
