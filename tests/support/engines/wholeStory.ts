import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { minutes, type Duration } from '../../../machines/index.ts';
import { openSecureSite, type SecureSite } from './secureSite.ts';
import type { Engine, EnginePage } from './page.types.ts';

const password = 'correct horse battery';
const written = 'Written by hand, with a caret in the middle.';

const text = (page: EnginePage) => page.run<string>('return document.body.innerText');
const title = (page: EnginePage) => page.run<string>('return document.title');
const says = (page: EnginePage, words: string | RegExp) => expect.poll(() => text(page)).toMatch(words);

/** What has the focus: its text where it is a button, its type where it is a field. */
const focused = (page: EnginePage) =>
  page.run<string>('const { activeElement: it } = document; return it.matches("button") ? it.textContent : it.type');
/** What is in the composer, and where its caret is. */
const composer = (page: EnginePage) =>
  page.run<[string, number] | null>(
    'const it = document.querySelector("textarea"); return it && [it.value, it.selectionStart]',
  );

/** Until what is seen has come to rest: colours that change slowly are not what a picture is of. */
const rest = (page: EnginePage) =>
  page.run(
    `for (const each of document.getAnimations()) if (each.effect.getComputedTiming().endTime !== Infinity) each.finish();
    return new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(() => drawn(null))));`,
  );

const sizes = { wide: { width: 1280, height: 800 }, narrow: { width: 360, height: 740 } };

/**
 * Takes a picture of each stage, and finds that no two of them look the same. With `CURFEW_PICTURES`, a folder, it takes
 * each wide and narrow, light and dark, and keeps them there.
 */
function pictures(engine: Engine, own: keyof typeof sizes) {
  const folder = process.env['CURFEW_PICTURES'];
  const taken = new Map<string, string>();
  return async (stage: string, page: EnginePage) => {
    const picture = Buffer.from(await page.screenshot()).toString('base64');
    expect(taken.get(picture)).toBeUndefined();
    taken.set(picture, stage);
    if (folder === undefined) return;
    mkdirSync(folder, { recursive: true });
    for (const [size, { width, height }] of Object.entries(sizes)) {
      await page.resize(width, height);
      for (const theme of ['light', 'dark']) {
        await page.run('document.documentElement.dataset.theme = arguments[0]', theme);
        await rest(page);
        const name = [String(taken.size).padStart(2, '0'), stage, engine.name, size, theme].join(' ');
        writeFileSync(join(folder, `${name}.png`), await page.screenshot());
      }
    }
    await page.run('delete document.documentElement.dataset.theme');
    await page.resize(sizes[own].width, sizes[own].height);
  };
}

/** One person's browser, and the server whose clock only the story moves. */
interface Scene {
  readonly page: EnginePage;
  readonly site: SecureSite;
  readonly look: (stage: string, page: EnginePage) => Promise<void>;
  /** Time passes on the server; the page hears of it when it is looked at, until it says certain words. */
  readonly comesTo: (duration: Duration, words: string | RegExp) => Promise<void>;
}

/** Registers and writes a draft. @returns what is in the composer then */
async function writeDraft({ page, site, look }: Scene): Promise<[string, number]> {
  await page.go(site.url);
  await says(page, 'For your security we sign you out after 30 minutes without activity');
  await look('sign-in', page);
  await page.press('Create an account');
  await page.click('input[name=username]');
  await page.type('ada');
  await page.click('input[name=password]');
  await page.type(password);
  await page.key('Enter');
  await says(page, 'Nothing here yet');
  await look('registered', page);
  await page.press('New conversation');
  await expect.poll(() => composer(page)).toEqual(['', 0]);
  await page.click('textarea');
  await page.type(written);
  for (let press = 0; press < 10; press++) await page.key('ArrowLeft');
  expect(await composer(page)).toEqual([written, written.length - 10]);
  await says(page, 'Saved');
  await look('draft', page);
  return [written, written.length - 10];
}

/** The first warning takes no focus, and F6 leads there and back; the second takes it, and gives it back on Escape. */
async function beWarned({ page, look, comesTo }: Scene, draft: [string, number]): Promise<void> {
  await comesTo(minutes(25), "You'll be signed out in 5 minutes");
  expect(await focused(page)).toBe('textarea');
  await look('toast', page);
  await page.key('F6');
  await expect.poll(() => focused(page)).toBe('Stay signed in');
  await page.key('F6');
  await expect.poll(() => focused(page)).toBe('textarea');
  expect(await composer(page)).toEqual(draft);

  await comesTo(minutes(3), "You're about to be signed out");
  await expect.poll(() => focused(page)).toBe('Stay signed in');
  expect(await title(page)).toMatch(/^Signing out soon – /);
  await look('dialog', page);
  // Before that, a key may have been on its way to the page.
  await expect.poll(() => page.run('return document.querySelector("dialog[data-curfew-ready]") !== null')).toBe(true);
  await page.key('Escape');
  await expect.poll(() => page.run('return document.querySelector("[role=alertdialog]") === null')).toBe(true);
  await expect.poll(() => focused(page)).toBe('textarea');
  expect(await composer(page)).toEqual(draft);
}

/** Nobody is there: locked in place, and after the right password everything is where it was. */
async function beLocked({ page, look, comesTo }: Scene, draft: [string, number]): Promise<void> {
  const path = await page.run('return location.pathname');
  await comesTo(minutes(31), 'Sign in and continue');
  await expect.poll(() => page.run('return document.documentElement.outerHTML')).not.toContain(written);
  expect(await title(page)).toMatch(/^Signed out – /);
  expect(await text(page)).toContain('because you were inactive for 30 minutes');
  await expect.poll(() => focused(page)).toBe('password');
  await look('locked', page);
  await page.type('wrong');
  await page.key('Enter');
  await says(page, "That password isn't right");
  await look('wrong password', page);
  await page.run('document.querySelector(".curfew-locked input[type=password]").select()');
  await page.type(password);
  await page.key('Enter');
  await says(page, 'Welcome back');
  await look('welcome back', page);
  await expect.poll(() => composer(page)).toEqual(draft);
  await expect.poll(() => focused(page)).toBe('textarea');
  expect(await page.run('return location.pathname')).toBe(path);
}

/** What is done in one tab is done in the other, and nothing of it is left. */
async function leave({ page, look }: Scene, other: EnginePage): Promise<void> {
  await other.go(await page.run('return location.href'));
  await expect.poll(() => composer(other)).toEqual([written, expect.any(Number)]);
  await page.show();
  await page.press('Sign out');
  await says(page, 'Create an account');
  await other.show();
  await says(other, 'You signed out');
  await look('signed out in the other tab', other);
  expect(await other.run('return document.documentElement.outerHTML')).not.toContain(written);
  expect(await page.run('return indexedDB.databases().then((all) => all.length)')).toBe(0);
}

/** From registering to signing out, as one person does it in one browser: over the warning, twice, and the lock. */
export async function tellWholeStory(engine: Engine, size: keyof typeof sizes = 'wide'): Promise<void> {
  const site = await openSecureSite();
  const open = async () => {
    const opened = await engine.open();
    const { width, height } = sizes[size];
    await opened.resize(width, height);
    return opened;
  };
  const page = await open();
  const comesTo = async (duration: Duration, words: string | RegExp) => {
    site.world.pass(duration);
    const said = async () => {
      await page.run('dispatchEvent(new Event("focus"))');
      return text(page);
    };
    await expect.poll(said, { interval: 250 }).toMatch(words);
  };
  const scene = { page, site, comesTo, look: pictures(engine, size) };
  const draft = await writeDraft(scene);
  await beWarned(scene, draft);
  await beLocked(scene, draft);
  await leave(scene, await open());
  await site.stop();
}
