import { afterAll, expect, test, vi } from 'vitest';
import { bundledApplication, editUsers, startApplication } from '../../support/workers/application.ts';

const application = await bundledApplication();
afterAll(application.remove);

const names = ['ada', 'bob', 'eve'] as const;
const password = 'pässwörter für alle';
const patience = { timeout: 50_000, interval: 100 };

interface Listed {
  readonly id: string;
  readonly state: string;
  readonly user: { readonly id: string; readonly username: string };
}

const codeOf = async (answer: Response) => [answer.status, (await answer.json()).code];

/** A worker, and how its clients ask. */
async function started() {
  const { url, kill } = await startApplication(application.folder);
  const ask = (method: string, path: string, token?: string, json?: object) =>
    fetch(`${url}/api/${path}`, {
      method,
      headers: { 'Content-Type': 'application/json', ...(token !== undefined && { Authorization: `Bearer ${token}` }) },
      ...(json && { body: JSON.stringify(json) }),
    });
  const enter = async (how: string, username: string): Promise<string> =>
    (await (await ask('POST', `auth/${how}`, undefined, { username, password, transport: 'bearer' })).json()).token;
  return { ask, enter, kill };
}

test('an administrator sees and ends what is of every user, and nobody else does', async () => {
  const first = await started();
  for (const name of names) expect(await first.enter('register', name)).toEqual(expect.any(String));
  await first.kill();
  editUsers(application.folder, `update users set role = 'administrator' where username = 'ada'`);

  const { ask, enter, kill } = await started();
  const [admin = '', bob = '', eve = ''] = await Promise.all(names.map((name) => enter('login', name)));
  const listed = async (search = ''): Promise<readonly Listed[]> =>
    (await (await ask('GET', `admin/sessions${search}`, admin)).json()).sessions;
  const all = await vi.waitFor(async () => {
    const found = await listed();
    expect(found.map(({ user }) => user.username).toSorted((a, b) => a.localeCompare(b))).toEqual(
      names.flatMap((name) => [name, name]),
    );
    return found;
  }, patience);

  const [ofAdmin] = await listed('?user=ada');
  expect(await codeOf(await ask('GET', 'admin/sessions', bob))).toEqual([403, 'forbidden']);
  expect(await codeOf(await ask('DELETE', `admin/sessions/${ofAdmin?.id}`, bob))).toEqual([403, 'forbidden']);
  expect((await ask('DELETE', `auth/sessions/${ofAdmin?.id}`, bob)).status).toBe(404);
  expect((await ask('GET', `auth/sessions/${ofAdmin?.id}/events`, bob)).status).toBe(404);
  expect((await ask('GET', 'auth/me', admin)).status).toBe(200);

  const bobs = await listed('?user=bob');
  expect(bobs).toHaveLength(2);
  for (const { id } of bobs) expect((await ask('DELETE', `admin/sessions/${id}`, admin)).status).toBe(204);
  const after = await (await ask('GET', 'auth/me', bob)).json();
  expect([after.code, after.reason]).toEqual(['session_ended', 'revoked']);
  const log = await (await ask('GET', `admin/sessions/${bobs[0]?.id}/events`, admin)).json();
  expect(log.events.map(({ type }: { type: string }) => type)).toContain('session.revoked');

  expect((await ask('GET', 'auth/me', eve)).status).toBe(200);
  const id = all.find(({ user }) => user.username === 'eve')?.user.id;
  expect((await ask('DELETE', `admin/users/${id}/sessions`, admin)).status).toBe(204);
  expect(await codeOf(await ask('GET', 'auth/me', eve))).toEqual([401, 'session_ended']);
  await vi.waitFor(async () => expect(await listed('?state=active')).toHaveLength(2), patience);
  await kill();
});
