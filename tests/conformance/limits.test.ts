import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { presets, type Policy, type PresetName } from '../../machines/index.ts';
import { readConfig } from '../../server/node/config.ts';
import { parseDuration } from '../../server/node/duration.ts';
import { folder, Program, serve, tidy } from '../support/server/child.ts';
import { createWorld } from '../support/server/world.ts';

function policyOf(env: Record<string, string>): Policy {
  const read = readConfig(env);
  if (!read.ok) throw new Error(read.line);
  return read.config.policy;
}

/** The table of limits as a reader finds it in `docs/policy.md`: by preset, then by the variable or the name of the limit. */
function documented(): Map<string, Map<string, string>> {
  const section = readFileSync('docs/policy.md', 'utf8').split(/<!-- \/?limits -->/)[1] ?? '';
  const rows = [...section.matchAll(/^\| (?!---)(.*) \|$/gm)].map(([, row]) => (row ?? '').split(/ \| ?/));
  const [[, , ...names] = [], ...limits] = rows;
  return new Map(
    names.map((name, column) => [
      name,
      new Map(limits.map(([limit = '', variable, ...cells]) => [variable || limit, cells[column] ?? ''])),
    ]),
  );
}

/** What the table says of one preset, as a policy says it. */
function readBack(cells: ReadonlyMap<string, string>) {
  const of = (limit: string) => cells.get(limit) ?? cells.get(`\`CURFEW_${limit}\``) ?? '';
  const lasting = (limit: string) => (of(limit) === '–' ? 0 : parseDuration(of(limit)));
  const isRemembered = of('REMEMBERED_IDLE') !== '–';
  return {
    idleTimeout: lasting('IDLE_TIMEOUT'),
    absoluteTimeout: lasting('ABSOLUTE_TIMEOUT'),
    warnBefore: lasting('WARN_BEFORE'),
    restoreWindow: lasting('RESTORE_WINDOW'),
    restoreFrom: of('can be resumed after').split(', '),
    remembered: isRemembered
      ? { idleTimeout: lasting('REMEMBERED_IDLE'), absoluteTimeout: lasting('REMEMBERED_ABSOLUTE') }
      : null,
    maxSessions: Number(of('MAX_SESSIONS')),
    onLimit: of('ON_LIMIT'),
    tokenLifetime: lasting('TOKEN_LIFETIME'),
    freshAuth: lasting('FRESH_AUTH'),
    maxLease: lasting('MAX_LEASE'),
  };
}

afterAll(tidy);

describe('the limits that are documented', () => {
  it('ASVS 7.1.1 7.1.2 are those of every preset, and of no other', () => {
    expect([...documented().keys()]).toEqual(Object.keys(presets));
  });

  it.each(Object.keys(presets) as PresetName[])(
    'ASVS 7.1.1 7.1.2 are what a session under %s is told, and what the environment means by that name',
    async (preset) => {
      const { client } = await createWorld({ preset });
      const ada = client();
      await ada.register();
      const { policy } = (await ada.get('/api/auth/session-info')).body.session;
      expect(policy).toEqual(policyOf({ CURFEW_POLICY: preset }));
      expect(policy).toMatchObject(readBack(documented().get(preset) ?? new Map()));
    },
  );

  it('ASVS 7.1.1 7.1.2 are told by a server as its environment has set them', async () => {
    const env = {
      CURFEW_POLICY: 'nist-aal3',
      CURFEW_IDLE_TIMEOUT: '10m',
      CURFEW_ABSOLUTE_TIMEOUT: '2h',
      CURFEW_WARN_BEFORE: '3m',
      CURFEW_RESTORE_WINDOW: '6h',
      CURFEW_TOKEN_LIFETIME: '4m',
      CURFEW_FRESH_AUTH: '2m',
      CURFEW_MAX_SESSIONS: '2',
      CURFEW_ON_LIMIT: 'deny',
    };
    const ada = new Program(await serve(folder(), env));
    await ada.enter('register');
    const { policy } = (await ada.get('/api/auth/session-info')).body.session;
    expect(policy).toEqual(policyOf(env));
    expect(policy).toMatchObject({ idleTimeout: 600_000, absoluteTimeout: 7_200_000, maxSessions: 2, onLimit: 'deny' });
  });
});
