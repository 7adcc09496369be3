import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes } from '../../machines/index.ts';
import type { Engine, EnginePage } from '../support/engines/page.types.ts';
import { openSecureSite, type SecureSite } from '../support/engines/secureSite.ts';
import { openWebKit } from '../support/engines/webkit.ts';

const password = 'correct horse battery';

let engine: Engine;
let site: SecureSite;
let page: EnginePage;

beforeAll(async () => {
  [engine, site] = await Promise.all([openWebKit(), openSecureSite()]);
});
afterAll(async () => {
  await engine?.close();
  await site?.stop();
});

async function type(selector: string, words: string) {
  await page.click(selector);
  await page.type(words);
}

const text = () => page.run<string>('return document.body.innerText');
const says = (words: string | RegExp) => expect.poll(text).toMatch(words);

/** Time passes on the server, and the tab asks how things stand whenever it is looked at, until it says certain words. */
async function passes(duration: number, words: string) {
  site.world.pass(duration);
  const look = async () => {
    await page.run('dispatchEvent(new Event("focus"))');
    return text();
  };
  await expect.poll(look, { interval: 250 }).toMatch(words);
}

/** An open modal of somebody else, and in the page a popover with what makes WebKit hang when it is not displayed. */
const putBefore = (words: string) =>
  page.run(
    `const [words] = arguments;
    const popover = document.createElement('div');
    popover.popover = 'auto';
    popover.style.positionArea = 'block-end';
    popover.style.setProperty('position-try-fallbacks', 'block-start');
    document.querySelector('header').append(popover);
    const dialog = document.createElement('dialog');
    dialog.id = 'foreign';
    dialog.append(words);
    document.body.append(dialog);
    dialog.showModal();`,
    words,
  );
const isShown = () =>
  page.run<boolean>('return document.querySelector("#foreign").checkVisibility({ visibilityProperty: true })');

describe('the reference application in WebKit', () => {
  it('Promise 5: is locked when the time is up, answers, and has the work again after signing in', async () => {
    page = await engine.open();
    await page.go(site.url);
    await says('Create an account');
    await page.press('Create an account');
    await type('input[name=username]', 'ada');
    await type('input[name=password]', password);
    await page.press('Create account');
    await says('Nothing here yet');
    await page.press('New conversation');
    await expect.poll(() => page.run('return document.querySelector("textarea") !== null')).toBe(true);
    await type('textarea', 'Written in WebKit');
    await says('Saved');
    await putBefore('The key is 4711');
    expect(await isShown()).toBe(true);

    await passes(minutes(25), "You'll be signed out in 5 minutes");
    await passes(minutes(3), "You're about to be signed out");
    await passes(minutes(3), 'Sign in and continue');
    expect(await isShown()).toBe(false);
    expect(await text()).not.toContain('The key is 4711');
    expect(await page.run('return document.documentElement.outerHTML')).not.toContain('Written in WebKit');
    await expect.poll(() => page.run('return document.activeElement.type')).toBe('password');

    await type('.curfew-locked input[type=password]', password);
    await page.press('Sign in and continue');
    await expect.poll(() => page.run('return document.querySelector("textarea")?.value')).toBe('Written in WebKit');
    await expect.poll(isShown).toBe(true);
  });
});
