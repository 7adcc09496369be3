import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../support/engines/page.types.ts';
import { openChromium, openFirefox } from '../support/engines/puppeteer.ts';
import { openSecureSite } from '../support/engines/secureSite.ts';
import { openWebKit } from '../support/engines/webkit.ts';

const engines = { Chromium: openChromium, Firefox: openFirefox, WebKit: openWebKit };

/** What of Curfew an answer to a page may hold, down to the key of what is kept on the device. */
const asked = ['auth/me', 'auth/session-info', 'auth/vault-key', 'auth/sessions', 'drafts', 'drafts/letter'];

/** Registers, stores a draft, and puts every answer where a service worker would that caches whatever is asked. */
const putAll = `const post = (path, method, body) =>
  fetch('/api/' + path, { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
return (async () => {
  const cache = await caches.open('everything');
  const put = async (name, answer) => {
    const { status } = answer;
    const outcome = await cache.put('/' + name, answer).then(() => 'cached', (error) => error.name);
    return [name, status, outcome].join(' ');
  };
  const said = [await put('page', await fetch('/'))];
  said.push(await put('register', await post('auth/register', 'POST', { username: 'ada', password: 'correct horse battery' })));
  await post('drafts/letter', 'PUT', { ciphertext: 'c2VhbGVk', savedAt: arguments[1], expiresAt: arguments[1] + 3600000 });
  for (const path of arguments[0]) said.push(await put(path, await fetch('/api/' + path)));
  return [said, (await cache.keys()).map(({ url }) => new URL(url).pathname)];
})();`;

describe.each(['Chromium', 'Firefox', 'WebKit'] as const)(
  'a script that caches what the API answers, in %s',
  (name) => {
    let engine: Engine;
    beforeAll(async () => {
      engine = await engines[name]();
    });
    afterAll(() => engine?.close());

    it('ASVS 14.3.2 is refused by the cache itself: the page is in it, and nothing of a session, a key or a draft', async () => {
      const page = '<!doctype html><title>A page</title>';
      const site = await openSecureSite(() => new Response(page, { headers: { 'Content-Type': 'text/html' } }));
      const opened = await engine.open();
      await opened.go(site.url);
      const [said, kept] = await opened.run<[string[], string[]]>(putAll, asked, site.world.now());
      expect(said).toEqual([
        'page 200 cached',
        'register 201 TypeError',
        ...asked.map((path) => `${path} 200 TypeError`),
      ]);
      expect(kept).toEqual(['/page']);
      await site.stop();
    });
  },
);
