import { describe, expect, it } from 'vitest';
import { createTab, type TabOptions } from '../../../../web/client/index.ts';

/** Options as a program without types would give them. */
const given = (options: object) => options as TabOptions;

describe('an option of a tab that cannot be used', () => {
  it.each<[string, object, string]>([
    [
      'baseUrl',
      { baseUrl: 5 },
      'baseUrl must be an address such as https://api.example.com, or a path such as /letters',
    ],
    ['baseUrl', { baseUrl: 'api.example.com' }, 'and is "api.example.com"'],
    ['baseUrl', { baseUrl: 'ftp://example.com' }, 'and is "ftp://example.com"'],
    ['baseUrl', { baseUrl: 'https://example.com?a=1' }, 'and is "https://example.com?a=1"'],
    ['baseUrl', { baseUrl: 'https://' }, 'and is "https://"'],
    ['baseUrl', { baseUrl: '//example.com' }, 'and is "//example.com"'],
    ['basePath', { basePath: 'api' }, 'basePath must be a path such as /api, without a slash at its end, and is "api"'],
    ['basePath', { basePath: '/api/' }, 'and is "/api/"'],
    ['basePath', { basePath: '' }, 'and is ""'],
    ['basePath', { basePath: null }, 'and is null'],
    ['transport', { transport: 'token' }, 'transport must be cookie or bearer, and is "token"'],
    ['passkey', { passkey: true }, 'passkey must be a function that returns a proof, and is true'],
    ['sso', { sso: 'popup' }, 'sso must be a function that returns a proof, such as popup, and is "popup"'],
    ['origin', { origin: 'https://example.com' }, 'there is no option origin; there are baseUrl, basePath, transport'],
  ])('is refused in one line that names it: %s, %o', (_, options, message) => {
    expect(() => createTab(given(options))).toThrow(message);
    expect(() => createTab(given(options))).toThrow(/^[^\n]*$/);
  });

  it.each<object>([
    { baseUrl: '' },
    { baseUrl: '/letters' },
    { baseUrl: 'https://api.example.com/letters' },
    { basePath: '/letters/api' },
    { transport: undefined },
  ])('is none of these: %o', (options) => {
    expect(createTab(given(options)).state().phase).toBe('starting');
  });
});
