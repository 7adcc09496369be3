import { afterAll, beforeAll, describe, it } from 'vitest';
import { openChromium } from '../support/engines/puppeteer.ts';
import type { Engine } from '../support/engines/page.types.ts';
import { tellWholeStory } from '../support/engines/wholeStory.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openChromium();
});
afterAll(() => engine?.close());

describe('the whole story in Chromium', () => {
  it('Promise 5: from registering to signing out, over two warnings and a lock, nothing is lost', () =>
    tellWholeStory(engine));
});
