import { expect, vi } from 'vitest';
import { miniBrowser, startDriver } from './webkitDriver.ts';
import { byText, type Engine, type EnginePage, type NamedKey } from './page.types.ts';

/** How long a page may take to answer, in ms. A page that hangs never does. */
const patience = 15_000;

const elementKey = 'element-6066-11e4-a52e-4f735466cecf';

/** @see https://www.w3.org/TR/webdriver2/#keyboard-actions */
const keys: Readonly<Record<NamedKey, string>> = {
  Enter: '\uE007',
  Escape: '\uE00C',
  F6: '\uE036',
  F8: '\uE038',
  ArrowLeft: '\uE012',
  Backspace: '\uE003',
};

/** Sends one command of the WebDriver protocol. @see https://www.w3.org/TR/webdriver2/ */
async function send(method: string, url: string, body?: object): Promise<any> {
  const signal = AbortSignal.timeout(patience);
  const response = await fetch(url, { method, signal, ...(body && { body: JSON.stringify(body) }) }).catch((cause) => {
    throw new Error(`WebKit did not answer within ${patience / 1000} s: ${method} ${url}`, { cause });
  });
  const { value } = (await response.json()) as { value: any };
  if (value?.error) throw new Error(`${value.error}: ${value.message}`);
  return value;
}

/** What a page asks of its window, which has to be the one that is spoken to. */
type Ask = (method: string, path: string, body?: object) => Promise<any>;

function pageOf(ask: Ask): EnginePage {
  const run = (script: string, ...args: readonly unknown[]) => ask('POST', '/execute/sync', { script, args });
  const press = (values: readonly string[]) => {
    const actions = values.flatMap((value) => [
      { type: 'keyDown', value },
      { type: 'keyUp', value },
    ]);
    return ask('POST', '/actions', { actions: [{ type: 'key', id: 'keyboard', actions }] });
  };
  return {
    go: (url) => ask('POST', '/url', { url }),
    run,
    async click(selector) {
      const found = await ask('POST', '/element', { using: 'css selector', value: selector });
      await ask('POST', `/element/${found[elementKey]}/click`, {});
    },
    async press(text) {
      const found = await run(byText, text);
      if (!found) throw new Error(`there is no button ${text}`);
      await ask('POST', `/element/${found[elementKey]}/click`, {});
    },
    // One by one: each is drawn before the next, which on a busy machine takes a whole text longer than a page may take.
    async type(text) {
      for (const character of text) await press([character]);
    },
    key: (key) => press([keys[key]]),
    // A window comes to its size bit by bit, the page within it last: until it has, its frame is measured wrong.
    async resize(width, height) {
      const resized = async () => {
        const frame = await run('return [outerWidth - innerWidth, outerHeight - innerHeight]');
        await ask('POST', '/window/rect', { width: width + frame[0], height: height + frame[1] });
        expect(await run('return [innerWidth, innerHeight]')).toEqual([width, height]);
      };
      await vi.waitFor(resized, { timeout: 30_000, interval: 100 });
    },
    show: () => ask('GET', '/title'),
    screenshot: async () => Buffer.from(await ask('GET', '/screenshot'), 'base64'),
  };
}

/**
 * WebKitGTK, which is the engine of Safari, by WebDriver. No library drives it beside the other two: Puppeteer and
 * Playwright bring or need a build of their own, and those that speak WebDriver have no driver for Firefox here.
 */
export async function openWebKit(): Promise<Engine> {
  const driver = await startDriver();
  const browser = { binary: miniBrowser(), args: ['--automation'] };
  const wanted = { acceptInsecureCerts: true, 'webkitgtk:browserOptions': browser };
  const opened = await send('POST', `${driver.url}/session`, { capabilities: { alwaysMatch: wanted } });
  const session = `${driver.url}/session/${opened.sessionId}`;
  let current: string = await send('GET', `${session}/window`);
  let isFirst = true;
  const askOf =
    (handle: string): Ask =>
    async (method, path, body) => {
      if (current !== handle) await send('POST', `${session}/window`, { handle });
      current = handle;
      return send(method, `${session}${path}`, body);
    };
  return {
    name: 'WebKit',
    version: opened.capabilities.browserVersion,
    async open() {
      const handle = isFirst ? current : (await send('POST', `${session}/window/new`, { type: 'window' })).handle;
      isFirst = false;
      const page = pageOf(askOf(handle));
      await page.resize(1280, 800);
      return page;
    },
    async close() {
      try {
        await send('DELETE', session);
      } finally {
        await driver.stop();
      }
    },
  };
}
