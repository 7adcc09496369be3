import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { minutes } from '../../../machines/index.ts';
import { emptyDatabase } from '../../support/postgres/fresh.ts';
import { folder, listening, Program, run, serve, stopped, tidy, type Server } from '../../support/server/child.ts';

afterAll(tidy);

/** Goes through what one decides and the other has to know, and ends both. */
async function agree(one: Server, other: Server): Promise<void> {
  const ada = new Program(one);
  await ada.enter('register', 'ada');

  for (let round = 0; round < 10; round += 1) {
    // Its sign-in, its successor, its end: each by one process, and seen by the other.
    const here = new Program(round % 2 === 0 ? one : other);
    expect((await here.enter('login', 'ada')).status).toBe(200);
    const there = here.on(round % 2 === 0 ? other : one);
    const before = there.token;
    const [first, second] = await Promise.all([here, there].map((each) => each.call('POST', '/api/auth/refresh', {})));
    expect([first?.status, second?.status]).toEqual([200, 200]);
    expect(first?.body.token).toBe(second?.body.token);
    expect(first?.body.token).not.toBe(before);
    expect((await here.call('POST', '/api/auth/logout', {})).status).toBe(204);
    expect((await there.call('GET', '/api/auth/me')).body).toMatchObject({
      code: 'session_ended',
      reason: 'signed_out',
    });
  }

  const displaced = new Program(one);
  await displaced.enter('login', 'ada');
  const newest = new Program(other);
  await newest.enter('login', 'ada');
  const dead = await Promise.all([one, other].map((server) => ada.on(server).call('GET', '/api/auth/me')));
  expect(dead.map(({ body }) => [body.code, body.reason])).toEqual([
    ['session_ended', 'displaced'],
    ['session_ended', 'displaced'],
  ]);
  expect((await newest.call('DELETE', `/api/auth/sessions/${displaced.id}`)).status).toBe(204);
  expect((await displaced.call('GET', '/api/auth/me')).body).toMatchObject({
    code: 'session_ended',
    reason: 'revoked',
  });

  // One of them dies; the other goes on with what is there.
  one.kill('SIGKILL');
  await one.gone;
  expect((await newest.call('GET', '/api/auth/me')).status).toBe(200);
  await stopped(other);
}

const secret = 'a secret of at least thirty-two bytes';
const patience = { timeout: minutes(5) };

it(
  'Promise 1, ASVS 7.4.1 what one process decides holds on another at once, from their first start on one database',
  patience,
  async () => {
    const env = { CURFEW_DATABASE: await emptyDatabase(), CURFEW_SECRET: secret, CURFEW_MAX_SESSIONS: '2' };
    const [one, other] = (await Promise.all([1, 2].map(() => serve(folder(), env)))) as [Server, Server];
    await agree(one, other);
  },
);

it.each([
  ['SQLite', async () => `file:${join(folder(), 'curfew.db')}`],
  ['PostgreSQL', emptyDatabase],
])(
  'Promise 1, ASVS 7.4.1 and of a process of the first build, while it is replaced by one of today (%s)',
  patience,
  async (_, place) => {
    const env = { CURFEW_DATABASE: await place(), CURFEW_SECRET: secret, CURFEW_MAX_SESSIONS: '2' };
    const first = await listening(run(['tests/golden/first/serve.ts'], env));
    await agree(first, await serve(folder(), env));
  },
);
