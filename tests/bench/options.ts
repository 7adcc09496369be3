import { parseArgs } from 'node:util';

/** What a run was asked for. */
export interface Options {
  /** Who is measured; empty means all. */
  readonly names: readonly string[];
  readonly rounds: number;
  /** How long each measurement takes, in s. */
  readonly seconds: number;
  readonly connections: number;
  /** How many credentials take turns, where it is not one. */
  readonly credentials: number;
  /** Whether the table goes into `docs/speed.md`. */
  readonly isWriting: boolean;
}

/**
 * Reads what stands behind `npm run bench --`.
 *
 * @param known all names that can be measured
 * @throws with one line that says what is wrong
 */
export function optionsIn(given: readonly string[], known: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...given],
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '1' },
      connections: { type: 'string', default: '32' },
      credentials: { type: 'string', default: '1000' },
      write: { type: 'boolean', default: false },
    },
  });
  const unknown = positionals.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`There is no ${unknown}; there are: ${known.join(', ')}`);
  if (values.write && positionals.length > 0) throw new Error('--write takes no names: a page has the figures of all');
  const number = (name: 'rounds' | 'seconds' | 'connections' | 'credentials') => {
    const value = Number(values[name]);
    if (!(value > 0 && value <= 1_000_000))
      throw new Error(`--${name} must be a number above 0, and is ${values[name]}`);
    return value;
  };
  return {
    names: positionals,
    rounds: Math.ceil(number('rounds')),
    seconds: number('seconds'),
    connections: Math.ceil(number('connections')),
    credentials: Math.ceil(number('credentials')),
    isWriting: values.write,
  };
}
