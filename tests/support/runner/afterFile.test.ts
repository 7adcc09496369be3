import { expect, test } from 'vitest';
import { afterFile, endFile } from './afterFile.ts';

test('what is to be called after a file is called once, the last one first', async () => {
  const called: string[] = [];
  afterFile(() => called.push('first'));
  afterFile(async () => called.push('last'));
  await endFile();
  await endFile();
  expect(called).toEqual(['last', 'first']);
});
