import { days, type Duration } from '../../machines/index.ts';
import { parseDuration } from './duration.ts';

/** The environment as it is given to the process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A variable that cannot be, with what could. */
export class InvalidVariable extends Error {
  constructor(name: string, value: string | undefined, allowed: string) {
    super(`${name}=${JSON.stringify(value ?? '')} is not allowed: ${allowed}`);
  }
}

const longestDuration = days(36_500);

/** Reads a duration. @returns `undefined` when it is not set. @throws `Wrong` */
export function durationOf(env: Environment, name: string): Duration | undefined {
  const value = env[name];
  if (value === undefined) return undefined;
  const duration = parseDuration(value);
  if (duration === null || duration > longestDuration)
    throw new InvalidVariable(name, value, 'a duration such as 30m, 12h, 15s, 500ms or 14d, at most 36500d');
  return duration;
}

/** Reads one of some words. @throws `Wrong` */
export function oneOf<T extends string>(env: Environment, name: string, allowed: readonly T[], otherwise: T): T {
  const value = env[name];
  const found = allowed.find((each) => each === value);
  if (value !== undefined && found === undefined) throw new InvalidVariable(name, value, allowed.join(' or '));
  return found ?? otherwise;
}

/** Reads a whole number. @throws `Wrong` */
export function wholeOf(env: Environment, name: string, least: number, most: number, otherwise: number): number {
  const value = env[name];
  if (value === undefined) return otherwise;
  const whole = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (!(whole >= least && whole <= most))
    throw new InvalidVariable(name, value, `a whole number from ${least} to ${most}`);
  return whole;
}
