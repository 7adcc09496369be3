import { copyFileSync, existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { backupDatabase } from '../../../server/sqlite/backup.ts';
import { openDatabase } from '../../../server/sqlite/connection.ts';
import { whatMainFileSays } from '../../../server/sqlite/mainFile.ts';
import { secret } from '../../support/server/world.ts';
import { folder, Program, serve, stopped, tidy, launch, type Server } from '../../support/server/child.ts';

afterAll(tidy);

/** A copy in another folder has no secret beside it. */
const env = { CURFEW_SECRET: secret };

/** A server with a user, and the path of its file. */
async function begun(): Promise<{ home: string; path: string; server: Server }> {
  const home = folder();
  const server = await serve(home, env);
  expect((await new Program(server).enter('register', 'ada')).status).toBe(201);
  return { home, path: join(home, 'curfew.db'), server };
}

async function killed(server: Server): Promise<void> {
  server.kill('SIGKILL');
  await server.gone;
}

/** What a server says that is started on a file, and does not start. */
async function refusal(home: string): Promise<string> {
  const child = launch(home, env);
  expect(await child.gone).toMatchObject({ code: 1 });
  return child.err();
}

/** Whether a server on a folder knows a user. */
async function knows(home: string, username: string): Promise<boolean> {
  const server = await serve(home, env);
  const { status } = await new Program(server).enter('login', username);
  await stopped(server);
  return status === 200;
}

/** Puts a file in the place of the database of another folder. */
const moved = (from: string, to = folder()): string => {
  copyFileSync(from, join(to, 'curfew.db'));
  return to;
};

describe('a copy of the file alone', () => {
  const missing =
    /^curfew: the database \S+ was copied without its write-ahead log \(-wal\), and what was written last is missing; use a copy made by "curfew backup"; nothing was changed\n$/;

  it('that was made while the server ran is refused in one line, and stays as it is', async () => {
    const { path, server } = await begun();
    const home = moved(path);
    const before = readFileSync(join(home, 'curfew.db'));
    expect(await refusal(home)).toMatch(missing);
    expect(readFileSync(join(home, 'curfew.db')).equals(before)).toBe(true);
    expect(existsSync(join(home, 'curfew.db-wal'))).toBe(false);
    await stopped(server);
  });

  it('that was made after the server was killed is refused, and with its write-ahead log it is whole', async () => {
    const { path, server } = await begun();
    await killed(server);
    const home = moved(path);
    expect(await refusal(home)).toMatch(missing);
    copyFileSync(`${path}-wal`, join(home, 'curfew.db-wal'));
    expect(await knows(home, 'ada')).toBe(true);
  });

  it('that was made after the server was stopped is whole', async () => {
    const { path, server } = await begun();
    await stopped(server);
    expect(await knows(moved(path), 'ada')).toBe(true);
  });

  it('that SQLite made while the server ran is whole, whatever it was made with', async () => {
    const { path, server } = await begun();
    const source = new DatabaseSync(path);
    const [copy, vacuumed] = [join(folder(), 'copy.db'), join(folder(), 'vacuumed.db')];
    await backup(source, copy);
    source.exec(`vacuum into '${vacuumed}'`);
    source.close();
    for (const each of [copy, vacuumed]) expect(await knows(moved(each), 'ada')).toBe(true);
    await stopped(server);
  });

  it('is refused, too, after the write-ahead log has been moved into the file and has grown again', async () => {
    const path = join(folder(), 'curfew.db');
    const database = openDatabase(path);
    database.prepare('create table letters (body text)').run();
    const write = database.prepare('insert into letters values (?)');
    // Its header counts how often it has begun anew.
    const beginnings = () => readFileSync(`${path}-wal`).readUInt32BE(12);
    for (let n = 0; n < 2; n++) write.run('x'.repeat(400_000));
    const before = beginnings();
    for (let n = 0; n < 13; n++) write.run('x'.repeat(400_000));
    while (beginnings() === before) await nextTurn();
    expect(statSync(path).size).toBeGreaterThan(4_000_000);
    for (let n = 0; n < 5; n++) write.run('x'.repeat(400_000));
    expect(statSync(`${path}-wal`).size).toBeGreaterThan(1_000_000);
    const home = moved(path);
    expect(() => openDatabase(join(home, 'curfew.db'))).toThrow('was copied without its write-ahead log');
    database.close();
    const whole = openDatabase(join(moved(path), 'curfew.db'));
    expect(whole.prepare('select count(*) as n from letters').get()).toEqual({ n: 20 });
    whole.close();
  });
});

describe('a file that somebody else has looked into', () => {
  it('after the server was killed is whole: SQLite has moved the write-ahead log into it', async () => {
    const { home, path, server } = await begun();
    await killed(server);
    const look = new DatabaseSync(path);
    expect(look.prepare('select count(*) as n from users').get()).toEqual({ n: 1 });
    look.close();
    expect(existsSync(`${path}-wal`)).toBe(false);
    expect(await knows(home, 'ada')).toBe(true);
  });

  it('while the server runs is as it was, and both may close at once', async () => {
    const path = join(folder(), 'curfew.db');
    const [one, other] = [openDatabase(path), openDatabase(path)];
    one.close();
    expect(existsSync(`${path}-wal`)).toBe(true);
    other.close();
    openDatabase(path).close();
  });
});

describe('yesterday’s file', () => {
  it('beside the write-ahead log of today is refused in one line, and alone it is what it was', async () => {
    const { home, path, server } = await begun();
    await stopped(server);
    const yesterday = join(folder(), 'yesterday.db');
    copyFileSync(path, yesterday);
    const today = await serve(home, env);
    await new Program(today).enter('register', 'bob');
    await killed(today);
    copyFileSync(yesterday, path);
    expect(await refusal(home)).toMatch(
      /^curfew: the database \S+ has a write-ahead log \(-wal\) beside it that is not its own, as after a restore; move that away, with the -shm file; nothing was changed\n$/,
    );
    rmSync(`${path}-wal`);
    rmSync(`${path}-shm`);
    expect(await knows(home, 'bob')).toBe(false);
    expect(await knows(home, 'ada')).toBe(true);
  });

  it('is not taken for that where a server was killed: its own write-ahead log is read', async () => {
    const { home, server } = await begun();
    await stopped(server);
    for (const name of ['bob', 'cleo']) {
      const again = await serve(home, env);
      await new Program(again).enter('register', name);
      await killed(again);
    }
    for (const name of ['ada', 'bob', 'cleo']) expect(await knows(home, name)).toBe(true);
  });
});

/** A database that stands as in the middle of moving the log: the last commit says that the main file is not whole. */
function beingMoved() {
  const path = join(folder(), 'curfew.db');
  const database = openDatabase(path);
  database.prepare('create table letters (body text)').run();
  const other = new DatabaseSync(path);
  other.exec('update main_file set is_whole = 0');
  return { path, close: () => [other, database].forEach((each) => each.close()) };
}

describe('at the moment at which the write-ahead log is moved', () => {
  it('a backup is whole', async () => {
    const { path, close } = beingMoved();
    const copy = join(folder(), 'copy.db');
    await backupDatabase(path, copy);
    close();
    expect(whatMainFileSays(copy)).toBe('whole');
    openDatabase(copy).close();
  });

  it('a server may be killed: the file is whole after one that writes nothing has come and gone', () => {
    const { path, close } = beingMoved();
    const home = moved(path);
    copyFileSync(`${path}-wal`, join(home, 'curfew.db-wal'));
    close();
    const left = join(home, 'curfew.db');
    openDatabase(left).close();
    expect(existsSync(`${left}-wal`)).toBe(false);
    expect(whatMainFileSays(left)).toBe('whole');
    openDatabase(left).close();
  });
});
