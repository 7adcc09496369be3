import { expect } from 'vitest';
import { minutes } from '../../../machines/index.ts';
import { pageIn } from '../browser/fixture.ts';
import type { Engine, EnginePage } from './page.types.ts';
import { openSecureSite, type SecureSite } from './secureSite.ts';

export const password = 'correct horse battery';
export const secret = 'the key is 4711';

const isThere = (page: EnginePage, selector: string) =>
  page.run<boolean>('return document.querySelector(arguments[0]) !== null', selector);

/** The pages of the application with other people's modals, with a script that runs before anything else does. */
async function pagesWith(script: string, path: string): Promise<Response> {
  const page = pageIn(process.env['CURFEW_MODALS'] ?? '', path);
  if (path !== '/') return page;
  const html = (await page.text()).replace('<head>', `<head><script>${script}</script>`);
  return new Response(html, { headers: { 'Content-Type': 'text/html' } });
}

/** What locks and unlocks a page. @param content what is in it while it is open, and only then */
export const locking = ({ world }: SecureSite, page: EnginePage, content: string) => ({
  lock: async () => {
    world.pass(minutes(31));
    const isLocked = async () => {
      await page.run('dispatchEvent(new Event("focus"))');
      return isThere(page, '.curfew-locked input[type=password]');
    };
    await expect.poll(isLocked).toBe(true);
    await expect.poll(() => page.run('return document.activeElement.type')).toBe('password');
  },
  /** At once, with nothing but the keyboard. */
  unlock: async () => {
    await page.type(password);
    await page.key('Enter');
    await expect.poll(() => isThere(page, '.curfew-locked')).toBe(false);
    await expect.poll(() => isThere(page, content)).toBe(true);
  },
});

/**
 * Someone who is signed in to the application with other people's modals, and what locks and unlocks it.
 *
 * @param script what a browser or an extension of it has done to the page before
 */
export async function openModals(engine: Engine, script = '') {
  const site = await openSecureSite((path) => pagesWith(script, path));
  const page = await engine.open();
  await page.go(site.url);
  await expect.poll(() => isThere(page, 'button')).toBe(true);
  await page.press('Enter');
  await expect.poll(() => isThere(page, 'textarea')).toBe(true);
  // A caret blinks, and pictures are compared.
  await page.run(
    `const sheet = new CSSStyleSheet();
    sheet.replaceSync('* { caret-color: transparent !important }');
    document.adoptedStyleSheets.push(sheet);`,
  );
  return {
    site,
    page,
    kinds: await page.run<string[]>('return kinds'),
    ...locking(site, page, 'textarea'),
  };
}

/** @returns everything outside the locked screen that is shown, touched or read */
export const readable = (page: EnginePage) =>
  page.run<string[]>(
    `const isHere = (element) => element.closest('.curfew-locked') !== null;
    const all = [...document.querySelectorAll('body, body *, html > *')];
    const shown = all.filter((each) => !isHere(each) && !each.matches('body'))
      .filter((each) => each.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
      .map((each) => 'shows ' + each.outerHTML.slice(0, 60));
    const places = [0.02, 0.25, 0.5, 0.75, 0.98];
    const touched = places.flatMap((x) => places.map((y) => document.elementFromPoint(x * innerWidth, y * innerHeight)))
      .filter((each) => !each || !isHere(each)).map((each) => 'is touched at ' + each?.outerHTML.slice(0, 60));
    const read = document.documentElement.innerText.includes(arguments[0]) ? ['is read'] : [];
    const screen = document.querySelector('.curfew-locked');
    const unheard = screen.closest('[aria-hidden=true]') ? ['the screen itself is out of reach'] : [];
    return [...shown, ...touched, ...read, ...unheard];`,
    secret,
  );

/** What the locked screen looks like when all is drawn. */
export async function pictureOf(page: EnginePage): Promise<string> {
  await page.run(
    'return new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn(null))));',
  );
  return Buffer.from(await page.screenshot()).toString('base64');
}

/** Remembers how everything outside the application's own root is marked, once nothing of it changes any more. */
export async function rememberMarks(page: EnginePage): Promise<void> {
  const isAtRest = () =>
    page.run<boolean>(
      `const before = JSON.stringify(window.marks?.map(([, ...each]) => each));
      const all = 'html, body, html > :not(head, body), body > :not(#root), body > :not(#root) *';
      window.marks = [...document.querySelectorAll(all)]
        .filter((each) => !each.closest('.curfew-locked, .curfew-toasts'))
        .map((each) => [each, each.inert ?? null, each.getAttribute('aria-hidden'), each.getAttribute('style')]);
      return before === JSON.stringify(window.marks.map(([, ...each]) => each));`,
    );
  await expect.poll(isAtRest, { interval: 200 }).toBe(true);
}

/** @returns each of these that is there still and marked in another way, with how it was */
export const changedMarks = (page: EnginePage) =>
  page.run<string[]>(
    `return window.marks
      .filter(([each, inert, hidden, style]) => each.isConnected &&
        ((each.inert ?? null) !== inert || each.getAttribute('aria-hidden') !== hidden || each.getAttribute('style') !== style))
      .map(([each, ...was]) => each.outerHTML.slice(0, 200) + ' was ' + JSON.stringify(was));`,
  );
