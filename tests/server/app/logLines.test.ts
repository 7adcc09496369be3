import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { folder, listening, Program, run, send, stopped, tidy, type Server } from '../../support/server/child.ts';

const main = fileURLToPath(new URL('../../../server/app/main.ts', import.meta.url));

afterAll(tidy);

/** Starts the server in a folder, as it is without any settings, with folders of its own wherever programs like to write. */
function launched(place: string, ...options: readonly string[]) {
  const [home, temporary] = [folder(), folder()];
  const elsewhere = { HOME: home, XDG_CACHE_HOME: home, XDG_STATE_HOME: home, TMPDIR: temporary };
  const child = run([...options, main], { PORT: '0', NODE_COMPILE_CACHE: '', ...elsewhere }, place);
  return { child, writtenElsewhere: () => [home, temporary].flatMap((each) => readdirSync(each)) };
}

/** Does what is logged: what is taken, what is refused and what is attacked. */
async function everything(server: Server): Promise<number[]> {
  const { url } = server;
  const ada = new Program(server);
  const replies = [
    await ada.enter('register'),
    await ada.call('PUT', '/api/drafts/letter', { ciphertext: 'AAAA', savedAt: 1 }),
    await ada.call('POST', '/api/conversations', { title: 'x'.repeat(100_000) }),
    await ada.call('POST', '/api/conversations', { title: '' }),
    await new Program(server).enter('login', 'ada', 'a wrong password'),
    await send(url, { method: 'GET', path: '/api/settings', headers: { Authorization: 'Bearer forged' } }),
    await send(url, { method: 'POST', path: '/api/auth/logout', headers: { 'Sec-Fetch-Site': 'cross-site' } }),
    await send(url, { method: 'GET', path: '/api/auth/nowhere' }),
    await ada.call('POST', '/api/auth/logout', {}),
  ];
  return replies.map(({ status }) => status);
}

const statuses = [201, 201, 413, 422, 401, 401, 403, 404, 204];

describe('what a server process writes', () => {
  it('ASVS 16.2.3 goes to stdout and to the files that docs/operations.md names, and nowhere else', async () => {
    const place = folder();
    const { child, writtenElsewhere } = launched(place);
    const server = await listening(child);
    expect(await everything(server)).toEqual(statuses);

    const files = readdirSync(place, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
    const paths = files.map(({ parentPath, name }) => join(parentPath, name).slice(place.length + 1)).toSorted();
    expect(paths).toEqual(
      ['curfew.db', 'curfew.db-shm', 'curfew.db-wal', 'curfew.secret'].map((name) => `data/${name}`),
    );
    const operations = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8');
    for (const path of paths) expect(operations).toContain(`\`${path}\``);
    expect(writtenElsewhere()).toEqual([]);

    const database = new DatabaseSync(join(place, 'data/curfew.db'), { readOnly: true });
    const kindsOf = (column: string, table: string) =>
      database
        .prepare(`select ${column} as kind from ${table} order by rowid`)
        .all()
        .map(({ kind }) => kind);
    expect(kindsOf('kind', 'security_log')).toEqual(['login_failed', 'token_refused', 'cross_site_refused']);
    database.close();
    await stopped(server);
    const lines = server.out().trimEnd().split('\n');
    const requests = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'request');
    expect(requests.map(({ status }) => status)).toEqual(statuses);
    expect(server.err()).toBe('');
  });

  it('ASVS 16.2.3 needs leave to write to its data folder, and to no other', async () => {
    const place = folder();
    const leave = ['--permission', '--allow-fs-read=*'];
    const refused = launched(place, ...leave);
    expect((await refused.child.gone).code).toBe(1);
    expect(readdirSync(place)).toEqual([]);

    const { child, writtenElsewhere } = launched(place, ...leave, `--allow-fs-write=${join(place, 'data')}/*`);
    const server = await listening(child);
    expect(await everything(server)).toEqual(statuses);
    await stopped(server);
    expect(server.out()).not.toMatch(/"msg":"failure"/);
    expect(writtenElsewhere()).toEqual([]);
  });
});
