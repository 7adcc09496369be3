import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { leaves, proofOf, replay, rules, sessionEvents } from '../../machines/index.ts';
import type { Golden } from '../golden/record.types.ts';

// A log that has been stored must replay for ever: these files are never written again, new rules and events add their own.

const digests: Readonly<Record<string, string>> = {
  'rules-1.json': '84346188a2a28f7be7ed240c7abbbe10176ebc29aa9fde5efaeb546361c50d6b',
  'rules-1.heard.json': '3332995475cfbd338358c4114d445cc1311eb10d3cee5ccc1cc34700f62ef49b',
  'rules-2.json': '12dfd04d66c753e79f2592cde27f46f829c905ec33b0c90955a436c2dc2f03d5',
};

const folder = new URL('../golden/', import.meta.url);
const files = Object.keys(digests);
const read = (file: string) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as readonly Golden[];
const entries = files.flatMap(read).flatMap((golden) => golden.entries);

it('there is a golden log of the present rules', () => expect(files).toContain(`rules-${rules}.json`));

it('every golden log that is here is replayed', () => {
  const here = readdirSync(folder).filter((name) => name.endsWith('.json'));
  expect(here.toSorted()).toEqual(files.toSorted());
});

describe.each(files)('the golden log %s', (file) => {
  it('is the one that was recorded', () => {
    const digest = createHash('sha256')
      .update(JSON.stringify(read(file)))
      .digest('hex');
    expect(digest).toBe(digests[file]);
  });

  it.each(read(file).map((golden) => [golden.name, golden] as const))(
    'replays to every state it had: %s',
    (_, { entries: log, states }) => {
      expect(states).toHaveLength(log.length);
      for (const [index, state] of states.entries()) expect(replay(log.slice(0, index + 1))).toEqual(state);
    },
  );
});

describe('the golden logs of rules 1', () => {
  it('name one method, and lead to states that know no other proof than the sign-in itself', () => {
    const old = ['rules-1.json', 'rules-1.heard.json'].flatMap(read);
    for (const { entries: log, states } of old) {
      for (const { rules: version, data } of log)
        expect([version, 'method' in data ? data['method'] : 'pwd']).toEqual(['1', 'pwd']);
      for (const { context } of states) {
        expect(context).not.toHaveProperty('proof');
        expect(proofOf(context)).toEqual({ method: 'pwd', provedAt: context.authenticatedAt });
      }
    }
  });
});

describe('the golden logs together', () => {
  it('have every kind of entry', () => {
    const types = new Set(entries.map(({ type }) => type));
    expect(types).toEqual(new Set(['session.started', ...Object.keys(sessionEvents)]));
  });

  it('have every leaf', () => {
    expect(new Set(entries.map(({ to }) => to))).toEqual(new Set(leaves));
  });

  it('have policies that judge undeclared requests by what was declared before, and always', () => {
    const policies = entries.flatMap(({ data }) => ('policy' in data ? [data['policy']] : []));
    for (const undeclaredActivity of ['user', 'until-declared'])
      expect(policies).toContainEqual(expect.objectContaining({ undeclaredActivity }));
  });
});
