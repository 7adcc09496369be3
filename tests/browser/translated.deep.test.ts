import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { minutes, seconds } from '../../machines/index.ts';
import { comeBack, composer, dialog, lock, sharedBrowser, openSite, toast } from '../support/browser/site.ts';
import { userOn } from '../support/browser/user.ts';

const browser = sharedBrowser();

/** As browsers translate a page: each text that is there, and each that comes, is put into two `font` elements. */
const translate = (page: Page) =>
  page.evaluate(() => {
    const wrap = (node: Node): void => {
      if (node instanceof Text) {
        if (!node.data.trim() || node.parentElement?.closest('font,script,style,textarea,svg,title')) return;
        const [outer, inner] = [document.createElement('font'), document.createElement('font')];
        inner.textContent = node.data.replace(/[a-z]+/gi, (word) => `${word}o`);
        outer.append(inner);
        node.replaceWith(outer);
      } else for (const child of Array.from(node.childNodes)) wrap(child);
    };
    const observer = new MutationObserver((changes) => {
      observer.disconnect();
      for (const { type, target, addedNodes } of changes) {
        if (type === 'characterData') wrap(target);
        for (const node of addedNodes) wrap(node);
      }
      watch();
    });
    const watch = () => observer.observe(document.body, { childList: true, subtree: true, characterData: true });
    wrap(document.body);
    document.documentElement.classList.add('translated-ltr');
    watch();
  });

it('a page that the browser translates goes on working through everything that a session does', async () => {
  const site = await openSite(browser);
  const page = await site.signedIn();
  const errors: string[] = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) errors.push(message.text());
  });
  await userOn(page).startConversation();
  await translate(page);
  await composer(page).fill('hello there');
  await site.leap(seconds(1));
  await page.keyboard.press('Control+Enter');
  await page.locator('.app-messages').getByText('there').waitFor();
  await composer(page).fill('a draft');
  await site.leap(seconds(1));
  for (const place of ['/settings', '/security', '/']) {
    await page.locator(`header a[href="${place}"]`).first().click();
    await page.waitForURL((url) => url.pathname === place);
    await site.rest();
  }
  await page.locator('a[href^="/conversations/"]').first().click();
  await composer(page).waitFor();
  await site.leap(minutes(26));
  await page.locator('.curfew-toast').waitFor();
  await site.leap(minutes(3));
  await dialog(page).waitFor();
  await site.leap(minutes(2));
  const password = page.locator('.curfew-locked input[type=password]');
  await password.fill('wrong one');
  await page.keyboard.press('Enter');
  await page.locator('.curfew-locked .curfew-alert').filter({ hasText: /./ }).waitFor();
  await password.fill('correct horse battery');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelector('textarea')?.value === 'a draft');
  expect(errors).toEqual([]);
  await site.close();
});

it('a page that breaks all the same says so, and what was typed is there when it is shown again', async () => {
  const site = await openSite(browser);
  const page = await site.writing('a draft');
  await page.evaluate(() => {
    // Something has taken away what the page wants to take away itself.
    const removeChild: unknown = Object.getOwnPropertyDescriptor(Node.prototype, 'removeChild')?.value;
    let isBroken = false;
    Object.defineProperty(Node.prototype, 'removeChild', {
      value(this: Node, child: Node) {
        if (typeof removeChild === 'function' && isBroken) return Reflect.apply(removeChild, this, [child]);
        isBroken = true;
        throw new DOMException('not a child of this node', 'NotFoundError');
      },
    });
  });
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('alert').filter({ hasText: 'This page has stopped working' }).waitFor();
  await page.getByRole('button', { name: 'Show it again' }).click();
  await page.goBack();
  await page.waitForFunction(() => document.querySelector('textarea')?.value === 'a draft');
  await site.leap(minutes(26));
  await toast(page).waitFor();
  await site.leap(minutes(5));
  await lock(page).waitFor();
  await comeBack(page);
  await page.waitForFunction(() => document.querySelector('textarea')?.value === 'a draft');
  await site.close();
});
