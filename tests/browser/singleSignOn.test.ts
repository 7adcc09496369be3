import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  continueThere,
  isSameDocument,
  lapse,
  methodsIn,
  openedBy,
  openSiteWith,
  placeIn,
  signInThere,
  welcome,
  writing,
} from '../support/browser/singleSignOn.ts';
import { openBrowser, type OpenBrowser } from '../support/browser/site.ts';
import { startProvider, type TestProvider } from '../support/oidc/provider.ts';

let opened: OpenBrowser;
let provider: TestProvider;
beforeAll(async () => {
  [opened, provider] = await Promise.all([openBrowser(), startProvider()]);
});
afterAll(async () => {
  await opened?.close();
  await provider?.stop();
});

describe('single sign-on', () => {
  it('signs in, warns, locks without a word of a password, and restores in place by a window of its own', async () => {
    const site = await openSiteWith(opened, provider);
    const page = await writing(site);
    const before = await placeIn(page);
    const route = page.url();
    await lapse(site, page);
    expect(await page.getByLabel('Password').count()).toBe(0);
    const popup = await openedBy(page, () => continueThere(page).click());
    await signInThere(popup);
    await welcome(page);
    expect(popup.isClosed()).toBe(true);
    expect(page.url()).toBe(route);
    expect(await isSameDocument(page)).toBe(true);
    expect(await placeIn(page)).toEqual(before);
    expect(await methodsIn(site, page)).toEqual([
      ['session.started', ['pwd', 'otp'], provider.issuer],
      ['user.reauthenticated', ['pwd', 'otp'], provider.issuer],
    ]);
    await site.close();
  });
});
