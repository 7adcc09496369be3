import { afterAll, describe, expect, it } from 'vitest';
import { emptyDatabase } from '../../support/postgres/fresh.ts';
import { environment, folder, Program, run, serve, stopped, tidy, type Server } from '../../support/server/child.ts';
import { secret } from '../../support/server/world.ts';

afterAll(tidy);

type Env = Readonly<Record<string, string>>;

async function sessions(home: string, env: Env, ...args: readonly string[]) {
  const child = run(['server/cli/index.ts', 'sessions', ...args], environment(home, env));
  const { code } = await child.gone;
  return { code, out: child.out(), err: child.err() };
}

const well = (out: string) => ({ code: 0, out: `${out}\n`, err: '' });

/** The stream of a signed-in program to its end, which comes well before it would look by itself, after 25 s. */
async function streamOf(server: Server, { token }: Program): Promise<string> {
  const answer = await fetch(`${server.url}/api/auth/stream`, {
    headers: { Authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(20_000),
  });
  return answer.text();
}

const databases: [string, () => Promise<Env>][] = [
  ['SQLite', async () => ({ CURFEW_SECRET: secret })],
  ['PostgreSQL', async () => ({ CURFEW_DATABASE: await emptyDatabase(), CURFEW_SECRET: secret })],
];

describe.each(databases)('curfew sessions on %s', (_, made) => {
  async function begun() {
    const env = await made();
    const home = folder();
    const server = await serve(home, env);
    const [ada, bob] = [new Program(server), new Program(server)];
    await ada.enter('register', 'ada');
    await bob.enter('register', 'bob');
    return { env, home, server, ada, bob, command: (...args: string[]) => sessions(home, env, ...args) };
  }
  const stateOf = async (program: Program) => {
    const { body } = await program.get('/api/auth/me');
    return body.user ? 'alive' : body.reason;
  };

  it('end --user ends those of one user, in a running server and in its open streams', async () => {
    const { server, ada, bob, command } = await begun();
    const stream = streamOf(server, ada);
    expect(await command('end', '--user', 'ADA')).toEqual(well('1 session ended'));
    expect(await stream).toContain('"reason":"revoked"');
    expect([await stateOf(ada), await stateOf(bob)]).toEqual(['revoked', 'alive']);
    expect(await command('end', '--user', 'ada')).toEqual(well('0 sessions ended'));
    await stopped(server);
  });

  it('end --all ends every session, and says who and why in the log', async () => {
    const { server, ada, bob, command } = await begun();
    const stream = streamOf(server, ada);
    expect(await command('end', '--all', '--reason', 'the secret leaked')).toEqual(well('2 sessions ended'));
    expect(await stream).toContain('"reason":"revoked"');
    expect([await stateOf(ada), await stateOf(bob)]).toEqual(['revoked', 'revoked']);
    const again = new Program(server);
    expect((await again.enter('login', 'ada')).status).toBe(200);
    const { events } = (await again.get(`/api/auth/sessions/${ada.id}/events`)).body;
    expect(events.at(-1)).toMatchObject({
      type: 'session.revoked',
      data: { by: 'operator', reason: 'the secret leaked' },
    });
    await stopped(server);
  });

  it('ASVS 7.4.1 end --all, as written down for a secret that leaked: its tokens are of no use, and preserved work opens', async () => {
    const { env, home, server, ada } = await begun();
    const { vaultKey } = (await ada.get('/api/auth/vault-key')).body;
    await stopped(server);
    const leaked = { ...env, CURFEW_SECRET: 'the secret that comes after the leaked one' };
    const both = { ...leaked, CURFEW_PREVIOUS_SECRETS: secret };
    expect(await sessions(home, both, 'end', '--all', '--reason', 'the secret leaked')).toEqual(
      well('2 sessions ended'),
    );

    const once = await serve(home, both);
    expect((await ada.on(once).get('/api/auth/me')).body).toMatchObject({ code: 'session_ended', reason: 'revoked' });
    const again = new Program(once);
    await again.enter('login', 'ada');
    await stopped(once);

    const after = await serve(home, leaked);
    expect(await ada.on(after).get('/api/auth/me')).toMatchObject({ status: 401, body: { code: 'invalid_token' } });
    expect((await again.on(after).get('/api/auth/vault-key')).body.vaultKey).toEqual(vaultKey);
    await stopped(after);
  });

  it('end --since ends those that were begun, proved or used since then', async () => {
    const { server, ada, bob, command } = await begun();
    expect(await command('end', '--since', '2999-01-01')).toEqual(well('0 sessions ended'));
    expect([await stateOf(ada), await stateOf(bob)]).toEqual(['alive', 'alive']);
    expect(await command('end', '--since', '2020-01-01T00:00Z')).toEqual(well('2 sessions ended'));
    expect([await stateOf(ada), await stateOf(bob)]).toEqual(['revoked', 'revoked']);
    await stopped(server);
  });

  it('apply-policy tightens the limits of sessions that are there, and never widens them', async () => {
    const { env, home, server, ada, command } = await begun();
    expect(await command('apply-policy')).toEqual(well('0 sessions have tighter limits'));
    const strict = { ...env, CURFEW_IDLE_TIMEOUT: '10m' };
    expect(await sessions(home, strict, 'apply-policy', '--user', 'ada')).toEqual(well('1 session has tighter limits'));
    expect(await sessions(home, strict, 'apply-policy')).toEqual(well('1 session has tighter limits'));
    const { session } = (await ada.get('/api/auth/session-info')).body;
    expect(session.policy.idleTimeout).toBe(600_000);
    expect(await command('apply-policy')).toEqual(well('0 sessions have tighter limits'));
    await stopped(server);
  });
});

describe('curfew sessions', () => {
  it.each([
    [[], /^curfew: curfew sessions end \(--all \|/],
    [['stop'], /^curfew: curfew sessions end/],
    [['end'], /^curfew: curfew sessions end/],
    [['end', 'ada'], /^curfew: curfew sessions end/],
    [['end', '--all', '--user', 'ada'], /^curfew: --all and --user exclude each other\n$/],
    [['end', '--user', ''], /^curfew: --user needs a name\n$/],
    [['end', '--since', 'yesterday'], /^curfew: --since "yesterday" is no time such as 2026-01-31T09:00Z\n$/],
    [['end', '--since', '5'], /^curfew: --since "5" is no time such as 2026-01-31T09:00Z\n$/],
    [['end', '--since', '2026-02-30'], /^curfew: --since "2026-02-30" is no time such as 2026-01-31T09:00Z\n$/],
    [['end', '--all', '--reason', ' '], /^curfew: --reason must be a text of 1 to 200 characters\n$/],
    [['end', '--everybody'], /^curfew: Unknown option '--everybody'/],
    [['apply-policy', '--all'], /^curfew: --all goes with end: /],
    [['end', '--all'], /^curfew: there is no database \S+curfew\.db\n$/],
  ])('refuses %j in one line', async (args, line) => {
    const { code, out, err } = await sessions(folder(), {}, ...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(line);
    expect(err.trimEnd()).not.toContain('\n');
  });
});
