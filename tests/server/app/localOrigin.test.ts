import { describe, expect, it } from 'vitest';
import { configFromEnvironment } from '../../../server/node/index.ts';
import { withLocalOrigin } from '../../../server/app/localOrigin.ts';
import { secret } from '../../support/server/world.ts';

const originOf = (env: Record<string, string>) => withLocalOrigin(env)['CURFEW_ORIGIN'];

describe('the origin of `npm start`', () => {
  it.each<[Record<string, string>, string]>([
    [{}, 'http://localhost:3000'],
    [{ PORT: '8080' }, 'http://localhost:8080'],
    [{ PORT: '80' }, 'http://localhost'],
    [{ HOST: '127.0.0.1' }, 'http://localhost:3000'],
    [{ HOST: 'localhost' }, 'http://localhost:3000'],
  ])('is of this machine, so that WebKit keeps the cookie: %j', (env, origin) => {
    expect(originOf(env)).toBe(origin);
    const { origins, developmentCookie } = configFromEnvironment(withLocalOrigin({ ...env, CURFEW_SECRET: secret }));
    expect({ origins, developmentCookie }).toEqual({ origins: [origin], developmentCookie: true });
  });

  it.each<[Record<string, string>]>([
    [{ CURFEW_ORIGIN: 'https://app.example.com' }],
    [{ CURFEW_ORIGIN: '' }],
    [{ HOST: '0.0.0.0' }],
    [{ HOST: '192.168.0.2' }],
    [{ NODE_ENV: 'production' }],
    [{ CURFEW_TRUSTED_PROXIES: '10.0.0.1' }],
    [{ PORT: '0' }],
    [{ PORT: 'none' }],
  ])('is not taken for granted where more than this machine may be served, or another was given: %j', (env) => {
    expect(withLocalOrigin(env)).toEqual(env);
  });
});
