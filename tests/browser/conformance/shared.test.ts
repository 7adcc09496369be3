import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../../machines/index.ts';
import { person, storedIn } from '../person.ts';
import { begin, comeBack, lock, openHouse, password, type House } from './stage.ts';

const secret = 'the recipe of the soup';

describe('a computer that several people use', () => {
  let house: House;
  beforeAll(async () => {
    house = await openHouse();
  });
  afterAll(() => house?.close());

  async function away(text = secret) {
    const stage = await begin(house);
    const page = await stage.writing(text);
    await stage.leap(minutes(31));
    await lock(page).waitFor();
    return { stage, page };
  }

  it('ASVS 14.3.1 after a lapse the storage holds ciphertext only, with developer tools open and in the same profile', async () => {
    const { stage, page } = await away();
    const { records, local, session } = await storedIn(page);
    expect(records.length).toBeGreaterThan(0);
    for (const record of records) expect(record).not.toMatch(/recipe|soup|Conversation|\bada\b/);
    expect(JSON.stringify(local)).not.toMatch(/recipe|soup|Conversation|"ada"/);
    // What this very tab shows on its locked screen, and no more.
    expect(JSON.stringify(session)).not.toMatch(/recipe|soup|Conversation/);
    await stage.close();
  });

  it('ASVS 14.3.1 after a lapse the page holds nothing that can be read, in whatever form', async () => {
    const { stage, page } = await away();
    const html = await page.content();
    expect(html).not.toMatch(/recipe|soup|Conversation 1/);
    expect(await page.title()).toBe('Signed out – Curfew');
    expect(await page.locator('body').ariaSnapshot()).not.toMatch(/recipe|Conversation 1/);
    await stage.close();
  });

  it('going back in the history of a locked tab, inside the application and from elsewhere, shows the locked screen', async () => {
    const stage = await begin(house);
    const page = await stage.writing(secret);
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('heading', { name: 'How it looks' }).waitFor();
    await stage.leap(minutes(31));
    await lock(page).waitFor();
    await page.goBack();
    await stage.leap(seconds(1));
    expect(await lock(page).isVisible()).toBe(true);
    expect(await page.content()).not.toMatch(/recipe|Conversation 1/);
    await page.goto(`${stage.url}/healthz`);
    await page.goBack();
    await lock(page).waitFor();
    expect(await page.content()).not.toMatch(/recipe|Conversation 1/);
    await stage.close();
  });

  it('the key of what is kept cannot be had without the password', async () => {
    const { stage, page } = await away();
    const [key, drafts] = await page.evaluate(async () => [
      (await fetch('/api/auth/vault-key')).status,
      (await fetch('/api/drafts')).status,
    ]);
    expect([key, drafts]).toEqual([401, 401]);
    await stage.close();
  });

  it('somebody else signs in and sees nothing, not even that something is there; the first one comes back to all of it', async () => {
    const { stage, page } = await away();
    await page.getByRole('button', { name: 'Not you? Sign in as someone else' }).click();
    await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
    expect(await page.locator('body').ariaSnapshot()).not.toMatch(/ada|draft|saved on this device/i);
    expect(new URL(page.url()).pathname).toBe('/');
    await stage.register(page, 'bob');
    await page.getByText('Nothing here yet').waitFor();
    expect(await page.content()).not.toMatch(/recipe|Conversation 1|>ada</);
    await page.getByRole('button', { name: 'Sign out' }).first().click();
    await page.getByLabel('User name').waitFor();
    await person(page).signIn('ada', password);
    await page.getByRole('link', { name: 'Conversation 1' }).click();
    await page.waitForFunction((text) => document.querySelector('textarea')?.value === text, secret);
    await stage.close();
  });

  it('ASVS 14.3.1 signing out leaves nothing on the device', async () => {
    const stage = await begin(house);
    const page = await stage.writing(secret);
    await page.getByRole('button', { name: 'Sign out' }).first().click();
    await page.getByLabel('User name').waitFor();
    const left = await storedIn(page);
    expect(left.records).toEqual([]);
    expect(JSON.stringify(left)).not.toMatch(/recipe|\bada\b|Conversation/);
    expect(await stage.context.cookies()).toEqual([]);
    await stage.close();
  });

  it('"delete from this device" at a locked screen asks twice, leaves nothing here, and leaves the server’s copy alone', async () => {
    const stage = await begin(house);
    const page = await stage.writing(secret);
    await stage.leap(seconds(5));
    await expect.poll(() => stage.count(/^PUT \/api\/drafts/)).toBeGreaterThan(0);
    const path = new URL(page.url()).pathname;
    await stage.leap(minutes(31));
    await page.getByRole('button', { name: 'Sign out and delete from this device' }).click();
    await page.getByText('Delete what is saved on this device?').waitFor();
    await page.getByRole('button', { name: 'Delete and sign out' }).click();
    await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
    expect((await storedIn(page)).records).toEqual([]);
    await person(page).signIn('ada', password);
    await page.getByRole('link', { name: 'Conversation 1' }).click();
    await page.waitForURL((url) => url.pathname === path);
    await page.waitForFunction((text) => document.querySelector('textarea')?.value === text, secret);
    await stage.close();
  });

  it('a wrong password at the locked screen shows nothing, and the right one everything', async () => {
    const { stage, page } = await away();
    await page.getByLabel('Password', { exact: true }).fill('wrong');
    await lock(page).click();
    await page.getByText("That password isn't right").waitFor();
    expect(await page.content()).not.toMatch(/recipe|Conversation 1/);
    await comeBack(page);
    await page.waitForFunction((text) => document.querySelector('textarea')?.value === text, secret);
    await stage.close();
  });
});
