import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { minutes } from '../../../machines/index.ts';
import { folder } from '../../support/server/folder.ts';
import { createWorld } from '../../support/server/world.ts';

/** A server that shows pages, too. */
async function withPages() {
  const root = folder();
  writeFileSync(join(root, 'index.html'), '<title>The application</title>');
  const world = await createWorld({ root });
  const ada = world.client();
  await ada.register();
  world.pass(minutes(2));
  return { ...world, ada, nobody: world.client() };
}

describe('beside the pages', () => {
  it.each(['/', '/settings', '/apiary', '/conversations/7'])('%s is the application', async (path) => {
    const { nobody } = await withPages();
    const answer = await nobody.get(path);
    expect({ status: answer.status, text: answer.text }).toEqual({
      status: 200,
      text: '<title>The application</title>',
    });
    expect(answer.headers.get('Content-Security-Policy')).toContain("default-src 'self'");
    expect((await nobody.raw('HEAD', path)).status).toBe(200);
  });

  it.each([
    ['/', 'no-cache', 'text/html'],
    ['/sw.js', 'no-cache', 'text/javascript'],
    ['/manifest.webmanifest', 'no-cache', 'application/manifest+json'],
    ['/assets/7a.css', 'public, max-age=31536000, immutable', 'text/css'],
    ['/assets/gone.css', 'no-store', 'application/problem+json'],
  ])('%s says for how long it may be kept, and what it is', async (path, kept, type) => {
    const root = folder();
    mkdirSync(join(root, 'assets'));
    for (const name of ['index.html', 'sw.js', 'manifest.webmanifest', 'assets/7a.css'])
      writeFileSync(join(root, name), '{}');
    const { headers } = await (await createWorld({ root })).client().get(path);
    expect([headers.get('Cache-Control'), headers.get('Content-Type')?.split(';')[0]]).toEqual([kept, type]);
  });

  it.each(['/favicon.png', '/assets/old.js'])('%s is a 404 where there is no such file', async (path) => {
    const { nobody } = await withPages();
    expect((await nobody.get(path)).body).toMatchObject({ status: 404, code: 'not_found' });
  });

  it.each(['/api/auth/nowhere', '/api/admin'])('%s is a 404 for everybody, and no page', async (path) => {
    const { ada, nobody } = await withPages();
    for (const client of [ada, nobody])
      expect((await client.get(path)).body).toMatchObject({ status: 404, code: 'not_found' });
  });

  it('a path of the API that is nowhere is no sign of a person: it was written down as activity', async () => {
    const { ada, changes } = await withPages();
    const before = changes();
    expect((await ada.get('/api/nowhere')).body).toMatchObject({ status: 404, code: 'not_found' });
    expect(changes()).toBe(before);
  });
});
