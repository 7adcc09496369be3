import { median } from '../figures.ts';

/** One way of doing something: it does some of it, from a number to another. */
export type Lane = (from: number, to: number) => unknown;

/**
 * Has some ways take turns with the same part of the work, so that whatever else the machine does slows all of them down.
 *
 * @param count how much there is to do
 * @returns how much of it each does a second: the median of the rounds.
 */
export async function inTurns<Name extends string>(
  lanes: Readonly<Record<Name, Lane>>,
  count: number,
  rounds = 5,
): Promise<Readonly<Record<Name, number>>> {
  const names = Object.keys(lanes) as Name[];
  const rates = new Map(names.map((name) => [name, [] as number[]]));
  const each = Math.floor(count / rounds);
  for (let round = 0; round < rounds; round += 1)
    // Nobody is always the first.
    for (const name of [...names.slice(round % names.length), ...names.slice(0, round % names.length)]) {
      const begin = performance.now();
      await lanes[name](round * each, (round + 1) * each);
      rates.get(name)?.push(each / ((performance.now() - begin) / 1000));
    }
  return Object.fromEntries([...rates].map(([name, all]) => [name, median(all)])) as Record<Name, number>;
}
