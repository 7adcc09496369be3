import type { OpenStore } from '../store/adapter.ts';

/** Opens an empty store, another one with each call. */
export type OpenStores = () => Promise<OpenStore>;

/** Opens what is empty and keeps sessions. */
export type OpenSessions = () => Promise<Pick<OpenStore, 'log' | 'overview'>>;

/** What is said of a value. */
export interface Matchers {
  readonly not: Matchers;
  readonly toBe: (expected: unknown) => unknown;
  readonly toBeGreaterThan: (least: number) => unknown;
  readonly toBeNull: () => unknown;
  readonly toBeUndefined: () => unknown;
  readonly toContain: (part: unknown) => unknown;
  readonly toEqual: (expected: unknown) => unknown;
  readonly toHaveLength: (length: number) => unknown;
  readonly toMatchObject: (expected: object) => unknown;
  readonly rejects: { readonly toThrow: (expected: string | (new () => Error)) => Promise<unknown> };
}

/** Where the suite is run: what `vitest`, `jest` and `bun:test` export is one, and `node:test` with the package `expect`. */
export interface TestKit {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly test: (name: string, body: () => Promise<void>) => unknown;
  readonly expect: (value: unknown) => Matchers;
}
