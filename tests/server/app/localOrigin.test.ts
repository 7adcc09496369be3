import { describe, expect, it } from 'vitest';
import { configFromEnvironment } from '../../../server/node/index.ts';
import { withLocalOrigin } from '../../../server/app/localOrigin.ts';
import { secret } from '../../support/server/world.ts';

describe('the origin of `npm start`', () => {
  it.each<[Record<string, string>]>([
    [{}],
    [{ CURFEW_IDLE_TIMEOUT: '30s', CURFEW_WARN_BEFORE: '15s' }],
    [{ NODE_ENV: 'development', CURFEW_INSPECT: '5001' }],
  ])('is of this machine where nothing is set up, so that WebKit keeps the cookie: %j', (env) => {
    const local = withLocalOrigin(env);
    expect(local).toEqual({ ...env, CURFEW_ORIGIN: 'http://localhost:3000' });
    expect(configFromEnvironment({ ...local, CURFEW_SECRET: secret })).toMatchObject({
      origins: ['http://localhost:3000'],
      developmentCookie: true,
    });
  });

  it.each<[Record<string, string>]>([
    [{ CURFEW_ORIGIN: 'https://app.example.com' }],
    [{ CURFEW_ORIGIN: '' }],
    [{ HOST: '0.0.0.0' }],
    [{ PORT: '8080' }],
    [{ NODE_ENV: 'production' }],
    [{ CURFEW_TRUSTED_PROXIES: '10.0.0.1' }],
    [{ CURFEW_DATABASE: 'postgres://database/curfew' }],
    [{ CURFEW_SECRET: 'a secret of thirty-two bytes or more' }],
    [{ CURFEW_SECRET_FILE: '/run/secrets/curfew' }],
  ])('is not taken for granted where the server is set up: %j', (env) => {
    expect(withLocalOrigin(env)).toBe(env);
  });
});
