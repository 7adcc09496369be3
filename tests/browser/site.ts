import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type BrowserContextOptions, type Page } from 'playwright-core';
import type { Duration } from '../../machines/index.ts';
import { createWorld, type World, type WorldOptions } from '../support/server/world.ts';
import { createBetween } from './between.ts';
import { launchOptions } from './chromium.ts';

/** The application over HTTP, on a server whose clock only the test moves. */
export interface Site {
  readonly url: string;
  readonly world: World;
  /** A browser of its own on this site, as another device would be. */
  readonly device: (options?: BrowserContextOptions) => Promise<Page>;
  /** Time passes on the server and on a page, which stands still from then on; nothing is on its way meanwhile. */
  readonly pass: (page: Page, duration: Duration) => Promise<void>;
  readonly stop: () => Promise<void>;
}

export async function openSite(options: Pick<WorldOptions, 'policy'> = {}): Promise<Site> {
  const root = realpathSync(join(import.meta.dirname, '..', '..', 'dist', 'app'));
  const [between, browser] = await Promise.all([createBetween(), chromium.launch(launchOptions())]);
  const world = await createWorld({ ...options, root, origin: between.url });
  between.serve((request, env) => world.app.fetch(request, env));
  return {
    url: between.url,
    world,
    async device(wanted = {}) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...wanted });
      await context.clock.install({ time: world.now() });
      const page = await context.newPage();
      await page.goto(between.url);
      return page;
    },
    async pass(page, duration) {
      await page.clock.pauseAt(await page.evaluate(() => Date.now() + 1000));
      await between.quiet();
      world.pass(duration);
      await page.clock.fastForward(duration);
    },
    async stop() {
      await browser.close();
      await between.stop();
    },
  };
}
