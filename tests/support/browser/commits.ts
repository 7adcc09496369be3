import type { BrowserContext, Page } from 'playwright-core';

/** Has each page of a context count what React commits, which it tells developer tools of, in production as well. */
export async function countCommits(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const commits = { count: 0 };
    const hook = { supportsFiber: true, inject: () => 1, onCommitFiberUnmount() {}, onPostCommitFiberRoot() {} };
    Object.assign(window, {
      commits,
      __REACT_DEVTOOLS_GLOBAL_HOOK__: { ...hook, onCommitFiberRoot: () => void commits.count++ },
    });
  });
}

/** How many there were by now. */
export const commitsOf = (page: Page): Promise<number> => page.evaluate(() => Reflect.get(window, 'commits').count);
