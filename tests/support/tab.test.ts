import { expect, it } from 'vitest';
import { quiet } from './tab.ts';

it('quiet waits for the cipher, however long it takes: a draft was still being sealed when the test went on', async () => {
  let isDone = false;
  void crypto.subtle.digest('SHA-256', new Uint8Array(2 ** 27)).then(() => {
    isDone = true;
  });
  await quiet();
  expect(isDone).toBe(true);
});
