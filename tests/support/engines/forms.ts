import { expect } from 'vitest';
import { formPages } from '../browser/forms.ts';
import { locking } from './locking.ts';
import type { Engine, EnginePage } from './page.types.ts';
import { openSecureSite } from './secureSite.ts';

/** Somebody who is signed in on the page of forms, in any engine. @param query what the address asks of it */
export async function openForms(engine: Engine, query: string) {
  const site = await openSecureSite(formPages);
  const page = await engine.open();
  await page.go(`${site.url}/forms?${query}`);
  await expect.poll(() => page.run('return document.querySelector("button") !== null')).toBe(true);
  await page.press('Enter');
  await expect.poll(() => page.run('return document.querySelector("main") !== null')).toBe(true);
  return { site, page, ...locking(site, page, 'main') };
}

/** What is in the fields of the letter and beside it, and what was chosen, with its bytes. */
export const filledIn = (page: EnginePage) =>
  page.run<Record<string, string>>(
    `const value = (css) => document.querySelector(css)?.value;
    const is = (css) => String(document.querySelector(css)?.checked);
    const [file] = document.querySelector('[name=scan]')?.files ?? [];
    const rest = { subject: value('[name=subject]'), body: value('[name=body]'), copy: is('[name=copy][value=bob]'),
      mail: is('[name=kind][value=mail]'), country: value('#country'), plain: value('#plain'),
      notes: document.querySelector('#notes')?.innerText.trim() };
    return file ? file.text().then((text) => ({ ...rest, scan: file.name + ': ' + text })) : rest;`,
  );
