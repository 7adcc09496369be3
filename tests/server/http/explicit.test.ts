import { describe, expect, it } from 'vitest';
import { expectRefusal, settled } from '../../support/server/refusal.ts';
import { asking, goodOf, pathOf, table } from '../../support/server/rows.ts';
import { lapse, modes } from '../../support/server/world.ts';

// A stream is no answer that ends; it has tests of its own.
const ending = ({ path }: { path: string }) => !path.endsWith('/stream');

describe.each(modes)('a session that has timed out, %s mode', (mode) => {
  it('ASVS 7.6.2 is brought back by its password, and by nothing else that anybody asks', async () => {
    const { ada, pass, parts } = await settled(mode);
    pass(lapse);
    for (const { method, path, body, name } of asking.filter(ending)) {
      if (path.endsWith('/logout')) continue;
      const json = body && { ...goodOf(body), ...(path.endsWith('/reauthenticate') && { password: 'wrong horse' }) };
      const answer = await ada.call(method, pathOf(path, ada.id), json, { 'Session-Activity': 'user' });
      expect((await parts.log.load(ada.id))?.state.leaf, name).toBe('lapsed.idle');
      if (path.endsWith('/session-info')) expect(answer.body.session.state).toBe('lapsed');
      else if (path.endsWith('/ways')) expect(answer.status).toBe(200);
      else if (path.endsWith('/reauthenticate')) expectRefusal(answer, 'invalid_credentials', 401, name);
      else expectRefusal(answer, 'session_lapsed', 401, name);
    }
    expect((await ada.post('/api/auth/reauthenticate', { password: 'correct horse' })).status).toBe(200);
    expect((await parts.log.load(ada.id))?.state.leaf).toBe('active.fresh');
  });
});

describe('somebody who is not signed in', () => {
  it('ASVS 7.6.2 gets a session by no request but a sign-in, whether from a page, a frame or a link', async () => {
    const { client, changes, ada } = await settled();
    const credentials = 'username=ada&password=correct%20horse';
    const before = changes();
    for (const destination of ['empty', 'iframe', 'document']) {
      const nobody = client();
      const requests = [
        ...table.filter(ending).filter(({ asks, path }) => asks !== 'jar' && !path.startsWith('/api/sign-in/')),
        ...['/', '/login', '/api/auth/login', '/api/auth/register', '/api/auth/reauthenticate'].map((path) => ({
          method: 'GET',
          path: `${path}?${credentials}`,
          body: undefined,
        })),
      ];
      for (const { method, path, body } of requests) {
        const answer = await nobody.call(method, pathOf(path, ada.id), body && goodOf(body), {
          'Sec-Fetch-Dest': destination,
        });
        expect(answer.headers.get('Set-Cookie'), `${method} ${path}`).toBeNull();
        expect(answer.body?.token, `${method} ${path}`).toBeUndefined();
      }
      expect(nobody.token).toBeNull();
    }
    expect(changes()).toBe(before);
    expect((await client().login()).status).toBe(200);
    expect(changes()).toBeGreaterThan(before);
  });
});

describe('an answer about somebody', () => {
  it.each(asking.filter(ending))(
    'ASVS 14.3.2 OWASP Session Management is kept by nobody: $name',
    async ({ method, path, body }) => {
      const { ada } = await settled();
      const answer = await ada.call(method, pathOf(path, ada.id), body && goodOf(body));
      expect(answer.headers.get('Cache-Control')).toBe('no-store');
      // Which the cache of a service worker refuses, whatever the worker wants.
      if (/^\/api\/(auth|drafts|admin)\b/.test(path)) expect(answer.headers.get('Vary')).toBe('*');
    },
  );
});
