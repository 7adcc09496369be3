import { afterAll, describe, expect, it } from 'vitest';
import { folder, launch, tidy } from '../../support/server/child.ts';

afterAll(tidy);

describe('what the environment may not say', () => {
  const wrong: readonly [name: string, value: string, more?: Record<string, string>][] = [
    ['PORT', '65536'],
    ['HOST', ''],
    ['HOST', '203.0.113.7'],
    ['CURFEW_DATABASE', 'file:'],
    ['CURFEW_POLICY', 'strict'],
    ['CURFEW_IDLE_TIMEOUT', '30'],
    ['CURFEW_WARN_BEFORE', '-5m'],
    ['CURFEW_ABSOLUTE_TIMEOUT', 'forever'],
    ['CURFEW_ABSOLUTE_TIMEOUT', '10m'],
    ['CURFEW_RESTORE_WINDOW', '1 d'],
    ['CURFEW_TOKEN_LIFETIME', '1y'],
    ['CURFEW_ACTIVITY_RESOLUTION', ''],
    ['CURFEW_ROTATION_GRACE', '1e3s'],
    ['CURFEW_FRESH_AUTH', 'NaN'],
    ['CURFEW_MAX_LEASE', 'Infinity'],
    ['CURFEW_MAX_SESSIONS', '0'],
    ['CURFEW_ON_LIMIT', 'ignore'],
    ['CURFEW_UNDECLARED_ACTIVITY', 'maybe'],
    ['CURFEW_ORIGIN', 'https://app.example/'],
    ['CURFEW_TRUSTED_PROXIES', '10.0.0.0/'],
    ['CURFEW_REMEMBERED_IDLE', '40d'],
    ['CURFEW_REMEMBERED_ABSOLUTE', '1d'],
    ['CURFEW_REMEMBERED_IDLE', '2d', { CURFEW_POLICY: 'pci' }],
    ['CURFEW_TOKEN_ALGORITHM', 'none'],
    ['CURFEW_CHECKPOINTS', ''],
    ['CURFEW_CHECKPOINTS', '/dev/null'],
    ['CURFEW_CHECKPOINT_EVERY', '30s'],
    ['CURFEW_OIDC_ISSUER', 'http://id.example.com', { CURFEW_OIDC_CLIENT_ID: 'x', CURFEW_OIDC_CLIENT_SECRET: 'x' }],
    ['CURFEW_OIDC_CLIENT_ID', '', { CURFEW_OIDC_ISSUER: 'https://id.example.com', CURFEW_OIDC_CLIENT_SECRET: 'x' }],
    ['CURFEW_OIDC_NAME', 'Example ID'],
  ];
  it.concurrent.each(wrong)('%s=%s stops the start with one line that names it', async (name, value, more = {}) => {
    const home = folder();
    const child = launch(home, { ...more, [name]: value });
    expect(await child.gone).toEqual({ code: 1, signal: null });
    expect(child.err()).toMatch(/^curfew: [^\n]+\n$/);
    expect(child.err()).toContain(`${name}=${JSON.stringify(value)} is not allowed: `);
    expect(child.out()).toBe('');
  });
});
