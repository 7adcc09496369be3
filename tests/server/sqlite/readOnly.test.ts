import { spawnSync } from 'node:child_process';
import { chmodSync, closeSync, openSync, readdirSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { minutes } from '../../../machines/index.ts';
import { environment, folder, Program, run, serve, stopped, tidy, type Server } from '../../support/server/child.ts';

afterAll(tidy);

const isDone = (command: string, ...args: readonly string[]) => spawnSync(command, args).status === 0;

/** Whether files that are made immutable take no more from whoever has them open; that takes rights, and ext4. */
function areImmutable(): boolean {
  const path = join(folder(), 'file');
  const file = openSync(path, 'w');
  const isMade = isDone('chattr', '+i', path);
  try {
    writeSync(file, 'x');
    return false;
  } catch {
    return isMade;
  } finally {
    closeSync(file);
    isDone('chattr', '-i', path);
  }
}

/** Takes every write from a server's folder and the files in it, those that are open as well, or gives it back. */
function readOnly({ pid }: Server, home: string, isOn: boolean): void {
  // The memory that processes share is no file to them: it can be written on any file system.
  const files = readdirSync(home).filter((name) => !name.endsWith('-shm'));
  const paths = [home, ...files.map((name) => join(home, name))];
  if (areImmutable()) {
    expect(isDone('chattr', isOn ? '+i' : '-i', ...paths)).toBe(true);
    return;
  }
  chmodSync(home, isOn ? 0o500 : 0o700);
  if (!isDone('prlimit', '--pid', String(pid), `--fsize=${isOn ? 1 : 'unlimited'}:unlimited`))
    throw new Error('without chattr this test takes prlimit, of the package util-linux');
}

it(
  'ASVS 16.5.2 a file system that becomes read-only is a 503 with nothing lost, and all goes on by itself when it is not',
  async () => {
    const home = folder();
    const server = await serve(home);
    const [ada, other] = [new Program(server), new Program(server)];
    await ada.enter('register');
    const draft = (key: string) => ada.call('PUT', `/api/drafts/${key}`, { ciphertext: 'AAAA', savedAt: 1 });
    expect((await draft('first')).status).toBe(201);
    const logOf = async (id: string) => (await ada.get(`/api/auth/sessions/${id}/events`)).body.events;
    const before = await logOf(ada.id);

    readOnly(server, home, true);
    try {
      while ((await ada.get('/readyz')).status !== 503);
      for (const reply of [
        await other.enter('login'),
        await other.enter('register', 'bob'),
        await ada.call('POST', '/api/auth/refresh', { intent: 'extend' }),
        await draft('second'),
        await ada.call('POST', '/api/auth/logout', {}),
      ]) {
        expect(reply).toMatchObject({ status: 503, body: { code: 'unavailable' }, headers: { 'retry-after': '5' } });
        expect(reply.body.token).toBeUndefined();
      }
      expect((await ada.get('/healthz')).status).toBe(200);
      expect((await ada.get('/api/drafts/first')).status).toBe(200);
      expect((await ada.get('/api/drafts/second')).status).toBe(404);
      expect(await logOf(ada.id)).toEqual(before);
    } finally {
      readOnly(server, home, false);
    }

    while ((await ada.get('/readyz')).status !== 200);
    expect((await draft('second')).status).toBe(201);
    expect((await ada.call('POST', '/api/auth/refresh', { intent: 'extend' })).status).toBe(200);
    expect((await other.enter('login')).status).toBe(200);
    expect((await ada.get('/api/auth/sessions')).body.sessions).toHaveLength(2);
    const written = (await logOf(ada.id)).slice(before.length).map(({ type }: { type: string }) => type);
    expect(written.toSorted()).toEqual(['session.extended', 'token.confirmed', 'token.rotated']);
    await stopped(server);
    const audit = run(['server/cli/audit.ts', 'verify'], environment(home));
    expect((await audit.gone).code).toBe(0);
    expect(audit.out()).toBe(`2 sessions, ${before.length + 4} entries, 0 purged: nothing is wrong\n`);
  },
  minutes(2),
);
