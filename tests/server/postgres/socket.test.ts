import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { isPostgresAddress, shown } from '../../../server/postgres/address.ts';
import { openPostgres } from '../../../server/postgres/connection.ts';
import { postgres } from '../../../server/postgres/index.ts';
import { folder, tidy } from '../../support/server/child.ts';
import { emptyDatabase } from '../../support/postgres/fresh.ts';

/** The address of a database by a socket in a folder, as Debian's servers have it. */
async function bySocket(): Promise<string> {
  const { hostname, port, username, password, pathname } = new URL(await emptyDatabase());
  const home = folder();
  const socket = createServer((near) => {
    const far = connect(Number(port), hostname);
    near.pipe(far).pipe(near);
    for (const end of [near, far]) end.on('error', () => end.destroy());
  }).listen(join(home, '.s.PGSQL.5432'));
  await once(socket, 'listening');
  onTestFinished(async () => {
    socket.close();
    await tidy();
  });
  return `postgres://${username}:${password}@${pathname}?host=${home}`;
}

it('a PostgreSQL database is opened by a socket', async () => {
  const address = await bySocket();
  expect(() => postgres(address)).not.toThrow();
  const database = await openPostgres(address);
  expect((await database.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  await database.close();
});

it('its address is taken, and shown without the password', () => {
  const address = 'postgres://ada:hush@/curfew?host=/var/run/postgresql';
  expect(isPostgresAddress(address)).toBe(true);
  expect(isPostgresAddress('postgresql:///curfew?host=%2Fvar%2Frun%2Fpostgresql&user=ada')).toBe(true);
  expect(shown(address)).toBe('postgres://ada@socket/curfew');
  expect(isPostgresAddress('postgres://ada@/curfew')).toBe(false);
});
