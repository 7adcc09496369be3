import { describe, expect, test } from 'vitest';
import { ownPage } from '../../../server/app/returnTo.ts';

describe('where a sign-in returns to', () => {
  test.each(['/', '/conversations/c1', '/conversations/c1?a=b&c=%2F%2Fx#d', '/a/../b', '/apis'])(
    '%s is a path of this application',
    (path) => expect(ownPage(path)).toBe(path === '/a/../b' ? '/b' : path),
  );

  test.each([
    ['another site', 'https://evil.example/'],
    ['another site, by its host alone', '//evil.example/'],
    ['another site, with backslashes', '/\\evil.example/'],
    ['another site, with backslashes further on', '/a/..\\..//evil.example'],
    ['another site, behind a tab that browsers drop', '/\t/evil.example'],
    ['another site, behind a line end', '/\n/evil.example'],
    ['another site, after dots', '/.//evil.example'],
    ['a script', 'javascript:alert(1)'],
    ['a path that depends on the page', 'conversations'],
    ['nothing', ''],
    ['the API', '/api/auth/logout'],
    ['the API, after dots', '/x/../api/oidc/start'],
    ['the API itself', '/api'],
  ])('ASVS 3.7.2 is never %s', (_, path) => expect(ownPage(path)).toBeNull());
});
