import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SessionView } from '../../machines/index.ts';
import { startApplication, type Application } from '../support/browser/application.ts';
import { launchOptions } from '../support/browser/chromium.ts';
import { userOn } from '../support/browser/user.ts';

let application: Application;
let browser: Browser;

beforeAll(async () => {
  const policy = { CURFEW_IDLE_TIMEOUT: '12s', CURFEW_WARN_BEFORE: '6s' };
  [application, browser] = await Promise.all([startApplication(policy), chromium.launch(launchOptions())]);
});
afterAll(async () => {
  await browser?.close();
  await application?.stop();
});

const cookieOf = async (page: Page) => {
  const cookie = (await page.context().cookies()).find(({ name }) => name === '__Host-curfew');
  return { Cookie: `__Host-curfew=${cookie?.value}`, 'Sec-Fetch-Site': 'same-origin' };
};

const sessionInfo = async (headers: Record<string, string>): Promise<SessionView> =>
  (await (await fetch(`${application.url}/api/auth/session-info`, { headers })).json()).session;

/** Follows the session on the server until it is over; the stream closes then. */
async function untilOver(headers: Record<string, string>): Promise<void> {
  const stream = await fetch(`${application.url}/api/auth/stream`, { headers });
  for await (const _ of stream.body ?? []) continue;
}

describe('the server decides', () => {
  it('ASVS 7.2.1 answers 401 at the deadline although every timer of the page stands still', async () => {
    const page = await browser.newPage();
    await page.clock.install();
    await page.goto(application.url);
    await userOn(page).register('still', 'correct horse battery');
    const headers = await cookieOf(page);
    await page.clock.pauseAt(new Date(Date.now() + 1000));
    await untilOver(headers);
    const refused = await page.evaluate(async () => {
      const response = await fetch('/api/drafts');
      return { status: response.status, body: await response.json() };
    });
    expect(refused.status).toBe(401);
    expect(refused.body).toMatchObject({ code: 'session_lapsed', reason: 'idle' });
    const { idleDeadline } = await sessionInfo(headers);
    expect(refused.body.lapsedAt).toBe(idleDeadline);
    await page.close();
  });

  it.each([
    ['ahead', 2],
    ['behind', -2],
  ])('WCAG 2.2.1 warns at the right moment when the device is two hours %s', async (direction, hours) => {
    const page = await browser.newPage();
    await page.clock.install({ time: new Date(Date.now() + hours * 3_600_000) });
    await page.goto(application.url);
    await userOn(page).register(`off-${direction}`, 'correct horse battery');
    const headers = await cookieOf(page);
    const before = await sessionInfo(headers);
    expect(before.state).toBe('active');
    expect(await page.getByRole('button', { name: 'Stay signed in' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Stay signed in' }).waitFor({ timeout: 60_000 });
    // What the clocks are off is known to half a round trip, and a busy machine's round trips are long.
    const after = await sessionInfo(headers);
    expect(after.warnAt).toBe(before.warnAt);
    expect(after.warnAt - after.serverNow).toBeLessThan((before.warnAt - before.serverNow) / 4);
    await page.close();
  });

  it('polling once a second in the background keeps nobody signed in', async () => {
    const page = await browser.newPage();
    await page.goto(application.url);
    await userOn(page).register('poller', 'correct horse battery');
    const headers = await cookieOf(page);
    const polled = await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          let polls = 0;
          const poll = setInterval(() => {
            void fetch('/api/drafts', { headers: { 'Session-Activity': 'background' } }).then(({ ok }) => {
              if (ok) return void polls++;
              clearInterval(poll);
              resolve(polls);
            });
          }, 1000);
        }),
    );
    expect(polled).toBeGreaterThan(5);
    expect((await sessionInfo(headers)).state).toBe('lapsed');
    await page.close();
  });

  it('a request that declares a person keeps the session alive', async () => {
    const page = await browser.newPage();
    await page.goto(application.url);
    await userOn(page).register('worker', 'correct horse battery');
    const headers = await cookieOf(page);
    const { idleDeadline } = await sessionInfo(headers);
    await page.waitForFunction(async (deadline) => {
      const response = await fetch('/api/drafts', { headers: { 'Session-Activity': 'user' } });
      return response.ok && Date.now() > deadline;
    }, idleDeadline);
    expect((await sessionInfo(headers)).state).toBe('active');
    await page.close();
  });
});
