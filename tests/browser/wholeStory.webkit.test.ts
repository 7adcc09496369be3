import { afterAll, beforeAll, describe, it } from 'vitest';
import { openWebKit } from '../support/engines/webkit.ts';
import type { Engine } from '../support/engines/page.types.ts';
import { tellWholeStory } from '../support/engines/wholeStory.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openWebKit();
});
afterAll(() => engine?.close());

describe('the whole story in WebKit', () => {
  it('Promise 5: from registering to signing out, over two warnings and a lock, nothing is lost', () =>
    tellWholeStory(engine));

  it('Promise 5: nor is it on a screen of 360 pixels', () => tellWholeStory(engine, 'narrow'));
});
