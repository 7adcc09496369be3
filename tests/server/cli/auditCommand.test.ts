import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { presets, type Authentication, type SessionEvent } from '../../../machines/index.ts';
import { pseudonyms } from '../../../server/keys/pseudonyms.ts';
import { sqliteSecurityLog } from '../../../server/sqlite/securityLog.ts';
import { createAttestations } from '../../../server/keys/attestations.ts';
import { runAudit, readArguments, WrongArgument } from '../../../server/cli/auditCommand.ts';
import { sqliteAuditReader } from '../../../server/sqlite/auditReader.ts';
import { openDatabase } from '../../../server/sqlite/connection.ts';
import { sqliteEventLog } from '../../../server/sqlite/eventLog.ts';
import { decided, later, signedOut } from '../../../server/contract/history.ts';
import { folder } from '../../support/server/folder.ts';
import { kept, secret, tamper } from '../../support/server/keptAudit.ts';

/** What `npm run audit -- …` prints about a file. */
async function said(path: string, ...args: readonly string[]) {
  const database = openDatabase(path);
  const lines: string[] = [];
  const parts = {
    auditReader: sqliteAuditReader(database),
    attestations: await createAttestations(secret),
    clock: () => later(60),
    out: async (line: string) => void lines.push(line),
  };
  try {
    const code = await runAudit(parts, readArguments(args));
    return { code, lines };
  } finally {
    database.close();
  }
}

async function withRefusals(): Promise<string> {
  const path = await kept();
  const database = openDatabase(path);
  const log = sqliteSecurityLog(database, pseudonyms(secret));
  for (const minute of [0, 1, 2, 2, 99]) await log.record({ at: later(minute), kind: 'login_failed', account: 'ada' });
  database.close();
  return path;
}

const positionOf = (line: string): string => JSON.parse(line).position;

describe('an export', () => {
  test('has every entry of every session and every refusal once, in the order of their recording', async () => {
    const { lines } = await said(await withRefusals(), 'export');
    expect(lines).toHaveLength(16 + 5);
    expect(new Set(lines.map(positionOf)).size).toBe(lines.length);
    const times = lines.map((line) => Date.parse(JSON.parse(line).datetime));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  test('goes on behind any line of it, in pages of any size, as if it had never been interrupted', async () => {
    const path = await withRefusals();
    const { lines: whole } = await said(path, 'export');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 25, maxLength: 25 }), async (sizes) => {
        const lines: string[] = [];
        for (const size of sizes) {
          const from = lines.at(-1);
          const after = from === undefined ? [] : ['--after', positionOf(from)];
          lines.push(...(await said(path, 'export', '--limit', String(size), ...after)).lines);
        }
        expect(lines).toEqual(whole);
      }),
      { numRuns: 5 },
    );
  });

  test('begins where it is told to', async () => {
    const path = await withRefusals();
    const { lines: whole } = await said(path, 'export');
    const since = new Date(later(2)).toISOString();
    expect((await said(path, 'export', '--since', since)).lines).toEqual(
      whole.filter((line) => Date.parse(JSON.parse(line).datetime) >= later(2)),
    );
    expect((await said(path, 'export', '--since', '2999-01-01')).lines).toEqual([]);
  });

  test('for other services is a token for each end', async () => {
    const { lines } = await said(await kept(), 'export', '--format', 'caep');
    expect(lines).toEqual([expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/)]);
  });
});

describe('a log that has sign-ins of rules 1 and of rules 2', () => {
  const provider = { method: ['mfa'], issuer: 'https://id.example', acr: '2' } as const;

  async function both(): Promise<string> {
    const path = await kept();
    const database = openDatabase(path);
    const log = sqliteEventLog(database);
    const stored = await log.load('a');
    if (!stored) throw new Error('there is such a session');
    const again = (minute: number, generation: number, proof: Authentication): SessionEvent => ({
      type: 'user.reauthenticated',
      at: later(minute),
      generation,
      policy: stored.state.context.policy,
      ...proof,
    });
    const applied = { type: 'policy.applied', at: later(7), policy: presets.pci } as const;
    const provedAt = later(-1);
    await log.append([
      decided(stored, [
        again(5, 1, { ...provider, provedAt }),
        again(6, 2, { method: [] }),
        applied,
        signedOut(later(8)),
      ]),
    ]);
    database.close();
    return path;
  }

  test('CAEP session-established tells of the sign-ins of rules 2, and of every end', async () => {
    const { lines } = await said(await both(), 'export', '--format', 'caep');
    const attestations = await createAttestations(secret);
    const told = await Promise.all(lines.map(async (line) => (await attestations.read('secevent+jwt', line)) as any));
    const called = told.map(({ jti, events }) => {
      const [[type, { amr, acr }] = ['', {}]] = Object.entries<any>(events);
      return [jti, type.split('/').at(-1), amr, acr];
    });
    expect(called.toSorted(([a], [b]) => String(a).localeCompare(String(b)))).toEqual([
      ['a.6', 'session-established', ['mfa'], '2'],
      ['a.7', 'session-established', [], undefined],
      ['a.9', 'session-revoked', undefined, undefined],
      ['d.3', 'session-revoked', undefined, undefined],
    ]);
  });

  test('ASVS 16.4.2 verifies as a whole', async () => {
    expect((await said(await both(), 'verify')).lines).toEqual(['4 sessions, 20 entries, 0 purged: nothing is wrong']);
  });
});

describe('a verification', () => {
  test('ASVS 16.4.2 says each thing that is wrong on a line, then how much was looked at', async () => {
    const path = await kept();
    const { lines: checkpoint } = await said(path, 'checkpoint');
    const file = join(folder(), 'checkpoint');
    writeFileSync(file, `${checkpoint.join('\n')}\n`);
    expect(await said(path, 'verify', '--checkpoint', file)).toEqual({
      code: 0,
      lines: ['4 sessions, 16 entries, 0 purged: nothing is wrong'],
    });
    tamper(
      path,
      "delete from events where stream = 'a' and version > 3",
      "update sessions set leaf = 'x' where id = 'b'",
    );
    expect(await said(path, 'verify', '--checkpoint', file)).toEqual({
      code: 1,
      lines: [
        'entries_cut_off session a entry 4: is missing, with all up to 5: the log ends at 3',
        'stream_cut_off session a entry 5: is missing: the checkpoint attests 5',
        'session_edited session b: its row is not what its log leads to: leaf',
        '4 sessions, 14 entries, 0 purged: 3 things are wrong',
      ],
    });
  });
});

test.each([
  [],
  ['dance'],
  ['verify', 'twice'],
  ['verify', '--surprise'],
  ['export', '--since', 'yesterday'],
  ['export', '--since', '5'],
  ['export', '--since', '2026-02-30'],
  ['export', '--after', 'nowhere'],
  ['export', '--limit', '0'],
  ['export', '--format', 'csv'],
])('what cannot be asked for is refused with what can (%s %s)', async (...args) => {
  const path = await kept();
  await expect(said(path, ...args.filter((each) => each !== undefined))).rejects.toThrow(WrongArgument);
});
