import type { Page } from 'playwright-core';
import { openSite, type OpenBrowser, type SiteOptions } from './site.ts';

/** Until the service worker has the application's shell and stands between the page and the network. */
export const isControlled = (page: Page) => page.waitForFunction(() => navigator.serviceWorker.controller !== null);

/** A site whose pages have their service worker, and a network that can be cut, for the service worker, too. */
export async function openInstalled(
  browser: Omit<OpenBrowser, 'close'>,
  { routes, ...options }: Omit<SiteOptions, 'context'> = {},
) {
  let isCut = false;
  const site = await openSite(browser, {
    ...options,
    context: { serviceWorkers: 'allow' },
    routes(world, request, env) {
      if (!isCut) return routes?.(world, request, env) ?? null;
      env.incoming.socket.destroy();
      return new Response(null, { status: 503 });
    },
  });
  return {
    ...site,
    async goesOffline() {
      isCut = true;
      await site.context.setOffline(true);
    },
    async comesBack() {
      isCut = false;
      await site.context.setOffline(false);
    },
    /** Somebody who writes something in the installed application. */
    async writing(text: string): Promise<Page> {
      const page = await site.writing(text);
      await isControlled(page);
      return page;
    },
  };
}

/** What is in every cache of this origin: its path, and all of it as text. */
export const cached = (page: Page): Promise<readonly { path: string; text: string }[]> =>
  page.evaluate(async () => {
    const found: { path: string; text: string }[] = [];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        const { pathname } = new URL(request.url);
        found.push({ path: pathname, text: (await (await cache.match(request))?.text()) ?? '' });
      }
    }
    return found;
  });
