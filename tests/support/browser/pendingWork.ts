import type { BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';

/**
 * Counts in each page what it has begun and what takes time of the machine and not of the test's clock: to encrypt, to read
 * files, and to write to the disk. What the page does next it begins before anything else can look.
 */
export const countPendingWork = (context: BrowserContext) =>
  context.addInitScript(() => {
    const pending = { count: 0 };
    Object.assign(window, { pendingWork: pending });
    const done = () => void (pending.count -= 1);
    const follow = (prototype: object, name: string, follows: (begun: any) => void) => {
      const begin: (...given: unknown[]) => unknown = Reflect.get(prototype, name);
      Reflect.set(prototype, name, function followed(this: unknown, ...given: unknown[]) {
        const begun = begin.apply(this, given);
        pending.count += 1;
        follows(begun);
        return begun;
      });
    };
    const untilOneOf = (events: readonly string[]) => (target: EventTarget) => {
      const over = new AbortController();
      over.signal.addEventListener('abort', done);
      for (const event of events) target.addEventListener(event, () => over.abort(), { signal: over.signal });
    };
    const settled = (promise: Promise<unknown>) => void promise.then(done, done);
    for (const name of ['encrypt', 'decrypt', 'sign', 'importKey']) follow(SubtleCrypto.prototype, name, settled);
    for (const name of ['arrayBuffer', 'text']) follow(Blob.prototype, name, settled);
    follow(IDBFactory.prototype, 'open', untilOneOf(['success', 'error', 'blocked']));
    follow(IDBDatabase.prototype, 'transaction', untilOneOf(['complete', 'abort']));
  });

const pendingIn = (page: Page): Promise<number> =>
  page
    .evaluate(() => Number(Reflect.get(Object(Reflect.get(window, 'pendingWork')), 'count') ?? 0))
    // It is on its way to another page, or gone.
    .catch(() => 0);

/** Until no page has begun anything that is not done. */
export const nothingPending = (context: BrowserContext) =>
  expect
    .poll(async () => Math.max(0, ...(await Promise.all(context.pages().map(pendingIn)))), { timeout: 60_000 })
    .toBe(0);
