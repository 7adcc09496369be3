import { miniBrowser, type Driver } from './driver.ts';

/** How long a page may take to answer, in ms. A page that hangs never does. */
const patience = 15_000;

const elementKey = 'element-6066-11e4-a52e-4f735466cecf';

/** One window of WebKit. */
export interface WebKit {
  /** The engine's version. */
  readonly version: string;
  readonly go: (url: string) => Promise<void>;
  /** Runs the body of a function in the page. @returns what it returns. Throws when the page does not answer. */
  readonly run: <Value>(body: string, ...args: readonly unknown[]) => Promise<Value>;
  /** Types into the first element that a selector finds. */
  readonly type: (selector: string, text: string) => Promise<void>;
  /** Clicks on the visible button that has exactly this text. */
  readonly press: (text: string) => Promise<void>;
  readonly resize: (width: number, height: number) => Promise<void>;
  /** @returns a picture of the page, as PNG */
  readonly screenshot: () => Promise<Buffer>;
  readonly close: () => Promise<void>;
}

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

/** Opens a window, which takes any certificate. */
export async function openWebKit(driver: Driver): Promise<WebKit> {
  const browser = { binary: miniBrowser(), args: ['--automation'] };
  const wanted = { acceptInsecureCerts: true, 'webkitgtk:browserOptions': browser };
  const opened = await send('POST', `${driver.url}/session`, { capabilities: { alwaysMatch: wanted } });
  const session = `${driver.url}/session/${opened.sessionId}`;
  const element = async (using: string, value: string): Promise<string> =>
    `${session}/element/${(await send('POST', `${session}/element`, { using, value }))[elementKey]}`;
  return {
    version: opened.capabilities.browserVersion,
    go: (url) => send('POST', `${session}/url`, { url }),
    run: (body, ...args) => send('POST', `${session}/execute/sync`, { script: body, args }),
    type: async (selector, text) => send('POST', `${await element('css selector', selector)}/value`, { text }),
    press: async (text) =>
      send('POST', `${await element('xpath', `//button[normalize-space(.)=${JSON.stringify(text)}]`)}/click`, {}),
    resize: (width, height) => send('POST', `${session}/window/rect`, { width, height }),
    screenshot: async () => Buffer.from(await send('GET', `${session}/screenshot`), 'base64'),
    close: () => send('DELETE', session),
  };
}
