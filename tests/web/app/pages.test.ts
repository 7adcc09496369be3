import { expect, it } from 'vitest';
import { isPage } from '../../../web/app/pages.ts';

const opens = (path: string) => isPage(new URL(path, 'http://localhost'));

it.each(['/', '/?transport=bearer', '/settings', '/security', '/security/inspector/7', '/admin', '/conversations/7-a'])(
  '%s is a page of the application, which opens without the server',
  (path) => expect(opens(path)).toBe(true),
);

it.each([
  '/api',
  '/api/auth/session-info',
  '/api/sign-in/oidc/callback?code=7',
  '/signed-in.html?state=7',
  '/docs',
  '/openapi.json',
  '/metrics',
  '/healthz',
  '/.well-known/jwks.json',
  '/sw.js',
  '/notes/settings',
  '/?inspect',
  '/security?inspect=http://localhost:1',
])('%s is asked of the server, always', (path) => expect(opens(path)).toBe(false));
