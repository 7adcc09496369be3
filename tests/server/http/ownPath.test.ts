import { expect, test } from 'vitest';
import { ownPath } from '../../../server/http/ownPath.ts';

test.each(['/', '/api/finish', '/a?b=c&d=%2F%2Fx#e'])('%s is a path of this server', (path) =>
  expect(ownPath(path)).toBe(path),
);

test('it is as browsers take it', () => expect(ownPath('/a/../b c')).toBe('/b%20c'));

test.each(['', 'finish', '//evil.example', '/\\evil.example', '/\t/evil.example', '/.//evil.example', 'https://x/'])(
  'ASVS 3.7.2 %j is none',
  (path) => expect(ownPath(path)).toBeNull(),
);
