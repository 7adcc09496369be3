import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes } from '../../machines/index.ts';
import { remembered } from '../support/browser/site.ts';
import { setup as prepareFixture } from '../support/browser/prepareFixture.ts';
import { openFixture } from '../support/engines/fixture.ts';
import { openAssistedFirefox } from '../support/engines/puppeteer.ts';

/** Notes each event of a hand or a key that the page is given, and whether the browser calls it trusted. */
const noteEvents = `window.noted = [];
  const types = ['pointerdown', 'pointermove', 'touchstart', 'mousedown', 'click', 'keydown', 'input'];
  for (const type of types)
    addEventListener(type, (event) => window.noted.push(event.type + ' ' + event.isTrusted), { capture: true });`;

beforeAll(prepareFixture);

describe('assistive technology in Firefox', () => {
  let firefox: Awaited<ReturnType<typeof openAssistedFirefox>>;
  beforeAll(async () => {
    firefox = await openAssistedFirefox();
  });
  afterAll(() => firefox?.close());

  it('WCAG 2.2.1 what it presses is done by a person, though there is neither a pointer nor a key: the warning goes', async () => {
    const { site, page, looks } = await openFixture(firefox, '', noteEvents);
    site.world.pass(minutes(25));
    const title = () => page.run<string>('return document.title');
    const titleNow = async () => {
      await looks();
      return title();
    };
    await expect.poll(titleNow).toMatch(/^Signing out soon – /);
    await page.run('window.noted.length = 0');
    await firefox.presses('Hold');
    await expect.poll(title).not.toContain('Signing out soon');
    expect(await page.run('return window.noted')).toEqual(['mousedown true', 'click true']);
    const session = await page.run<string>(`return (${remembered.toString()})()`);
    const types = (await site.world.events(session)).map(({ type }) => type);
    expect(types.filter((type) => type === 'session.extended')).toHaveLength(1);
    await site.stop();
  });
});
