import { days, minutes, type Duration } from '../machines/index.ts';
import { isCookieName } from './http/cookie.ts';
import { isNetwork } from './http/network.ts';
import { isOrigin } from './http/origins.ts';
import { InvalidOption } from './invalidOption.ts';
import { isLongEnough, smallestSecret } from './keys/signingKeys.ts';
import type { CurfewOptions } from './options.ts';

const shortestRetention = days(1);
const shortestPeriod = minutes(1);
const fewestBytes = 65_536;

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
const isFunction = (value: unknown): boolean => typeof value === 'function';
const isDuration = (value: unknown, shortest: Duration): boolean =>
  typeof value === 'number' && Number.isFinite(value) && value >= shortest;
const isListOf = (value: unknown, isRight: (each: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every((each) => isRight(each));
const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const canOpen = (value: unknown): boolean => isObject(value) && 'open' in value && isFunction(value.open);
const isAccounts = (value: unknown): boolean => isObject(value) && 'kind' in value && canOpen(value);
/** Whether a value can be a secret. */
export const isSecret = (value: unknown): value is string => typeof value === 'string' && isLongEnough(value);

const isCheckpoints = (value: unknown): boolean =>
  isObject(value) &&
  Object.keys(value).every((name) => name === 'path' || name === 'every') &&
  'path' in value &&
  isText(value.path) &&
  (!('every' in value) || value.every === undefined || isDuration(value.every, shortestPeriod));

const isSessionCache = (value: unknown): boolean =>
  value === false ||
  (isObject(value) &&
    Object.keys(value).every((name) => name === 'bytes') &&
    (!('bytes' in value) ||
      value.bytes === undefined ||
      (Number.isSafeInteger(value.bytes) && Number(value.bytes) >= fewestBytes)));

interface Rule {
  readonly isRight: (value: unknown) => boolean;
  readonly allowed: string;
  readonly isRequired?: true;
  /** Nothing of the value is shown. */
  readonly isHidden?: true;
}

const rules: Readonly<Record<string, Rule>> = {
  store: {
    isRight: canOpen,
    allowed: 'what sqlite(…), postgres(…) or memory() returns',
    isRequired: true,
    // An address holds a password.
    isHidden: true,
  },
  secret: {
    isRight: (value) => isSecret(value) || isFunction(value),
    allowed: `a text of at least ${smallestSecret} bytes, or a function that returns one`,
    isRequired: true,
    isHidden: true,
  },
  previousSecrets: {
    isRight: (value) => isListOf(value, isSecret),
    allowed: `a list of texts of at least ${smallestSecret} bytes each`,
    isHidden: true,
  },
  algorithm: { isRight: (value) => value === 'HS256' || value === 'EdDSA', allowed: 'HS256 or EdDSA' },
  policy: {
    isRight: (value) => isObject(value) || isFunction(value),
    allowed: 'an object such as { preset: "standard", idleTimeout: minutes(15) }, or a function that returns one',
  },
  accounts: {
    isRight: (value) => value === false || isAccounts(value),
    allowed: 'what passwords(…) returns, or false',
  },
  role: { isRight: isFunction, allowed: 'a function that returns the role of a user, by their id' },
  ways: { isRight: isFunction, allowed: 'a function that returns the ways in which a user can sign in again' },
  origin: {
    isRight: (value) => isText(value) && isOrigin(value),
    allowed: 'an origin such as https://app.example.com, without a path',
  },
  origins: {
    isRight: (value) => isListOf(value, (each) => typeof each === 'string'),
    allowed: 'a list of origins such as https://app.example.com',
  },
  basePath: {
    isRight: (value) => typeof value === 'string' && isBasePath(value),
    allowed: 'a path such as /api, without a slash at its end, or /',
  },
  developmentCookie: { isRight: (value) => typeof value === 'boolean', allowed: 'true or false' },
  cookieName: {
    isRight: (value) => typeof value === 'string' && isCookieName(value),
    allowed: 'a name of 1 to 64 letters, digits, - and _, without its prefix __Host-',
  },
  address: { isRight: isFunction, allowed: 'a function that takes a context and returns an address or null' },
  trustedProxies: {
    isRight: (value) => isListOf(value, (each) => isText(each) && isNetwork(each)),
    allowed: 'a list of addresses or networks such as 10.0.0.0/8',
  },
  onEnd: { isRight: isFunction, allowed: 'a function that takes a session and why it has ended' },
  exportUserData: {
    isRight: isFunction,
    allowed: 'a function that returns what the application keeps of a user, by their id',
  },
  retention: {
    isRight: (value) => isDuration(value, shortestRetention),
    allowed: `a duration in ms of at least one day (${shortestRetention})`,
  },
  checkpoints: {
    isRight: isCheckpoints,
    allowed: `an object of a path and, in ms, every at least one minute (${shortestPeriod})`,
  },
  sessionCache: {
    isRight: isSessionCache,
    allowed: `false, or an object of bytes, a whole number of at least ${fewestBytes}`,
  },
  clock: { isRight: isFunction, allowed: 'a function that returns epoch ms' },
  newId: { isRight: isFunction, allowed: 'a function that returns a text' },
  write: { isRight: isFunction, allowed: 'a function that takes a line of the log' },
} satisfies Record<keyof CurfewOptions, Rule>;

/** Segments that a browser sends as they are: nothing encoded, no dots, no parameters. */
const isBasePath = (value: string): boolean => value === '/' || /^(\/[\w~-][\w.~-]*)+$/.test(value);

/** A value as a refusal shows it. */
export const shown = (value: unknown): string =>
  isFunction(value) ? 'a function' : (JSON.stringify(value) ?? 'undefined');

/** Checks the kind of every option. @throws InvalidOption with one line that names the option */
export function checkEach(options: CurfewOptions): void {
  const given: Readonly<Record<string, unknown>> = { ...options };
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(rules, name));
  if (unknown !== undefined)
    throw new InvalidOption(unknown, `there is no option ${unknown}; there are ${Object.keys(rules).join(', ')}`);
  for (const [name, { isRight, allowed, isRequired, isHidden }] of Object.entries(rules)) {
    const value = given[name];
    if (isRight(value) || (value === undefined && !isRequired)) continue;
    throw new InvalidOption(name, `${name} must be ${allowed}${isHidden ? '' : `, and is ${shown(value)}`}`);
  }
}
