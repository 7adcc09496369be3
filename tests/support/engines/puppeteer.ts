import { existsSync } from 'node:fs';
import puppeteer, { type Browser, type ElementHandle, type Page } from 'puppeteer-core';
import { launchOptions } from '../browser/chromium.ts';
import { programsOf } from '../runner/engines.ts';
import { byText, type Engine, type EnginePage } from './page.types.ts';

/** The text of a script that calls a function of which the body is given. */
const called = (body: string, args: readonly unknown[]): string =>
  `(function () {${body}}).apply(null, ${JSON.stringify(args)})`;

function pageOf(page: Page): EnginePage {
  const element = async (text: string): Promise<ElementHandle> => {
    const found = (await page.evaluateHandle(called(byText, [text]))).asElement();
    if (found === null) throw new Error(`there is no button ${text}`);
    return found as ElementHandle;
  };
  return {
    go: async (url) => void (await page.goto(url)),
    run: async <Value>(body: string, ...args: readonly unknown[]) =>
      page.evaluate(called(body, args)) as Promise<Value>,
    click: (selector) => page.click(selector),
    press: async (text) => (await element(text)).click(),
    type: (text) => page.keyboard.type(text),
    key: (key) => page.keyboard.press(key),
    resize: (width, height) => page.setViewport({ width, height }),
    show: () => page.bringToFront(),
    screenshot: () => page.screenshot(),
  };
}

const launch = (name: Engine['name'], executablePath: string, args: string[]): Promise<Browser> =>
  puppeteer.launch({
    browser: name === 'Firefox' ? 'firefox' : 'chrome',
    executablePath,
    args,
    acceptInsecureCerts: true,
  });

async function engineOf(name: Engine['name'], browser: Browser): Promise<Engine> {
  return {
    name,
    version: await browser.version(),
    async open() {
      const page = await browser.newPage();
      await page.setViewport({ width: 1280, height: 800 });
      return pageOf(page);
    },
    close: () => browser.close(),
  };
}

/** Chromium, by its own DevTools protocol. */
export async function openChromium(): Promise<Engine> {
  const { executablePath = '', args = [] } = launchOptions();
  return engineOf('Chromium', await launch('Chromium', executablePath, args));
}

function firefoxPath(): string {
  const { programs, how } = programsOf('Firefox');
  const path = programs[0]?.find(existsSync);
  if (path === undefined) throw new Error(`This needs Firefox. ${how}`);
  return path;
}

/**
 * Firefox as it is installed, by WebDriver BiDi.
 *
 * @see https://www.w3.org/TR/webdriver-bidi/
 */
export async function openFirefox(): Promise<Engine> {
  return engineOf('Firefox', await launch('Firefox', firefoxPath(), []));
}

/** What Puppeteer speaks to Firefox with, and does not show. */
interface Bidi {
  readonly connection: {
    readonly send: (method: string, params: object) => Promise<{ result: any }>;
  };
}

/** Runs in the browser itself: does what an element offers to assistive technology, once it is offered. */
const actOn = `async (name) => {
  const service = Cc['@mozilla.org/accessibilityService;1'].getService(Ci.nsIAccessibilityService);
  const find = (node) => {
    if (node.name === name && node.actionCount > 0) return node;
    for (let index = 0; index < node.childCount; index++) {
      const found = find(node.getChildAt(index));
      if (found) return found;
    }
    return null;
  };
  for (;;) {
    const found = find(service.getAccessibleFor(document));
    if (found) return found.doAction(0);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}`;

/**
 * Firefox, and the tree that it shows to assistive technology, by which a screen reader presses what has a name.
 *
 * @see https://firefox-source-docs.mozilla.org/remote/Security.html
 */
export async function openAssistedFirefox(): Promise<Engine & { readonly presses: (name: string) => Promise<void> }> {
  const browser = await launch('Firefox', firefoxPath(), ['-remote-allow-system-access']);
  const { connection } = browser as unknown as Bidi;
  return {
    ...(await engineOf('Firefox', browser)),
    async presses(name) {
      const { result: tree } = await connection.send('browsingContext.getTree', { 'moz:scope': 'chrome' });
      const { context } = tree.contexts.find(({ url }: { url: string }) => url.endsWith('/browser.xhtml'));
      const { result } = await connection.send('script.callFunction', {
        target: { context },
        functionDeclaration: actOn,
        arguments: [{ type: 'string', value: name }],
        awaitPromise: true,
      });
      if (result.type !== 'success') throw new Error(`${name} could not be pressed: ${JSON.stringify(result)}`);
    },
  };
}
