import type { HttpBindings } from '@hono/node-server';
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import type { Duration } from '../../../machines/index.ts';
import { createWorld, t0, type World, type WorldOptions } from '../server/world.ts';
import { createNetwork, type Network } from './network.ts';
import { launchOptions } from './chromium.ts';
import { moveMouse } from './mouse.ts';
import { userOn } from './user.ts';

export const password = 'correct horse battery';
export const application = realpathSync(join(import.meta.dirname, '..', '..', '..', 'dist', 'app'));

/** A browser, and the network between it and the servers of one file's tests. */
export interface OpenBrowser {
  readonly browser: Browser;
  readonly network: Network;
  readonly close: () => Promise<void>;
}

export async function openBrowser(): Promise<OpenBrowser> {
  const [browser, network] = await Promise.all([chromium.launch(launchOptions()), createNetwork()]);
  return {
    browser,
    network,
    async close() {
      await browser.close();
      await network.stop();
    },
  };
}

/** A browser for the tests of the file, or the block, that calls this: open from before the first until after the last. */
export function sharedBrowser(): Omit<OpenBrowser, 'close'> {
  let opened: OpenBrowser | undefined;
  beforeAll(async () => {
    opened = await openBrowser();
  });
  afterAll(() => opened?.close());
  const here = (): OpenBrowser => {
    if (opened === undefined) throw new Error('the browser is there once the tests run');
    return opened;
  };
  return {
    get browser() {
      return here().browser;
    },
    get network() {
      return here().network;
    },
  };
}

export const stream = 'GET /api/auth/stream';

/** One request as it arrived. */
export interface SentRequest {
  readonly what: string;
  /** What it said about the person. */
  readonly activity: string | null;
  readonly at: Duration;
}

/** What becomes of a request before or after the server has seen it. */
export type Fault = 'error' | 'lost' | 'unheard' | 'kept back' | null;

export interface SiteOptions extends Pick<
  WorldOptions,
  'policy' | 'preset' | 'place' | 'secret' | 'register' | 'oidc' | 'ways' | 'newId'
> {
  readonly context?: BrowserContextOptions;
  /** How far the device's clock is off, in ms. */
  readonly off?: Duration;
  /** Answers a request before anything else does; `null` leaves it alone. */
  readonly routes?: (world: World, request: Request, env: HttpBindings) => Response | Promise<Response> | null;
  /** Serves other pages than the application's. */
  readonly pages?: (path: string) => Response;
}

/** Once a page has come to this, it has heard what was answered before. */
export const heard = (page: Page) =>
  page.evaluate(() =>
    fetch('/healthz').then(
      (response) => response.text(),
      () => '',
    ),
  );

/** Makes an account, and with a title a conversation, from inside a page. @returns the conversation's id */
export async function registers({
  title,
  ...credentials
}: {
  username: string;
  password: string;
  title?: string | undefined;
}): Promise<string | null> {
  const post = async (path: string, body: object) => {
    const headers = { 'Content-Type': 'application/json' };
    return (await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) })).json();
  };
  await post('/api/auth/register', credentials);
  return title === undefined ? null : (await post('/api/conversations', { title })).conversation.id;
}

/** Without a service worker unless it is what is looked at: it asks by itself, and tests count what is asked. */
const usual: BrowserContextOptions = { viewport: { width: 1280, height: 800 }, serviceWorkers: 'block' };

/** A server and a browser whose clocks stand still until a case moves them. */
export async function openSite({ browser, network }: Omit<OpenBrowser, 'close'>, options: SiteOptions = {}) {
  const { policy = {}, preset = 'standard', context: look = {}, off = 0, pages, routes, ...kept } = options;
  const world: World = await createWorld({ ...kept, policy, preset, root: application, origin: network.url });
  const asked: SentRequest[] = [];
  /** The event streams that are open at this moment, and how many ever were at once. */
  const streams = { open: 0, most: 0 };
  let faultOf: (what: string) => Fault = () => null;
  /** How many wait for an answer that does not come. */
  let keptBack = 0;
  const crashed = new WeakSet<Page>();

  async function handle(request: Request, env: HttpBindings): Promise<Response> {
    const { pathname } = new URL(request.url);
    const what = `${request.method} ${pathname}`;
    const own = routes?.(world, request, env);
    if (own) return own;
    if (!pathname.startsWith('/api/'))
      return pages && pathname !== '/healthz' ? pages(pathname) : world.app.fetch(request, env);
    asked.push({ what, activity: request.headers.get('session-activity'), at: world.now() - t0 });
    if (what === stream) {
      streams.most = Math.max(streams.most, ++streams.open);
      env.outgoing.once('close', () => streams.open--);
    }
    const fault = faultOf(what);
    if (fault === 'error') return new Response('{}', { status: 500 });
    if (fault === 'kept back') {
      keptBack += 1;
      env.outgoing.once('close', () => (keptBack -= 1));
      return new Response(new ReadableStream());
    }
    const answer = fault === 'unheard' ? null : await world.app.fetch(request, env);
    if (fault === null && answer) return answer;
    env.incoming.socket.destroy();
    return new Response(null, { status: 503 });
  }
  network.serve(handle);

  async function newContext(more: BrowserContextOptions = {}): Promise<BrowserContext> {
    const context = await browser.newContext({ ...usual, ...look, ...more });
    // Patience for a machine that is busy with other things; nothing is measured by it.
    context.setDefaultTimeout(90_000);
    context.on('page', (page) => page.once('crash', () => crashed.add(page)));
    await context.clock.install({ time: world.now() + off - 3_600_000 });
    await context.clock.pauseAt(world.now() + off);
    return context;
  }
  const context = await newContext();
  const others: BrowserContext[] = [];
  /** Those whose clocks go on by themselves. */
  const devices: BrowserContext[] = [];

  /** Until every page has heard what it asked, and what it asked then. */
  async function rest(contexts: readonly BrowserContext[]) {
    do {
      await network.quiet();
      const alive = contexts.flatMap((each) => each.pages()).filter((page) => !crashed.has(page));
      // Some of them may be on their way to another page, or away.
      await Promise.all(alive.map((page) => heard(page).catch(() => {})));
    } while (!network.isQuiet());
  }

  /** An account, and with a title a conversation, as the page itself would ask for them. */
  async function begun(page: Page, username: string, title?: string): Promise<string | null> {
    await page.goto(`${network.url}/healthz`);
    const id = await page.evaluate(registers, { username, password, title });
    await network.quiet();
    asked.length = 0;
    return id;
  }

  const site = {
    world,
    network,
    context,
    asked,
    streams,
    url: network.url,
    /** How often something was asked, from a moment on. */
    count: (what: string | RegExp, since = 0): number =>
      asked.filter((each) => each.at >= since && (typeof what === 'string' ? each.what === what : what.test(each.what)))
        .length,
    now: (): Duration => world.now() - t0,
    fails(next: (what: string) => Fault) {
      faultOf = next;
    },
    async open(path = '/', where = context): Promise<Page> {
      const page = await where.newPage();
      await page.goto(`${network.url}${path}`);
      return page;
    },
    /** Another tab of somebody who is signed in. */
    async tab(path = '/'): Promise<Page> {
      const page = await site.open(path);
      await page.getByText('One moment…').waitFor({ state: 'detached' });
      return page;
    },
    /** Another browser on the same server. */
    async anotherBrowser(): Promise<BrowserContext> {
      const other = await newContext();
      others.push(other);
      return other;
    },
    /** A browser of its own, as another device would be, whose clock goes on by itself. */
    async device(wanted: BrowserContextOptions = {}): Promise<Page> {
      const device = await browser.newContext({ ...usual, ...wanted });
      devices.push(device);
      await device.clock.install({ time: world.now() });
      const page = await device.newPage();
      await page.goto(network.url);
      return page;
    },
    /** Time passes on the server and on a device's page, which stands still from then on. */
    async passOn(page: Page, ms: Duration) {
      await page.clock.pauseAt(await page.evaluate(() => Date.now() + 1000));
      await network.quiet();
      world.pass(ms);
      await page.clock.fastForward(ms);
    },
    /** Makes an account by hand, as on the screen. */
    async register(page: Page, username = 'ada') {
      await userOn(page).register(username, password);
    },
    /** Somebody signed in, on their first page; their way in is not what is looked at. */
    async signedIn(username = 'ada'): Promise<Page> {
      const page = await context.newPage();
      await begun(page, username);
      await page.goto(network.url);
      await page.getByRole('button', { name: 'Sign out' }).first().waitFor();
      return page;
    },
    /** Somebody who is writing something. */
    async writing(text: string, username = 'ada'): Promise<Page> {
      const page = await context.newPage();
      const id = await begun(page, username, 'Conversation 1');
      await page.goto(`${network.url}/conversations/${id}`);
      await composer(page).fill(text);
      await site.leap(1_000);
      await status(page, 'Saved');
      return page;
    },
    /** Time goes on at once; what was due in between is found out then, as after a lid was opened. */
    async leap(ms: Duration, contexts: readonly BrowserContext[] = [context, ...others]) {
      // Or what has been asked runs out of time, however soon it would have been answered.
      if (keptBack === 0) await rest(contexts);
      network.hush();
      world.pass(ms);
      await Promise.all(contexts.map((each) => each.clock.fastForward(ms)));
      network.unhush();
      await rest(contexts);
    },
    /** Until everything that was asked is there. */
    rest: () => rest([context, ...others]),
    /** Time goes on second by second. */
    async tick(seconds: number) {
      for (let second = 0; second < seconds; second++) {
        world.pass(1_000);
        await context.clock.runFor(1_000);
      }
      await network.quiet();
    },
    /** A hand on the page, until the tab has told of it and heard what came of it. */
    async act(page: Page) {
      const told = page.waitForResponse((response) => response.url().endsWith('/api/auth/activity'));
      await moveMouse(page);
      await site.leap(1_000);
      await (await told).finished();
      await heard(page);
    },
    /** The server's time goes on, and nothing happens in the browser: it sleeps. */
    sleep(ms: Duration) {
      world.pass(ms);
      return context.clock.setSystemTime(world.now() + off);
    },
    /** Sets the device's clock, whatever time it is. */
    setClock: (to: Duration) => context.clock.setSystemTime(world.now() + to),
    /** The types of everything in a session's log. */
    async log(page: Page) {
      return world.events(await sessionOf(page));
    },
    async close() {
      await Promise.all([context, ...others, ...devices].map((each) => each.close()));
    },
  };
  return site;
}

export type Site = Awaited<ReturnType<typeof openSite>>;

export const composer = (page: Page) => page.getByLabel('Message', { exact: true });
export const toast = (page: Page) => page.getByRole('region', { name: 'Signing out soon' });
export const dialog = (page: Page) => page.getByRole('alertdialog');
export const stay = (page: Page) => page.getByRole('button', { name: 'Stay signed in' });
export const lock = (page: Page) => page.getByRole('button', { name: 'Sign in and continue' });
export const passwordField = (page: Page) => page.getByLabel('Password', { exact: true });
export const status = (page: Page, text: string) => page.locator('.app-status', { hasText: text }).waitFor();

export async function comeBack(page: Page) {
  await passwordField(page).fill(password);
  await lock(page).click();
}

/** The session a page is about, as it remembers it. */
export const remembered = (): string => JSON.parse(localStorage.getItem('curfew.session') ?? '{}').session ?? '';
export const sessionOf = (page: Page): Promise<string> => page.evaluate(remembered);

/** The tab is behind another one, as far as it can tell: Playwright shows every one. `openTabbed` has tabs that really are. */
export const hide = (page: Page) =>
  page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });

/** A tab that was hidden so is before all others again. */
export const show = (page: Page) =>
  page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'visible', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });

/** The tab is looked at again, as far as it can tell. */
export const wake = (page: Page) => page.evaluate(() => void window.dispatchEvent(new Event('focus')));
