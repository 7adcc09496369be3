import { expect, it } from 'vitest';
import { inTurns } from './lanes.ts';

it('each way does all of the work, part by part, and another one is first each time', async () => {
  const done: string[] = [];
  const lane = (name: string) => (from: number, to: number) => void done.push(`${name} ${from} to ${to}`);
  const rates = await inTurns({ a: lane('a'), b: lane('b') }, 6, 3);
  expect(done).toEqual(['a 0 to 2', 'b 0 to 2', 'b 2 to 4', 'a 2 to 4', 'a 4 to 6', 'b 4 to 6']);
  expect(Object.keys(rates)).toEqual(['a', 'b']);
});
