import { describe, expect, it } from 'vitest';
import { days, hours, minutes, presets, seconds, type Policy } from '../../../machines/index.ts';
import { createCurfew, type LogLine } from '../../../server/index.ts';
import { optionsOf } from '../../../server/node/configFromEnvironment.ts';
import { notListening, notWritable, readConfig, type Config } from '../../../server/node/config.ts';
import { formatDuration, parseDuration } from '../../../server/node/duration.ts';
import { policyWith } from '../../support/machines.ts';
import { secret } from '../../support/server/world.ts';

function configOf(env: Record<string, string> = {}): Config {
  const read = readConfig(env);
  if (!read.ok) throw new Error(read.line);
  return read.config;
}

function lineOf(env: Record<string, string>): string {
  const read = readConfig(env);
  if (read.ok) throw new Error(`${JSON.stringify(env)} was taken`);
  return read.line;
}

describe('an environment that says nothing', () => {
  it('is the standard policy on 127.0.0.1:3000, a file under data, and a secret that is kept beside it', () => {
    expect(configOf()).toEqual({
      port: 3000,
      host: '127.0.0.1',
      retention: days(90),
      checkpoints: null,
      inspectPort: null,
      database: { kind: 'sqlite', path: './data/curfew.db' },
      secret: null,
      secretFile: null,
      previousSecrets: [],
      algorithm: 'HS256',
      policy: presets.standard,
      registration: 'open',
      origins: [],
      trustedProxies: [],
      warnings: [],
    });
  });

  it('and one that says what is not ours is the same', () => {
    expect(configOf({ PATH: '/bin', HOME: '/', NODE_ENV: 'test' })).toEqual(configOf());
  });
});

describe('a PostgreSQL database', () => {
  const CURFEW_SECRET = 'a secret of at least thirty-two bytes';

  it.each([
    'postgres://ada:p%40ss@db.example:5433/curfew?sslmode=require',
    'postgres://ada@/curfew?host=/var/run/postgresql',
    'postgres://ada@a.example:5432,b.example:5433/curfew?target_session_attrs=read-write',
  ])('is taken as it is, with a secret: %s', (address) => {
    expect(configOf({ CURFEW_DATABASE: address, CURFEW_SECRET }).database).toEqual({ kind: 'postgres', address });
  });

  it('may have to wait for a standby with every commit', () => {
    const address = 'postgres://db.example/curfew';
    const chosen = (CURFEW_REPLICATION?: string) =>
      configOf({ CURFEW_DATABASE: address, CURFEW_SECRET, ...(CURFEW_REPLICATION && { CURFEW_REPLICATION }) }).database;
    expect(chosen('required')).toEqual({ kind: 'postgres', address, replication: 'required' });
    expect(chosen('reported')).toEqual(chosen());
    expect(lineOf({ CURFEW_REPLICATION: 'required' })).toBe(
      'CURFEW_REPLICATION="required" is not allowed: only with a PostgreSQL database',
    );
  });

  it('needs a secret, for nodes cannot share one that is kept beside a file', () => {
    expect(lineOf({ CURFEW_DATABASE: 'postgres://ada:hunter2@db.example/curfew' })).toBe(
      'CURFEW_SECRET="" is not allowed: at least 32 bytes, the same for every node on one PostgreSQL database; or CURFEW_SECRET_FILE',
    );
  });

  it('whose address is wrong is named without its password, wherever it stands', () => {
    const line = lineOf({ CURFEW_DATABASE: 'postgres://db.example:x/curfew?user=ada&password=hunter2', CURFEW_SECRET });
    expect(line).toMatch(/^CURFEW_DATABASE="postgres:\/\/db\.example:x\/curfew\?…" is not allowed: /);
    const standby = 'postgres://ada:hunter2@a,b/curfew?target_session_attrs=standby';
    expect(lineOf({ CURFEW_DATABASE: standby, CURFEW_SECRET })).toMatch(
      /^CURFEW_DATABASE="postgres:\/\/…@a,b\/curfew\?…" is not allowed: .*is any, read-write or primary, and is standby$/,
    );
  });
});

describe('the policy', () => {
  it.each(Object.entries(presets))('%s is a preset, clamped to its own limits', (name, preset) => {
    expect(configOf({ CURFEW_POLICY: name }).policy).toEqual(policyWith({}, preset));
  });

  const fields: readonly [variable: string, value: string, field: keyof Policy, meant: number][] = [
    ['CURFEW_IDLE_TIMEOUT', '20m', 'idleTimeout', minutes(20)],
    ['CURFEW_WARN_BEFORE', '90s', 'warnBefore', seconds(90)],
    ['CURFEW_ABSOLUTE_TIMEOUT', '8h', 'absoluteTimeout', hours(8)],
    ['CURFEW_RESTORE_WINDOW', '2d', 'restoreWindow', days(2)],
    ['CURFEW_TOKEN_LIFETIME', '5m', 'tokenLifetime', minutes(5)],
    ['CURFEW_ACTIVITY_RESOLUTION', '0', 'activityResolution', 0],
    ['CURFEW_ROTATION_GRACE', '500ms', 'rotationGrace', 500],
    ['CURFEW_FRESH_AUTH', '0.5h', 'freshAuth', minutes(30)],
    ['CURFEW_MAX_LEASE', '1h', 'maxLease', hours(1)],
    ['CURFEW_MAX_SESSIONS', '3', 'maxSessions', 3],
  ];
  it.each(fields)('%s=%s sets %s and nothing else', (variable, value, field, meant) => {
    expect(configOf({ [variable]: value }).policy).toEqual({ ...presets.standard, [field]: meant });
  });

  it('takes words where words are meant', () => {
    expect(configOf({ CURFEW_ON_LIMIT: 'deny' }).policy.onLimit).toBe('deny');
    expect(configOf({}).policy.undeclaredActivity).toBe('until-declared');
    for (const word of ['user', 'until-declared', 'background'])
      expect(configOf({ CURFEW_UNDECLARED_ACTIVITY: word }).policy.undeclaredActivity).toBe(word);
  });

  it('has limits of its own for remembered sessions, which the other variables do not touch', () => {
    const { policy } = configOf({ CURFEW_IDLE_TIMEOUT: '20s', CURFEW_WARN_BEFORE: '8s', CURFEW_REMEMBERED_IDLE: '7d' });
    expect(policy.remembered).toEqual({ idleTimeout: days(7), absoluteTimeout: days(30) });
    expect(configOf({ CURFEW_REMEMBERED_ABSOLUTE: '60d' }).policy.remembered).toEqual({
      idleTimeout: days(14),
      absoluteTimeout: days(60),
    });
    expect(configOf({ CURFEW_POLICY: 'pci' }).policy.remembered).toBeNull();
  });

  it('is clamped where a limit allows no more: ASVS 10.4.8 no token outlives the absolute limit', () => {
    const { policy } = configOf({
      CURFEW_IDLE_TIMEOUT: '10m',
      CURFEW_ABSOLUTE_TIMEOUT: '15m',
      CURFEW_TOKEN_LIFETIME: '1d',
      CURFEW_MAX_LEASE: '1d',
      CURFEW_FRESH_AUTH: '1d',
    });
    const { tokenLifetime, maxLease, freshAuth } = policy;
    expect({ tokenLifetime, maxLease, freshAuth }).toEqual({
      tokenLifetime: minutes(15),
      maxLease: minutes(15),
      freshAuth: minutes(15),
    });
  });

  it('WCAG 2.2.1 may warn shorter than 20 s, but not without a word in the log', async () => {
    const lines: LogLine[] = [];
    for (const CURFEW_WARN_BEFORE of ['19999ms', '20s']) {
      const options = optionsOf(
        configOf({ CURFEW_DATABASE: 'file::memory:', CURFEW_SECRET: secret, CURFEW_WARN_BEFORE }),
      );
      const curfew = await createCurfew({ ...options, write: (line) => lines.push(line) });
      await curfew.close();
    }
    const warning = 'a warning of 19999 ms is shorter than the 20 s of WCAG 2.2.1';
    expect(lines).toEqual([{ msg: 'warning', level: 'warn', warning }]);
  });
});

describe('two limits that do not go together', () => {
  it.each([
    [
      { CURFEW_IDLE_TIMEOUT: '1m' },
      'CURFEW_IDLE_TIMEOUT="1m" is not allowed: a duration more than CURFEW_WARN_BEFORE, which is 5m',
    ],
    [
      { CURFEW_IDLE_TIMEOUT: '5m' },
      'CURFEW_IDLE_TIMEOUT="5m" is not allowed: a duration more than CURFEW_WARN_BEFORE, which is 5m',
    ],
    [
      { CURFEW_WARN_BEFORE: '30m' },
      'CURFEW_WARN_BEFORE="30m" is not allowed: a duration less than CURFEW_IDLE_TIMEOUT, which is 30m',
    ],
    [
      { CURFEW_ABSOLUTE_TIMEOUT: '30m' },
      'CURFEW_ABSOLUTE_TIMEOUT="30m" is not allowed: a duration more than CURFEW_IDLE_TIMEOUT, which is 30m',
    ],
    [
      { CURFEW_IDLE_TIMEOUT: '2h', CURFEW_ABSOLUTE_TIMEOUT: '1h' },
      'CURFEW_IDLE_TIMEOUT="2h" is not allowed: a duration less than CURFEW_ABSOLUTE_TIMEOUT, which is 1h',
    ],
    [
      { CURFEW_REMEMBERED_ABSOLUTE: '1d' },
      'CURFEW_REMEMBERED_ABSOLUTE="1d" is not allowed: a duration more than CURFEW_REMEMBERED_IDLE, which is 14d',
    ],
    [
      { CURFEW_REMEMBERED_IDLE: '30d' },
      'CURFEW_REMEMBERED_IDLE="30d" is not allowed: a duration less than CURFEW_REMEMBERED_ABSOLUTE, which is 30d',
    ],
    [
      { CURFEW_REMEMBERED_IDLE: '1m' },
      'CURFEW_REMEMBERED_IDLE="1m" is not allowed: a duration more than CURFEW_WARN_BEFORE, which is 5m',
    ],
  ])('%j blame the one that was set, and name the other', (env, line) => {
    expect(lineOf(env)).toBe(line);
  });
});

describe('a value that is refused', () => {
  const wrong: Readonly<Record<string, readonly string[]>> = {
    PORT: ['', ' ', '-1', '65536', '3000.5', '0x10', '1e3', 'http'],
    HOST: ['', ' ', 'a b', 'http://localhost', '127.0.0.1\n', '*'],
    CURFEW_DATABASE: ['', 'file:', 'curfew.db', 'postgres:db', 'postgres://db:port/curfew', 'mysql://x'],
    CURFEW_REPLICATION: ['', 'Required', 'true', 'off'],
    CURFEW_POLICY: ['', 'Standard', 'toString', '__proto__', 'constructor'],
    CURFEW_MAX_SESSIONS: ['', '0', '-1', '1.5', '10001', 'ten', 'Infinity'],
    CURFEW_ON_LIMIT: ['', 'DENY', 'end-newest'],
    CURFEW_UNDECLARED_ACTIVITY: ['', 'yes', 'User'],
    CURFEW_REGISTRATION: ['', 'Open', 'true', 'off'],
    CURFEW_TOKEN_ALGORITHM: ['', 'none', 'RS256', 'hs256'],
    CURFEW_ORIGIN: [
      '',
      '*',
      'null',
      'app.example.com',
      'https://app.example.com/',
      'https://app.example.com/path',
      'https://app.example.com:443',
      'HTTPS://app.example.com',
      'https://App.example.com',
      'https://ada:secret@app.example.com',
      'https://a.example,https://b.example/x',
      'https://a.example *',
      ' , ',
      'ftp://app.example.com',
    ],
    CURFEW_CHECKPOINTS: ['', ' '],
    CURFEW_CHECKPOINT_EVERY: ['', 'x', '0', '59s', '-1h', 'daily', '36501d'],
    CURFEW_RETENTION: ['', 'x', '0', '23h', '86399999ms', '-1d', 'for ever', '36501d'],
    CURFEW_TRUSTED_PROXIES: [
      'localhost',
      '10.0.0.0/33',
      '10.0.0.0/',
      '10.0.0.0/8/8',
      '10.0.0.0/x',
      '10.0.0.0/0x8',
      '10.0.0.0/1e1',
      '10.0.0.0/-1',
      '10.0.0',
      '::1/129',
      'fe80::1%eth0x/64',
      '10.0.0.1;10.0.0.2',
      '127.0.0.1, everyone',
    ],
  };
  const cases = Object.entries(wrong).flatMap(([name, values]) => values.map((value) => ({ name, value })));
  it.each(cases)('$name=$value is named with what is allowed', ({ name, value }) => {
    const line = lineOf({ [name]: value });
    const shown = name === 'CURFEW_TRUSTED_PROXIES' ? value.split(/, /).at(-1) : value;
    expect(line.startsWith(`${name}=${JSON.stringify(shown)} is not allowed: `)).toBe(true);
    expect(line.split('is not allowed: ')[1]?.length).toBeGreaterThan(3);
    expect(line).not.toContain('\n');
  });

  const durations = [
    'CURFEW_IDLE_TIMEOUT',
    'CURFEW_WARN_BEFORE',
    'CURFEW_ABSOLUTE_TIMEOUT',
    'CURFEW_RESTORE_WINDOW',
    'CURFEW_TOKEN_LIFETIME',
    'CURFEW_ACTIVITY_RESOLUTION',
    'CURFEW_ROTATION_GRACE',
    'CURFEW_FRESH_AUTH',
    'CURFEW_MAX_LEASE',
    'CURFEW_REMEMBERED_IDLE',
    'CURFEW_REMEMBERED_ABSOLUTE',
  ];
  it.each(durations)('%s takes durations with a unit only, and none of a century', (name) => {
    for (const value of [
      '',
      ' ',
      '30',
      '-30m',
      '30 m',
      '30M',
      '1w',
      '1e3s',
      '.5h',
      '5.h',
      'NaN',
      'Infinity',
      '∞',
      '30m30s',
      '36501d',
      `${'9'.repeat(400)}d`,
    ])
      expect(lineOf({ [name]: value })).toBe(
        `${name}=${JSON.stringify(value)} is not allowed: a duration such as 30m, 12h, 15s, 500ms or 14d, at most 36500d`,
      );
  });

  it('is not shown where it is a secret, or holds one', () => {
    expect(lineOf({ CURFEW_SECRET: 'x'.repeat(31) })).toBe('CURFEW_SECRET="…" is not allowed: at least 32 bytes');
    expect(lineOf({ CURFEW_SECRET: '' })).toMatch(/^CURFEW_SECRET="…"/);
    expect(lineOf({ CURFEW_PREVIOUS_SECRETS: `${'x'.repeat(32)},tiger` })).toBe(
      'CURFEW_PREVIOUS_SECRETS="…" is not allowed: at least 32 bytes each, separated by commas',
    );
    const line = lineOf({ CURFEW_DATABASE: 'postgres://ada:p@ss:w/rd@db.example/curfew' });
    expect(line).toMatch(/^CURFEW_DATABASE="postgres:\/\/…@db\.example\/curfew" is not allowed: /);
    expect(line).not.toMatch(/p@ss|w\/rd/);
  });

  it('is refused where a preset forbids it, whatever it is', () => {
    for (const name of ['CURFEW_REMEMBERED_IDLE', 'CURFEW_REMEMBERED_ABSOLUTE'])
      expect(lineOf({ CURFEW_POLICY: 'pci', [name]: '2d' })).toBe(
        `${name}="2d" is not allowed: this policy forbids remembered sessions`,
      );
  });
});

describe('a value that is taken', () => {
  it('RFC 8725 3.5 counts a secret in bytes, not in letters', () => {
    expect(configOf({ CURFEW_SECRET: 'ü'.repeat(16) }).secret).toBe('ü'.repeat(16));
  });

  it('keeps earlier secrets in their order, without the spaces between them', () => {
    const [one, two] = ['1'.repeat(32), '2'.repeat(32)];
    expect(configOf({ CURFEW_PREVIOUS_SECRETS: ` ${one} , ${two},` }).previousSecrets).toEqual([one, two]);
  });

  it('is an origin as browsers write it', () => {
    for (const origin of [
      'https://app.example.com',
      'http://localhost:3000',
      'https://app.example.com:8443',
      'http://[::1]:3000',
    ])
      expect(configOf({ CURFEW_ORIGIN: origin }).origins).toEqual([origin]);
  });

  it('is several origins, separated by spaces or commas', () => {
    const CURFEW_ORIGIN = 'https://app.example.com https://api.example.com:8443,  http://localhost:3000,';
    expect(configOf({ CURFEW_ORIGIN }).origins).toEqual([
      'https://app.example.com',
      'https://api.example.com:8443',
      'http://localhost:3000',
    ]);
  });

  it('is a list of proxies by address and network', () => {
    expect(configOf({ CURFEW_TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8,::1 ,fd00::/8' }).trustedProxies).toEqual([
      '127.0.0.1',
      '10.0.0.0/8',
      '::1',
      'fd00::/8',
    ]);
    expect(configOf({ CURFEW_TRUSTED_PROXIES: '' }).trustedProxies).toEqual([]);
  });

  it('is a folder for checkpoints, one an hour unless it says how often', () => {
    const path = '/mnt/elsewhere';
    expect(configOf({ CURFEW_CHECKPOINTS: path }).checkpoints).toEqual({ path, every: hours(1) });
    const often = { CURFEW_CHECKPOINTS: path, CURFEW_CHECKPOINT_EVERY: '1m' };
    expect(configOf(often).checkpoints).toEqual({ path, every: minutes(1) });
    expect(configOf({ CURFEW_CHECKPOINT_EVERY: '1m' }).checkpoints).toBeNull();
  });

  it('but a variable that nobody reads is worth a line', () => {
    expect(configOf({ CURFEW_IDLE_TIMEUOT: '5m' }).warnings).toEqual([
      'CURFEW_IDLE_TIMEUOT is no variable of this version',
    ]);
  });
});

it('every duration that is written is read as the same, in the largest unit that fits', () => {
  for (const [duration, text] of [
    [0, '0ms'],
    [1, '1ms'],
    [1_500, '1500ms'],
    [seconds(90), '90s'],
    [minutes(30), '30m'],
    [hours(12), '12h'],
    [days(14), '14d'],
  ] as const) {
    expect(formatDuration(duration)).toBe(text);
    expect(parseDuration(text)).toBe(duration);
  }
});

it('an address that cannot be listened on is told in the line of its variable', () => {
  const failure = (code: string) => Object.assign(new Error(`listen ${code}`), { code });
  const at = { host: '127.0.0.1', port: 80 };
  expect(notListening(at, failure('EADDRINUSE'))).toMatch(/^PORT="80" is not allowed: a free one; something listens/);
  expect(notListening(at, failure('EACCES'))).toMatch(/^PORT="80" is not allowed: one that this user may listen on/);
  expect(notListening(at, failure('ENOTFOUND'))).toMatch(/^HOST="127\.0\.0\.1" is not allowed: a name or an address/);
});

it('a folder that cannot be written is told in the line of its variable', () => {
  expect(notWritable({ path: '/mnt/x', every: hours(1) }, new Error('EROFS: read-only file system'))).toBe(
    'CURFEW_CHECKPOINTS="/mnt/x" is not allowed: a folder that this user may write to (EROFS: read-only file system)',
  );
});
