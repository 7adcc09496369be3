import { randomBytes } from 'node:crypto';
import {
  createPolicy,
  days,
  hours,
  isPresetName,
  minutes,
  presets,
  type Duration,
  type Instant,
  type Policy,
  type PresetName,
} from '../machines/index.ts';
import { passwordAccounts, withoutAccounts, type AccountsOption } from './accounts/passwordAccounts.ts';
import type { RoleOption } from './accounts/roles.ts';
import type { StoreAdapter } from './store/adapter.ts';
import type { DependencyOptions } from './dependencies.ts';
import { isNetwork } from './http/network.ts';
import { isOrigin } from './http/crossSite.ts';
import { InvalidOption } from './invalidOption.ts';
import { isLongEnough, smallestSecret, type TokenAlgorithm } from './keys/signingKeys.ts';
import type { LogLine } from './session/logLine.ts';
import { defaultRetention } from './session/retention.ts';
import { systemClock } from './systemClock.ts';

/** The limits of sessions: those of a preset, with whatever is given in their place. Durations are in ms. */
export interface PolicyOption extends Partial<Policy> {
  /** Default `standard`. */
  readonly preset?: PresetName;
}

/** What `createCurfew` takes. An option that is `undefined` counts as not given. */
export interface CurfewOptions {
  /** Where everything is kept: `sqlite('./curfew.db')`, `postgres('postgres://…')` or `memory()`. */
  readonly store: StoreAdapter;
  /**
   * Signs tokens and wraps the keys of preserved work: at least 32 bytes, random, and used for nothing else. Or a function
   * that returns it; it is called once, when the store is open.
   *
   * @see RFC 7518 §3.2
   */
  readonly secret: string | (() => string | Promise<string>);
  /** Secrets of before, so that changing the secret signs nobody out. Default none. */
  readonly previousSecrets?: readonly string[] | undefined;
  /** How tokens are signed. With `EdDSA` others can verify them by `/.well-known/jwks.json`. Default `HS256`. */
  readonly algorithm?: TokenAlgorithm | undefined;
  /** Checked and clamped as `createPolicy` does. Default the preset `standard`. */
  readonly policy?: PolicyOption | undefined;
  /**
   * How people prove who they are. Default `passwords()`: users of Curfew's own table, whom an operator adds. With `false`
   * nobody has a password here, every route that takes one answers 404, and the application signs people in.
   */
  readonly accounts?: AccountsOption | false | undefined;
  /**
   * What a user may do, in a word, by their id. It is asked whenever it counts; `administrator` opens the routes under
   * `/api/admin`. Default what the accounts say.
   *
   * @see ASVS 5.0 8.3.1
   */
  readonly role?: RoleOption | undefined;
  /** The one origin browsers may come from, such as `https://app.example.com`. Default the request's own. */
  readonly origin?: string | undefined;
  /** Addresses and networks whose `X-Forwarded-For` is believed, such as `10.0.0.0/8`. Default none. */
  readonly trustedProxies?: readonly string[] | undefined;
  /** How long ended sessions and their logs are kept, in ms, at least one day. Default 90 days. */
  readonly retention?: Duration | undefined;
  /**
   * A folder for signed checkpoints of the log, better on another disk, and how often one is made, in ms: at least one
   * minute, by default every hour. Default none.
   */
  readonly checkpoints?: { readonly path: string; readonly every?: Duration | undefined } | undefined;
  /** The only clock there is: returns epoch ms. Default the system's. */
  readonly clock?: (() => Instant) | undefined;
  /** Makes an unguessable id of at least 128 bits. Default 144 random bits, base64url. @see ASVS 5.0 7.2.3 */
  readonly newId?: (() => string) | undefined;
  /** Takes each line of the server's log. Default standard output, one line of JSON each. */
  readonly write?: ((line: LogLine) => void) | undefined;
}

/** Options that were checked, with every default in its place. The secret may not be there yet. */
export interface CheckedOptions extends Omit<DependencyOptions, 'secret'> {
  readonly store: StoreAdapter;
  readonly secret: CurfewOptions['secret'];
}

const shortestRetention = days(1);
const shortestPeriod = minutes(1);

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
const isSecret = (value: unknown): boolean => typeof value === 'string' && isLongEnough(value);

const isCheckpoints = (value: unknown): boolean =>
  isObject(value) &&
  Object.keys(value).every((name) => name === 'path' || name === 'every') &&
  'path' in value &&
  isText(value.path) &&
  (!('every' in value) || value.every === undefined || isDuration(value.every, shortestPeriod));

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
  policy: { isRight: isObject, allowed: 'an object such as { preset: "standard", idleTimeout: minutes(15) }' },
  accounts: {
    isRight: (value) => value === false || isAccounts(value),
    allowed: 'what passwords(…) returns, or false',
  },
  role: { isRight: isFunction, allowed: 'a function that returns the role of a user, by their id' },
  origin: {
    isRight: (value) => isText(value) && isOrigin(value),
    allowed: 'an origin such as https://app.example.com, without a path',
  },
  trustedProxies: {
    isRight: (value) => isListOf(value, (each) => isText(each) && isNetwork(each)),
    allowed: 'a list of addresses or networks such as 10.0.0.0/8',
  },
  retention: {
    isRight: (value) => isDuration(value, shortestRetention),
    allowed: `a duration in ms of at least one day (${shortestRetention})`,
  },
  checkpoints: {
    isRight: isCheckpoints,
    allowed: `an object of a path and, in ms, every at least one minute (${shortestPeriod})`,
  },
  clock: { isRight: isFunction, allowed: 'a function that returns epoch ms' },
  newId: { isRight: isFunction, allowed: 'a function that returns a text' },
  write: { isRight: isFunction, allowed: 'a function that takes a line of the log' },
} satisfies Record<keyof CurfewOptions, Rule>;

const shown = (value: unknown): string => (isFunction(value) ? 'a function' : (JSON.stringify(value) ?? 'undefined'));

function checkEach(options: CurfewOptions): void {
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

function checkPolicy({ preset = 'standard', ...overrides }: PolicyOption): Policy {
  if (!isPresetName(preset))
    throw new InvalidOption(
      'policy',
      `policy.preset must be one of ${Object.keys(presets).join(', ')}, and is ${shown(preset)}`,
    );
  const result = createPolicy(presets[preset], overrides);
  if (result.ok) return result.policy;
  const faults = result.faults.map(
    ({ field, value, allowed }) => `policy.${field} must be ${allowed}, and is ${shown(value)}`,
  );
  throw new InvalidOption('policy', faults.join('; '));
}

/** Checks a secret that came from a function. @throws InvalidOption */
export function checkSecret(secret: string): string {
  if (!isSecret(secret))
    throw new InvalidOption('secret', `secret must return a text of at least ${smallestSecret} bytes`);
  return secret;
}

/** Writes a line of the log to standard output, as one line of JSON. */
export const writeLine = ({ msg, level = 'info', ...fields }: LogLine): void => {
  const time = new Date(systemClock()).toISOString();
  process.stdout.write(`${JSON.stringify({ time, level, msg, ...fields })}\n`);
};

/** An unguessable id: 144 random bits. @see ASVS 5.0 7.2.3 */
export const randomId = (): string => randomBytes(18).toString('base64url');

/**
 * Checks every option, once.
 *
 * @throws InvalidOption with one line that names the option
 */
export function checkOptions(options: CurfewOptions): CheckedOptions {
  checkEach(options);
  const { store, secret, checkpoints } = options;
  return {
    store,
    secret,
    previousSecrets: options.previousSecrets ?? [],
    algorithm: options.algorithm ?? 'HS256',
    policy: checkPolicy(options.policy ?? {}),
    accounts: options.accounts === false ? withoutAccounts : (options.accounts ?? passwordAccounts()),
    role: options.role ?? null,
    origin: options.origin ?? null,
    trustedProxies: options.trustedProxies ?? [],
    retention: options.retention ?? defaultRetention,
    checkpoints: checkpoints ? { path: checkpoints.path, every: checkpoints.every ?? hours(1) } : null,
    clock: options.clock ?? systemClock,
    newId: options.newId ?? randomId,
    write: options.write ?? writeLine,
  };
}
