// In place of `vitest` inside of workerd: the same matchers, and as much of the rest as the suites use.
import { format } from 'node:util';
import { GLOBAL_EXPECT, JestAsymmetricMatchers, JestChaiExpect, JestExtend, chai, setState } from '@vitest/expect';
import { registered } from './registered.ts';

for (const plugin of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) chai.use(plugin);

export const expect = Object.assign((value: unknown, message?: string) => chai.expect(value, message), chai.expect);
Object.assign(globalThis, { [GLOBAL_EXPECT]: expect });
setState({ assertionCalls: 0, isExpectingAssertions: false, expectedAssertionsNumber: null }, expect as never);

type Body = (...values: any[]) => unknown;
const path: string[] = [];
const before: (() => unknown)[] = [];

/** What is done once before the first test of a part that runs. */
const once: { readonly of: readonly string[]; readonly hook: () => unknown; isDone: boolean }[] = [];

export const beforeAll = (hook: () => unknown): void => void once.push({ of: [...path], hook, isDone: false });
/** Only prints, in what runs here. */
export const afterAll = (): void => {};
export const beforeEach = (hook: () => unknown): void => void before.push(hook);

/** Options may stand before the body: nobody waits here. */
const bodyOf = (given: readonly unknown[]): Body =>
  given.find((value): value is Body => typeof value === 'function') ?? (() => {});

const each =
  (register: (name: string, body: Body) => void) =>
  (cases: readonly unknown[]) =>
  (name: string, ...given: readonly unknown[]) => {
    const body = bodyOf(given);
    for (const one of cases) {
      const values: unknown[] = Array.isArray(one) ? one : [one];
      const used = name.match(/%[sdifjo]/g)?.length ?? 0;
      register(format(name, ...values.slice(0, used)), () => body(...values));
    }
  };

const describeOne = (name: string, body: Body) => {
  path.push(name);
  body();
  path.pop();
};
const testOne = (name: string, ...given: readonly unknown[]) => {
  const hooks = [...before];
  const within = [...path];
  const run = async () => {
    for (const first of once) {
      if (first.isDone || !first.of.every((part, depth) => within[depth] === part)) continue;
      first.isDone = true;
      await first.hook();
    }
    for (const hook of hooks) await hook();
    await bodyOf(given)();
  };
  registered.push({ name: [...path, name].join(' > '), run });
};

export const describe = Object.assign(describeOne, { each: each(describeOne) });
export const test = Object.assign(testOne, { each: each(testOne) });
export const it = test;
