import type { Page } from 'playwright-core';

/** What a person does in the reference application, by what is written on the screen. */
export const userOn = (page: Page) => ({
  async register(username: string, password: string) {
    await page
      .getByRole('button', { name: /create an account|create account/i })
      .first()
      .click();
    await page.getByLabel('User name').fill(username);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.locator('form').getByRole('button', { name: 'Create account' }).click();
    await page.getByRole('button', { name: 'Sign out' }).first().waitFor();
  },
  async signIn(username: string, password: string) {
    await page.getByLabel('User name').fill(username);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.locator('form').getByRole('button', { name: 'Sign in', exact: true }).click();
  },
  async startConversation() {
    const before = page.url();
    await page.getByRole('button', { name: 'New conversation' }).first().click();
    await page.waitForURL((url) => url.href !== before && url.pathname.startsWith('/conversations/'));
    await page.getByLabel('Message', { exact: true }).waitFor();
  },
});

/** Everything this origin keeps in the browser that script can reach. */
export const storedIn = (page: Page) =>
  page.evaluate(async () => {
    const databases = await indexedDB.databases();
    const records: string[] = [];
    for (const { name } of databases) {
      if (name === undefined) continue;
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const open = indexedDB.open(name);
        open.onsuccess = () => resolve(open.result);
        open.onerror = () => reject(new Error(String(open.error)));
      });
      for (const store of database.objectStoreNames) {
        const all = await new Promise<unknown[]>((resolve, reject) => {
          const request = database.transaction(store).objectStore(store).getAll();
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(new Error(String(request.error)));
        });
        records.push(
          ...all.map((each) =>
            JSON.stringify(each, (_, value: unknown) =>
              value instanceof Uint8Array ? [...value].map((byte) => String.fromCharCode(byte)).join('') : value,
            ),
          ),
        );
      }
      database.close();
    }
    return { records, local: { ...localStorage }, session: { ...sessionStorage } };
  });
