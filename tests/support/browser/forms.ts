import type { Page } from 'playwright-core';
import { minutes, seconds } from '../../../machines/index.ts';
import { fixture } from './fixture.ts';
import { countPendingWork, nothingPending } from './pendingWork.ts';
import { comeBack, lock, openSite, type OpenBrowser, type Site, type SiteOptions } from './site.ts';

/** The page of forms at every address beneath `/forms`. */
export const formPages = (path: string) => fixture(path.startsWith('/forms') ? '/forms.html' : path);

/** Somebody who is signed in on the page of forms; `said` is what the console has said of it. */
export async function openForms(browser: OpenBrowser, query = '', options: SiteOptions = {}) {
  const site = await openSite(browser, { pages: formPages, ...options });
  await countPendingWork(site.context);
  const page = await site.context.newPage();
  const said: string[] = [];
  page.on(
    'console',
    (message) => message.text().startsWith('curfew:') && said.push(message.text().replace(/ JSHandle.*/, '')),
  );
  await page.goto(`${site.url}/forms?${query}`);
  await page.getByRole('button', { name: 'Enter', exact: true }).click();
  await inside(page);
  return { site, page, said };
}

export const inside = (page: Page) => page.getByRole('heading', { name: 'Inside' }).waitFor();

/** Half a second and more goes by, in which everything is saved, and given back, however long the disk takes. */
export async function settle(site: Site) {
  await nothingPending(site.context);
  await site.leap(seconds(1));
  await nothingPending(site.context);
}

/** The time is up, and the content is gone. */
export async function locks(site: Site, page: Page) {
  await site.leap(minutes(31));
  await lock(page).waitFor();
}

/** The user signs in again, and everything has been brought back that can be. */
export async function unlocks(site: Site, page: Page) {
  await comeBack(page);
  await inside(page);
  await settle(site);
  await settle(site);
}

/** What the page has done by itself. */
export const doneBy = (page: Page): Promise<string[]> => page.evaluate(() => Reflect.get(window, 'done'));

/** What is offered, in words. */
export const offered = (page: Page) => page.locator('.curfew-kept li');

/** How many forms are on this device. */
export const formsOnDisk = (page: Page) =>
  page.evaluate(async () => {
    const ask = <Result>(request: IDBRequest<Result>) =>
      new Promise<Result>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(new Error(String(request.error)));
      });
    let count = 0;
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await ask(indexedDB.open(name));
      if (database.objectStoreNames.contains('records')) {
        const names = await ask(database.transaction('records').objectStore('records').getAllKeys());
        count += names.filter((each) => typeof each === 'string' && each.startsWith('form.')).length;
      }
      database.close();
    }
    return count;
  });
