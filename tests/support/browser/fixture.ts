import { existsSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { Page } from 'playwright-core';

const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

/** A page of a folder, where there is one. */
export function pageIn(folder: string, path: string): Response {
  const file = join(folder, path === '/' ? 'index.html' : path);
  if (folder === '' || !file.startsWith(folder) || !existsSync(file)) return new Response(null, { status: 404 });
  return new Response(readFileSync(file), { headers: { 'Content-Type': types[extname(file)] ?? 'text/plain' } });
}

/** The fixture's pages, as they were built before the first case. */
export const fixture = (path: string): Response => pageIn(process.env['CURFEW_FIXTURE'] ?? '', path);

/** Signs in to the fixture. */
export async function enter(page: Page) {
  await page.getByRole('button', { name: 'Enter' }).click();
  await page.getByLabel('Letter').waitFor();
}
