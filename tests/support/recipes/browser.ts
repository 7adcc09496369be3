import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { launchOptions } from '../browser/chromium.ts';

let browser: Browser | undefined;
const contexts = new Set<BrowserContext>();
/** Patience for a machine that is busy with other things; nothing is measured by it. */
const patience = 60_000;

/** A page of a browser that nobody has used. Chromium is started for the first of a file. */
export async function newPage(): Promise<Page> {
  browser ??= await chromium.launch(launchOptions());
  const context = await browser.newContext();
  context.setDefaultTimeout(patience);
  contexts.add(context);
  return context.newPage();
}

/** Closes what a test has opened. */
export async function closeContexts(): Promise<void> {
  for (const context of contexts) await context.close();
  contexts.clear();
}

/** Ends Chromium. */
export async function closeBrowser(): Promise<void> {
  await browser?.close();
  browser = undefined;
}
