import { existsSync } from 'node:fs';
import puppeteer, { type ElementHandle, type Page } from 'puppeteer-core';
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

async function open(name: 'Chromium' | 'Firefox', executablePath: string, args: string[]): Promise<Engine> {
  const browser = await puppeteer.launch({
    browser: name === 'Firefox' ? 'firefox' : 'chrome',
    executablePath,
    args,
    acceptInsecureCerts: true,
  });
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
export function openChromium(): Promise<Engine> {
  const { executablePath = '', args = [] } = launchOptions();
  return open('Chromium', executablePath, args);
}

/**
 * Firefox as it is installed, by WebDriver BiDi.
 *
 * @see https://www.w3.org/TR/webdriver-bidi/
 */
export function openFirefox(): Promise<Engine> {
  const { programs, how } = programsOf('Firefox');
  const path = programs[0]?.find(existsSync);
  if (path === undefined) throw new Error(`This needs Firefox. ${how}`);
  return open('Firefox', path, []);
}
