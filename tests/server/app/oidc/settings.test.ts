import { describe, expect, test } from 'vitest';
import { oidcSettingsOf } from '../../../../server/app/oidc/settings.ts';

const env = {
  CURFEW_OIDC_ISSUER: 'https://id.example.com/realm',
  CURFEW_OIDC_CLIENT_ID: 'curfew',
  CURFEW_OIDC_CLIENT_SECRET: 'not to be shown',
};

describe('the OpenID provider in the environment', () => {
  test('is none when nothing says so', () => expect(oidcSettingsOf({})).toBeNull());

  test('is named by its host, or as it is told', () => {
    expect(oidcSettingsOf(env)).toEqual({
      issuer: new URL('https://id.example.com/realm'),
      clientId: 'curfew',
      clientSecret: 'not to be shown',
      name: 'id.example.com',
    });
    expect(oidcSettingsOf({ ...env, CURFEW_OIDC_NAME: ' Example ID ' })?.name).toBe('Example ID');
  });

  test.each(['http://localhost:4000', 'http://127.0.0.1:4000', 'http://[::1]:4000'])(
    'may be on this machine without https: %s',
    (issuer) => expect(oidcSettingsOf({ ...env, CURFEW_OIDC_ISSUER: issuer })?.issuer).toEqual(new URL(issuer)),
  );

  test.each([
    ['CURFEW_OIDC_ISSUER', 'http://id.example.com'],
    ['CURFEW_OIDC_ISSUER', 'http://localhost.example.com'],
    ['CURFEW_OIDC_ISSUER', 'id.example.com'],
    ['CURFEW_OIDC_ISSUER', 'https://id.example.com/?realm=x'],
    ['CURFEW_OIDC_ISSUER', 'https://user:secret@id.example.com'],
    ['CURFEW_OIDC_ISSUER', ''],
    ['CURFEW_OIDC_CLIENT_ID', ''],
    ['CURFEW_OIDC_CLIENT_SECRET', ' '],
    ['CURFEW_OIDC_NAME', ''],
    ['CURFEW_OIDC_NAME', 'a\u0000b'],
    ['CURFEW_OIDC_NAME', 'x'.repeat(61)],
    ['CURFEW_OIDC_ISSUER', undefined],
    ['CURFEW_OIDC_CLIENT_ID', undefined],
    ['CURFEW_OIDC_CLIENT_SECRET', undefined],
  ])('%s=%o is refused in one line that names it', (name, value) => {
    const refused = () => oidcSettingsOf({ ...env, [name]: value });
    expect(refused).toThrow(`${name}=${JSON.stringify(value ?? '')} is not allowed: `);
    expect(refused).toThrow(/^[^\n]+$/);
    expect(refused).not.toThrow(/not to be shown/);
  });

  test('has a name only where there is a provider', () => {
    expect(() => oidcSettingsOf({ CURFEW_OIDC_NAME: 'Example ID' })).toThrow(
      /^CURFEW_OIDC_NAME="Example ID" is not all/,
    );
  });
});
