import { readFileSync } from 'node:fs';
import { days, hours, minutes, type Duration, type Policy } from '../../machines/index.ts';
import type { CheckpointFolder } from '../audit/checkpoints.ts';
import { isNetwork } from '../http/network.ts';
import { faultOfOrigin } from '../http/origins.ts';
import { defaultRetention } from '../session/retention.ts';
import { isLongEnough, smallestSecret, type TokenAlgorithm } from '../keys/signingKeys.ts';
import { durationOf, oneOf, wholeOf, InvalidVariable, type Environment } from './environment.ts';
import { durations, policyOf } from './policy.ts';
import { readAddress } from '../postgres/address.ts';
import type { DatabaseChoice } from './store.ts';

/** What the environment asks for, checked. */
export interface Config {
  readonly port: number;
  readonly host: string;
  readonly database: DatabaseChoice;
  /** `null`: made and kept beside the SQLite file. */
  readonly secret: string | null;
  /** The file that the secret was read from, `null` when it came from no file, or is kept beside the SQLite file. */
  readonly secretFile: string | null;
  readonly previousSecrets: readonly string[];
  readonly algorithm: TokenAlgorithm;
  readonly policy: Policy;
  /** Whether people may make their own accounts. */
  readonly registration: 'open' | 'closed';
  /** How long ended sessions and their logs are kept, in ms. */
  readonly retention: Duration;
  /** Where signed checkpoints are kept, and how often one is made; `null` for none. */
  readonly checkpoints: CheckpointFolder | null;
  readonly origins: readonly string[];
  readonly trustedProxies: readonly string[];
  /** For development: the loopback port on which decisions can be watched; `null` when they cannot. */
  readonly inspectPort: number | null;
  /** What is allowed, but worth a line in the log. */
  readonly warnings: readonly string[];
}

const known = new Set([
  ...Object.keys(durations),
  ...[
    'DATABASE',
    'REPLICATION',
    'SECRET',
    'PREVIOUS_SECRETS',
    'TOKEN_ALGORITHM',
    'POLICY',
    'MAX_SESSIONS',
    'ON_LIMIT',
  ].map((name) => `CURFEW_${name}`),
  ...[
    'UNDECLARED_ACTIVITY',
    'ORIGIN',
    'TRUSTED_PROXIES',
    'REMEMBERED_IDLE',
    'REMEMBERED_ABSOLUTE',
    'CHROMIUM',
    'INSPECT',
    'RETENTION',
    'CHECKPOINTS',
    'CHECKPOINT_EVERY',
    'SECRET_FILE',
    'REGISTRATION',
    'OIDC_ISSUER',
    'OIDC_CLIENT_ID',
    'OIDC_CLIENT_SECRET',
    'OIDC_NAME',
  ].map((name) => `CURFEW_${name}`),
]);

const addresses = 'a name or an address of this machine, such as 127.0.0.1 or 0.0.0.0';

function databaseOf(env: Environment): DatabaseChoice {
  const value = env['CURFEW_DATABASE'] ?? 'file:./data/curfew.db';
  const replication = oneOf(env, 'CURFEW_REPLICATION', ['reported', 'required'], 'reported');
  if (/^file:.+/.test(value)) {
    if (replication === 'required')
      throw new InvalidVariable('CURFEW_REPLICATION', replication, 'only with a PostgreSQL database');
    return { kind: 'sqlite', path: value.slice('file:'.length) };
  }
  const read = readAddress(value);
  if (typeof read !== 'string')
    return { kind: 'postgres', address: value, ...(replication === 'required' && { replication }) };
  // What is shown of an address holds no password.
  throw new InvalidVariable(
    'CURFEW_DATABASE',
    value.replace(/\/\/.*@/, '//…@').replace(/\?.*$/, '?…'),
    `a file such as file:./data/curfew.db, or ${read}`,
  );
}

/** Reads the secret from a file, as container engines give it. What stands around it does not count. */
function secretIn(env: Environment): string | null {
  const path = env['CURFEW_SECRET_FILE'];
  if (path === undefined) return null;
  if (env['CURFEW_SECRET'] !== undefined)
    throw new InvalidVariable('CURFEW_SECRET_FILE', path, 'only without CURFEW_SECRET');
  const allowed = `a file that holds at least ${smallestSecret} bytes`;
  let text: string;
  try {
    text = readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new InvalidVariable(
      'CURFEW_SECRET_FILE',
      path,
      `${allowed} (${error instanceof Error ? error.message : ''})`,
    );
  }
  if (!isLongEnough(text)) throw new InvalidVariable('CURFEW_SECRET_FILE', path, allowed);
  return text;
}

function secretsOf(
  env: Environment,
  database: DatabaseChoice,
): Pick<Config, 'secret' | 'secretFile' | 'previousSecrets'> {
  const secret = secretIn(env) ?? env['CURFEW_SECRET'] ?? null;
  const hidden = '…';
  if (secret === null && database.kind === 'postgres')
    throw new InvalidVariable(
      'CURFEW_SECRET',
      undefined,
      `at least ${smallestSecret} bytes, the same for every node on one PostgreSQL database; or CURFEW_SECRET_FILE`,
    );
  if (secret !== null && !isLongEnough(secret))
    throw new InvalidVariable('CURFEW_SECRET', hidden, `at least ${smallestSecret} bytes`);
  const previousSecrets = (env['CURFEW_PREVIOUS_SECRETS'] ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);
  if (!previousSecrets.every(isLongEnough))
    throw new InvalidVariable(
      'CURFEW_PREVIOUS_SECRETS',
      hidden,
      `at least ${smallestSecret} bytes each, separated by commas`,
    );
  return { secret, secretFile: env['CURFEW_SECRET_FILE'] ?? null, previousSecrets };
}

/** An empty name would mean every interface of the machine. */
function hostOf(env: Environment): string {
  const value = env['HOST'] ?? '127.0.0.1';
  if (!/^[\w.:-]+$/.test(value)) throw new InvalidVariable('HOST', value, addresses);
  return value;
}

function originsOf(env: Environment): readonly string[] {
  const value = env['CURFEW_ORIGIN'];
  if (value === undefined) return [];
  const origins = value.split(/[\s,]+/).filter(Boolean);
  if (origins.length === 0 || origins.some((each) => faultOfOrigin(each) !== null))
    throw new InvalidVariable(
      'CURFEW_ORIGIN',
      value,
      'an origin such as https://app.example.com, without a path; several are separated by spaces or commas',
    );
  return origins;
}

function proxiesOf(env: Environment): readonly string[] {
  const proxies = (env['CURFEW_TRUSTED_PROXIES'] ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);
  const wrong = proxies.find((proxy) => !isNetwork(proxy));
  if (wrong !== undefined)
    throw new InvalidVariable(
      'CURFEW_TRUSTED_PROXIES',
      wrong,
      'addresses or networks such as 10.0.0.0/8, separated by commas',
    );
  return proxies;
}

const shortestRetention = days(1);

/** How long an ended session is kept: a user who comes back to it is still told why it ended. */
function retentionOf(env: Environment): Duration {
  const retention = durationOf(env, 'CURFEW_RETENTION') ?? defaultRetention;
  if (retention >= shortestRetention) return retention;
  throw new InvalidVariable('CURFEW_RETENTION', env['CURFEW_RETENTION'], 'a duration of at least 1d');
}

const shortestPeriod = minutes(1);

function checkpointsOf(env: Environment): CheckpointFolder | null {
  const every = durationOf(env, 'CURFEW_CHECKPOINT_EVERY') ?? hours(1);
  if (every < shortestPeriod)
    throw new InvalidVariable('CURFEW_CHECKPOINT_EVERY', env['CURFEW_CHECKPOINT_EVERY'], 'a duration of at least 1m');
  const path = env['CURFEW_CHECKPOINTS'];
  if (path === undefined) return null;
  if (path.trim() === '')
    throw new InvalidVariable('CURFEW_CHECKPOINTS', path, 'a folder such as /mnt/elsewhere/checkpoints');
  return { path, every };
}

/** Says why checkpoints cannot be kept where they are to be, in the line of a wrong variable. */
export const notWritable = ({ path }: CheckpointFolder, error: Error): string =>
  new InvalidVariable('CURFEW_CHECKPOINTS', path, `a folder that this user may write to (${error.message})`).message;

const warningsOf = (env: Environment): readonly string[] =>
  Object.keys(env)
    .filter((name) => name.startsWith('CURFEW_') && !known.has(name))
    .map((name) => `${name} is no variable of this version`);

/** Says why a server cannot listen where it was told to, in the line of a wrong variable. */
export function notListening({ host, port }: Pick<Config, 'host' | 'port'>, error: Error): string {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE')
    return new InvalidVariable('PORT', String(port), `a free one; something listens on ${host}:${port} already`)
      .message;
  if (code === 'EACCES')
    return new InvalidVariable('PORT', String(port), `one that this user may listen on (${error.message})`).message;
  return new InvalidVariable('HOST', host, `${addresses} (${error.message})`).message;
}

/** Reads the environment once. @throws InvalidVariable with one line: the variable, its value and what is allowed */
export function checkedConfig(env: Environment): Config {
  const policy = policyOf(env);
  const database = databaseOf(env);
  return {
    port: wholeOf(env, 'PORT', 0, 65_535, 3000),
    host: hostOf(env),
    database,
    ...secretsOf(env, database),
    algorithm: oneOf(env, 'CURFEW_TOKEN_ALGORITHM', ['HS256', 'EdDSA'], 'HS256'),
    policy,
    registration: oneOf(env, 'CURFEW_REGISTRATION', ['open', 'closed'], 'open'),
    retention: retentionOf(env),
    checkpoints: checkpointsOf(env),
    origins: originsOf(env),
    trustedProxies: proxiesOf(env),
    inspectPort: env['CURFEW_INSPECT'] === undefined ? null : wholeOf(env, 'CURFEW_INSPECT', 0, 65_535, 0),
    warnings: warningsOf(env),
  };
}

/** Reads the environment once. @returns the configuration, or the line of the first variable that cannot be. */
export function readConfig(env: Environment): { ok: true; config: Config } | { ok: false; line: string } {
  try {
    return { ok: true, config: checkedConfig(env) };
  } catch (error) {
    if (error instanceof InvalidVariable) return { ok: false, line: error.message };
    throw error;
  }
}
