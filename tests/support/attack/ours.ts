import { expect } from 'vitest';
import { statuses } from '../../../server/http/problem.ts';

const known = new Set([
  'allow',
  'cache-control',
  'connection',
  'content-disposition',
  'content-length',
  'content-type',
  'date',
  'etag',
  'keep-alive',
  'retry-after',
  'session-status',
  'set-cookie',
  'transfer-encoding',
  'www-authenticate',
  'x-accel-buffering',
  // For a proxy that asks who it is.
  'curfew-name',
  'curfew-role',
  'curfew-session',
  'curfew-user',
  // What no cache may keep. @see RFC 9110 12.5.5
  'vary',
  // Of the pages.
  'content-security-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'last-modified',
  'origin-agent-cluster',
  'referrer-policy',
  'strict-transport-security',
  'x-content-type-options',
  'x-dns-prefetch-control',
  'x-download-options',
  'x-frame-options',
  'x-permitted-cross-domain-policies',
  'x-xss-protection',
]);

const handedOut = /^__Host-curfew(-sign-in)?=[\w.-]*;( Max-Age=\d+;)? Path=\/; HttpOnly; Secure; SameSite=Lax$/;

/**
 * Sees that an answer is one of ours: a problem with a known code under its own status, or a success with nothing but
 * the headers we know, and nothing of the inside in either.
 *
 * @returns the body, when it is JSON
 * @see RFC 9457, ASVS 5.0 16.5.1
 */
export async function expectOurs(
  request: { readonly method: string; readonly path: string },
  response: Response,
): Promise<unknown> {
  const what = `${request.method} ${request.path} → ${response.status}`;
  const type = response.headers.get('Content-Type') ?? '';
  for (const [name] of response.headers) expect(known.has(name), `${what}: ${name}`).toBe(true);
  for (const set of response.headers.getSetCookie()) expect(set, what).toMatch(handedOut);
  if (type.startsWith('text/event-stream')) {
    await response.body?.cancel();
    expect(response.status, what).toBe(200);
    return null;
  }
  const text = await response.text();
  expect(text, what).not.toMatch(/\bat .+:\d+:\d+|node_modules|\.ts\b:|SQLITE/);
  if (response.ok) return type.startsWith('application/json') && text !== '' ? JSON.parse(text) : null;
  if (response.status === 304) {
    expect([text, response.headers.has('ETag')], what).toEqual(['', true]);
    return null;
  }
  expect(response.status, what).toBeLessThan(500);
  expect(type, what).toBe('application/problem+json');
  if (request.method === 'HEAD') return null;
  const body = JSON.parse(text);
  const codes: Readonly<Record<string, number>> = statuses;
  const isGone = response.status === 410 && /^session_(lapsed|ended)$/.test(body.code);
  // A proxy is told what it knows: 403 for a session that is another one.
  const isForbidden = request.path.startsWith('/api/auth/verify') && body.code === 'session_mismatch';
  expect(isGone ? 410 : isForbidden ? 403 : codes[body.code], `${what}: ${body.code}`).toBe(response.status);
  expect(body.status, what).toBe(response.status);
  return body;
}
