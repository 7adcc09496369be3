import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { leaves, replay, rules, sessionEvents } from '../../machines/index.ts';
import type { Golden } from '../golden/record.types.ts';

// A log that has been stored must replay for ever: these files are never written again, new rules add their own.

const folder = new URL('../golden/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
const read = (file: string) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as readonly Golden[];

it('there is a golden log of the present rules', () => expect(files).toContain(`rules-${rules}.json`));

describe.each(files)('the golden log %s', (file) => {
  it.each(read(file).map((golden) => [golden.name, golden] as const))(
    'replays to every state it had: %s',
    (_, { entries, states }) => {
      expect(states).toHaveLength(entries.length);
      for (const [index, state] of states.entries()) expect(replay(entries.slice(0, index + 1))).toEqual(state);
    },
  );

  it('has every kind of entry and every leaf', () => {
    const entries = read(file).flatMap((golden) => golden.entries);
    expect(new Set(entries.map(({ type }) => type))).toEqual(
      new Set(['session.started', ...Object.keys(sessionEvents)]),
    );
    expect(new Set(entries.map(({ to }) => to))).toEqual(new Set(leaves));
  });
});
