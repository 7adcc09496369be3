import { describe, expect, it } from 'vitest';
import { days, minutes, presets } from '../../machines/index.ts';
import { createCurfew, InvalidOption, passwords, type CurfewOptions } from '../../server/index.ts';
import { memory } from '../../server/memory/index.ts';
import { checkOptions } from '../../server/options.ts';
import { postgres } from '../../server/postgres/index.ts';
import { sqlite } from '../../server/sqlite/index.ts';

const secret = 'a secret of at least thirty-two bytes';

/** Options as a program without types would give them. */
const given = (more: object = {}) => ({ store: memory(), secret, ...more }) as CurfewOptions;

/** Why options are refused. */
async function refusal(options: CurfewOptions): Promise<{ option: string; message: string }> {
  try {
    const curfew = await createCurfew(options);
    await curfew.close();
    return { option: '', message: 'taken' };
  } catch (error) {
    if (error instanceof InvalidOption) return { option: error.option, message: error.message };
    throw error;
  }
}

describe('an option that cannot be used', () => {
  it.each<[string, object, string]>([
    ['store', { store: undefined }, 'store must be what sqlite(…), postgres(…) or memory() returns'],
    ['store', { store: './curfew.db' }, 'store must be what sqlite(…)'],
    ['secret', { secret: undefined }, 'secret must be a text of at least 32 bytes'],
    ['secret', { secret: '' }, 'secret must be a text of at least 32 bytes'],
    ['secret', { secret: 'too short to be one' }, 'secret must be a text of at least 32 bytes'],
    ['secret', { secret: 42 }, 'secret must be a text of at least 32 bytes'],
    ['secret', { secret: () => '' }, 'secret must return a text of at least 32 bytes'],
    ['secret', { secret: async () => undefined }, 'secret must return a text of at least 32 bytes'],
    ['previousSecrets', { previousSecrets: secret }, 'previousSecrets must be a list'],
    ['previousSecrets', { previousSecrets: [secret, 'short'] }, 'of at least 32 bytes each'],
    ['algorithm', { algorithm: 'none' }, 'algorithm must be HS256 or EdDSA, and is "none"'],
    ['policy', { policy: 'standard' }, 'policy must be an object such as { preset: "standard"'],
    ['policy', { policy: null }, 'policy must be an object'],
    ['policy', { policy: { preset: 'strict' } }, 'policy.preset must be one of standard, owasp-high'],
    ['policy', { policy: { idleTimeout: minutes(5) } }, 'policy.warnBefore must be less than idleTimeout'],
    ['policy', { policy: { ...presets.pci, idleTimeout: -1 } }, 'policy.idleTimeout must be a finite duration'],
    [
      'policy',
      { policy: { idleTimout: minutes(20) } },
      'there is no policy.idleTimout; there are preset, idleTimeout, absoluteTimeout, ',
    ],
    ['accounts', { accounts: { find() {}, byId() {}, verify() {} } }, 'accounts must be what passwords(…) returns'],
    ['accounts', { accounts: true }, 'accounts must be what passwords(…) returns, or false, and is true'],
    ['accounts', { accounts: null }, 'accounts must be what passwords(…) returns, or false, and is null'],
    [
      'sessionCache',
      { sessionCache: true },
      'sessionCache must be false, or an object of bytes, a whole number of at least 65536',
    ],
    ['sessionCache', { sessionCache: { bytes: 1 } }, 'sessionCache must be false, or an object of bytes'],
    [
      'sessionCache',
      { sessionCache: { bytes: 100_000, entries: 3 } },
      'sessionCache must be false, or an object of bytes',
    ],
    ['role', { role: 'administrator' }, 'role must be a function that returns the role of a user'],
    ['origin', { origin: 'https://app.example.com/path' }, 'origin must be an origin such as'],
    ['origin', { origin: '*' }, 'origin must be an origin such as'],
    ['origins', { origins: 'https://app.example.com' }, 'origins must be a list of origins'],
    ['origins', { origins: [1] }, 'origins must be a list of origins'],
    ['origins', { origins: ['*'] }, 'and "*" stands for every origin'],
    ['origins', { origins: ['null'] }, 'and "null" is the origin of sandboxed frames'],
    ['origins', { origins: ['https://a.example/x'] }, 'has more than an origin: https://a.example is one'],
    ['origins', { origins: ['https://a.example:443'] }, 'has more than an origin: https://a.example is one'],
    ['origins', { origins: ['https://*.example.com'] }, 'and "https://*.example.com" stands for many origins'],
    ['origins', { origins: ['a.example'] }, 'is no origin such as'],
    ['basePath', { basePath: 'api' }, 'basePath must be a path such as /api'],
    ['basePath', { basePath: '/api/' }, 'basePath must be a path such as /api'],
    ['basePath', { basePath: '/a/../b' }, 'basePath must be a path such as /api'],
    ['basePath', { basePath: '/:tenant' }, 'basePath must be a path such as /api'],
    ['basePath', { basePath: '' }, 'basePath must be a path such as /api'],
    ['cookieName', { cookieName: '__Host-x y' }, 'cookieName must be a name of'],
    ['cookieName', { cookieName: '' }, 'cookieName must be a name of'],
    ['cookieName', { cookieName: 'x'.repeat(65) }, 'cookieName must be a name of'],
    ['address', { address: '10.0.0.1' }, 'address must be a function'],
    ['origin', { origin: null }, 'and is null'],
    ['trustedProxies', { trustedProxies: '10.0.0.0/8' }, 'trustedProxies must be a list'],
    ['trustedProxies', { trustedProxies: ['10.0.0.0/33'] }, 'and is ["10.0.0.0/33"]'],
    ['retention', { retention: '90d' }, 'retention must be a duration in ms of at least one day'],
    ['retention', { retention: minutes(5) }, 'retention must be a duration in ms of at least one day'],
    ['checkpoints', { checkpoints: '/backup' }, 'checkpoints must be an object of a path'],
    ['checkpoints', { checkpoints: { path: '/backup', every: 1 } }, 'every at least one minute (60000)'],
    ['checkpoints', { checkpoints: { path: '/backup', evry: days(1) } }, 'checkpoints must be an object of a path'],
    ['checkpoints', { checkpoints: { path: '/dev/null/no' } }, 'checkpoints.path must be a folder that can be written'],
    [
      'exportUserData',
      { exportUserData: {} },
      'exportUserData must be a function that returns what the application keeps',
    ],
    ['exportUserData', { exportUserData: null }, 'by their id, and is null'],
    ['clock', { clock: 0 }, 'clock must be a function that returns epoch ms'],
    ['newId', { newId: 'id' }, 'newId must be a function'],
    ['write', { write: 'stdout' }, 'write must be a function'],
    ['polcy', { polcy: presets.standard }, 'there is no option polcy; there are store, secret,'],
    ['database', { database: 'x' }, 'there is no option database'],
  ])('is refused in one line that names %s: %o', async (option, more, line) => {
    const refused = await refusal(given(more));
    expect(refused.option).toBe(option);
    expect(refused.message).toContain(line);
    expect(refused.message).toMatch(/^createCurfew: [^\n]+$/);
  });

  it.each<[object]>([
    [{ secret: 'hush hush' }],
    [{ previousSecrets: ['hush hush'] }],
    [{ store: 'postgres://ada:hush@db/x' }],
  ])('shows nothing that is secret: %o', async (more) => {
    expect((await refusal(given(more))).message).not.toContain('hush');
  });
});

describe('an option that is left out', () => {
  it('or is undefined has its default', () => {
    const nothing = { policy: undefined, origin: undefined, trustedProxies: undefined, clock: undefined };
    for (const more of [{}, nothing])
      expect(checkOptions(given(more))).toMatchObject({
        policy: presets.standard,
        algorithm: 'HS256',
        previousSecrets: [],
        origins: [],
        basePath: '/api',
        cookieName: 'curfew',
        trustedProxies: [],
        retention: days(90),
        checkpoints: null,
      });
  });
});

describe('a policy', () => {
  const policyOf = (policy: CurfewOptions['policy']) => checkOptions(given({ policy })).policy;

  it('is a preset with some limits changed, clamped', () => {
    expect(policyOf({ preset: 'pci' })).toEqual(presets.pci);
    expect(policyOf({ preset: 'pci', idleTimeout: minutes(10), warnBefore: minutes(9) })).toEqual({
      ...presets.pci,
      idleTimeout: minutes(10),
      warnBefore: minutes(9),
      activityResolution: minutes(1) / 10,
    });
  });

  it('may be a whole one, or a preset that was spread by hand', () => {
    expect(policyOf(presets['nist-aal2'])).toEqual(presets['nist-aal2']);
    expect(policyOf({ ...presets.standard, absoluteTimeout: minutes(40) })).toMatchObject({
      absoluteTimeout: minutes(40),
      maxLease: minutes(40),
    });
  });

  it('of a function is that of no user in particular: none is shown', () => {
    expect(policyOf(() => ({ preset: 'pci' }))).toBeNull();
  });
});

describe('what makes an option', () => {
  it('refuses at once what it cannot take', () => {
    expect(() => sqlite('')).toThrow('sqlite(…) takes the path of a file');
    expect(() => sqlite(undefined as unknown as string)).toThrow('sqlite(…) takes the path of a file');
    expect(() => postgres('db.example.com')).toThrow('postgres(…) takes an address such as postgres://');
    const own = { find: async () => null, byId: async () => null } as unknown as Parameters<typeof passwords>[0];
    expect(() => passwords(own)).toThrow('passwords(…) needs the function verify');
  });
});
