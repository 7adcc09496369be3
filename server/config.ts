import { BlockList, isIP } from 'node:net';
import {
  createPolicy,
  isPresetName,
  presets,
  seconds,
  type Duration,
  type Policy,
  type PolicyFault,
} from '../machines/index.ts';
import { smallestSecret, type TokenAlgorithm } from './credential/keys.ts';
import { parseDuration } from './duration.ts';

/** The environment as it is given to the process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What the environment asks for, checked. */
export interface Config {
  readonly port: number;
  readonly host: string;
  /** Path of the SQLite file. */
  readonly database: string;
  /** `null`: made and kept beside the database. */
  readonly secret: string | null;
  readonly previousSecrets: readonly string[];
  readonly algorithm: TokenAlgorithm;
  readonly policy: Policy;
  readonly origin: string | null;
  readonly trustedProxies: readonly string[];
  /** What is allowed, but worth a line in the log. */
  readonly warnings: readonly string[];
}

/** A variable that cannot be, with what could. */
class Wrong extends Error {
  constructor(name: string, value: string | undefined, allowed: string) {
    super(`${name}=${JSON.stringify(value ?? '')} is not allowed: ${allowed}`);
  }
}

const durations = {
  CURFEW_IDLE_TIMEOUT: 'idleTimeout',
  CURFEW_WARN_BEFORE: 'warnBefore',
  CURFEW_ABSOLUTE_TIMEOUT: 'absoluteTimeout',
  CURFEW_RESTORE_WINDOW: 'restoreWindow',
  CURFEW_TOKEN_LIFETIME: 'tokenLifetime',
  CURFEW_ACTIVITY_RESOLUTION: 'activityResolution',
  CURFEW_ROTATION_GRACE: 'rotationGrace',
  CURFEW_FRESH_AUTH: 'freshAuth',
  CURFEW_MAX_LEASE: 'maxLease',
} as const satisfies Record<string, keyof Policy>;

const known = new Set([
  ...Object.keys(durations),
  ...['DATABASE', 'SECRET', 'PREVIOUS_SECRETS', 'TOKEN_ALGORITHM', 'POLICY', 'MAX_SESSIONS', 'ON_LIMIT'].map(
    (name) => `CURFEW_${name}`,
  ),
  ...['UNDECLARED_ACTIVITY', 'ORIGIN', 'TRUSTED_PROXIES', 'REMEMBERED_IDLE', 'REMEMBERED_ABSOLUTE', 'CHROMIUM'].map(
    (name) => `CURFEW_${name}`,
  ),
]);

const shortestWarning = seconds(20);

function durationOf(env: Environment, name: string): Duration | undefined {
  const value = env[name];
  if (value === undefined) return undefined;
  const duration = parseDuration(value);
  if (duration === null) throw new Wrong(name, value, 'a duration such as 30m, 12h, 15s, 500ms or 14d');
  return duration;
}

function oneOf<T extends string>(env: Environment, name: string, allowed: readonly T[], otherwise: T): T {
  const value = env[name];
  const found = allowed.find((each) => each === value);
  if (value !== undefined && found === undefined) throw new Wrong(name, value, allowed.join(' or '));
  return found ?? otherwise;
}

function wholeOf(env: Environment, name: string, least: number, most: number, otherwise: number): number {
  const value = env[name];
  if (value === undefined) return otherwise;
  const whole = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (!(whole >= least && whole <= most)) throw new Wrong(name, value, `a whole number from ${least} to ${most}`);
  return whole;
}

const variableOf = ({ field }: PolicyFault): string => {
  const found = Object.entries(durations).find(([, each]) => each === field)?.[0];
  return found ?? (field === 'remembered' ? 'CURFEW_REMEMBERED_IDLE' : 'CURFEW_POLICY');
};

function rememberedOf(env: Environment, base: Policy): Policy['remembered'] {
  const idleTimeout = durationOf(env, 'CURFEW_REMEMBERED_IDLE');
  const absoluteTimeout = durationOf(env, 'CURFEW_REMEMBERED_ABSOLUTE');
  const given = idleTimeout === undefined ? 'CURFEW_REMEMBERED_ABSOLUTE' : 'CURFEW_REMEMBERED_IDLE';
  if (!base.remembered) {
    if (idleTimeout === undefined && absoluteTimeout === undefined) return null;
    throw new Wrong(given, env[given], 'this policy forbids remembered sessions');
  }
  return {
    idleTimeout: idleTimeout ?? base.remembered.idleTimeout,
    absoluteTimeout: absoluteTimeout ?? base.remembered.absoluteTimeout,
  };
}

function policyOf(env: Environment): Policy {
  const name = env['CURFEW_POLICY'] ?? 'standard';
  if (!isPresetName(name)) throw new Wrong('CURFEW_POLICY', name, Object.keys(presets).join(', '));
  const base: Policy = presets[name];
  const given = Object.entries(durations).map(([variable, field]) => [field, durationOf(env, variable) ?? base[field]]);
  const result = createPolicy(base, {
    ...Object.fromEntries(given),
    maxSessions: wholeOf(env, 'CURFEW_MAX_SESSIONS', 1, 10_000, base.maxSessions),
    onLimit: oneOf(env, 'CURFEW_ON_LIMIT', ['end-oldest', 'deny'], base.onLimit),
    undeclaredActivity: oneOf(env, 'CURFEW_UNDECLARED_ACTIVITY', ['user', 'background'], base.undeclaredActivity),
    remembered: rememberedOf(env, base),
  });
  if (result.ok) return result.policy;
  const [fault] = result.faults;
  if (!fault) throw new Error('a refused policy has a fault');
  const variable = variableOf(fault);
  throw new Wrong(
    variable,
    env[variable] ?? `${JSON.stringify(fault.value)} ms`,
    `${fault.field} must be ${fault.allowed}`,
  );
}

function databaseOf(env: Environment): string {
  const value = env['CURFEW_DATABASE'] ?? 'file:./data/curfew.db';
  if (!/^file:.+/.test(value)) throw new Wrong('CURFEW_DATABASE', value, 'a file such as file:./data/curfew.db');
  return value.slice('file:'.length);
}

const isLongEnough = (secret: string): boolean => Buffer.byteLength(secret) >= smallestSecret;

function secretsOf(env: Environment): Pick<Config, 'secret' | 'previousSecrets'> {
  const secret = env['CURFEW_SECRET'] ?? null;
  const hidden = '…';
  if (secret !== null && !isLongEnough(secret))
    throw new Wrong('CURFEW_SECRET', hidden, `at least ${smallestSecret} bytes`);
  const previousSecrets = (env['CURFEW_PREVIOUS_SECRETS'] ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);
  if (!previousSecrets.every(isLongEnough))
    throw new Wrong('CURFEW_PREVIOUS_SECRETS', hidden, `at least ${smallestSecret} bytes each, separated by commas`);
  return { secret, previousSecrets };
}

function originOf(env: Environment): string | null {
  const value = env['CURFEW_ORIGIN'];
  if (value === undefined) return null;
  if (!URL.canParse(value) || new URL(value).origin !== value)
    throw new Wrong('CURFEW_ORIGIN', value, 'an origin such as https://app.example.com, without a path');
  return value;
}

function proxiesOf(env: Environment): readonly string[] {
  const proxies = (env['CURFEW_TRUSTED_PROXIES'] ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);
  const list = new BlockList();
  for (const proxy of proxies) {
    const [address = '', bits] = proxy.split('/');
    try {
      if (isIP(address) === 0) throw new Error('no address');
      if (bits !== undefined) list.addSubnet(address, Number(bits), isIP(address) === 6 ? 'ipv6' : 'ipv4');
    } catch {
      throw new Wrong('CURFEW_TRUSTED_PROXIES', proxy, 'addresses or networks such as 10.0.0.0/8, separated by commas');
    }
  }
  return proxies;
}

function warningsOf(env: Environment, policy: Policy): readonly string[] {
  const strange = Object.keys(env).filter((name) => name.startsWith('CURFEW_') && !known.has(name));
  return [
    ...strange.map((name) => `${name} is no variable of this version`),
    ...(policy.warnBefore < shortestWarning
      ? [`a warning of ${policy.warnBefore} ms is shorter than the 20 s of WCAG 2.2.1`]
      : []),
  ];
}

/**
 * Reads the environment once.
 *
 * @returns the configuration, or one line that names the variable, its value and what is allowed.
 */
export function readConfig(env: Environment): { ok: true; config: Config } | { ok: false; line: string } {
  try {
    const policy = policyOf(env);
    const config: Config = {
      port: wholeOf(env, 'PORT', 0, 65_535, 3000),
      host: env['HOST'] ?? '127.0.0.1',
      database: databaseOf(env),
      ...secretsOf(env),
      algorithm: oneOf(env, 'CURFEW_TOKEN_ALGORITHM', ['HS256', 'EdDSA'], 'HS256'),
      policy,
      origin: originOf(env),
      trustedProxies: proxiesOf(env),
      warnings: warningsOf(env, policy),
    };
    return { ok: true, config };
  } catch (error) {
    if (error instanceof Wrong) return { ok: false, line: error.message };
    throw error;
  }
}
