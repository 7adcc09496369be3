import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { minutes } from '../../../machines/index.ts';
import { environment, folder, Program, run, serve, tidy } from '../child.ts';
import { tamper } from './kept.ts';

afterAll(tidy);

/** What `npm run audit` runs, with what it printed. */
async function audit(home: string, ...args: readonly string[]) {
  const child = run(['server/audit.ts', ...args], environment(home));
  const { code } = await child.gone;
  return { code, out: child.out(), err: child.err() };
}

describe('npm run audit', { timeout: minutes(3) }, () => {
  test('ASVS 16.4.2 verifies beside a running server, names what was tampered with, and says so by its exit code', async () => {
    const home = folder();
    const server = await serve(home);
    const [ada, bob] = [new Program(server), new Program(server)];
    await ada.enter('register', 'ada');
    await bob.enter('register', 'bob');
    await bob.call('POST', '/api/auth/logout');

    const kept = join(home, 'checkpoint.ndjson');
    expect(await audit(home, 'checkpoint', '--out', kept)).toEqual({ code: 0, out: '', err: '' });
    expect(readFileSync(kept, 'utf8').trimEnd().split('\n')).toHaveLength(3);
    await ada.call('POST', '/api/auth/refresh', { intent: 'extend' });
    const whole = await audit(home, 'verify', '--checkpoint', kept);
    expect(whole).toEqual({ code: 0, err: '', out: '2 sessions, 5 entries, 0 purged: nothing is wrong\n' });

    tamper(join(home, 'curfew.db'), `update events set at = at + 1 where stream = '${bob.id}' and version = 2`);
    const found = await audit(home, 'verify');
    expect(found.code).toBe(1);
    expect(found.out).toMatch(new RegExp(`^entry_edited session ${bob.id} entry 2: .*\n.* 1 thing is wrong\n$`));
  });

  test('makes no database where there is none', async () => {
    const home = folder();
    const err = `curfew: there is no database ${join(home, 'curfew.db')}\n`;
    expect(await audit(home, 'verify')).toEqual({ code: 2, out: '', err });
  });
});
