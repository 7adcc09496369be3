import { randomBytes } from 'node:crypto';
import type { Context } from 'hono';
import {
  createPolicy,
  hours,
  isPresetName,
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
import { defaultCookieName } from './http/cookie.ts';
import { areForDevelopment, faultOfOrigin } from './http/origins.ts';
import { InvalidOption } from './invalidOption.ts';
import { smallestSecret, type TokenAlgorithm } from './keys/signingKeys.ts';
import { checkEach, isSecret, shown } from './optionRules.ts';
import type { WaysOption } from './routes/ways.ts';
import type { ExportUserData } from './session/applicationData.ts';
import type { LogLine } from './session/logLine.ts';
import { askedPolicy, type PolicySubject } from './session/policyOf.ts';
import { defaultRetention } from './session/retention.ts';
import { defaultCopyBytes } from './session/sessionCopies.ts';
import type { OnEnd } from './session/tellEnds.ts';
import { systemClock } from './systemClock.ts';
import { writeLine } from './writeLine.ts';

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
  /**
   * Checked and clamped as `createPolicy` does. Or a function that tells the limits of a user, asked at every sign-in, so
   * also when a session is resumed; what it answers is checked each time, and when it fails nobody is signed in (503).
   * Default the preset `standard`.
   */
  readonly policy?: PolicyOption | ((user: PolicySubject) => PolicyOption | Promise<PolicyOption>) | undefined;
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
  /**
   * Says in which ways a user can sign in again: what the locked screen offers. It is asked for a user who holds a
   * signed credential of theirs. Default the password, where there are passwords.
   */
  readonly ways?: WaysOption | undefined;
  /** One more origin for `origins`, such as `https://app.example.com`. */
  readonly origin?: string | undefined;
  /**
   * The origins browsers may come from, ports included, such as `https://app.example.com`: their pages may send requests
   * and read the answers. With any given, they are all there is; so list that of the server, too, where it has pages.
   * Default the request's own.
   */
  readonly origins?: readonly string[] | undefined;
  /**
   * The path beneath which Curfew's routes are, as the server sees it, such as `/curfew/api`; `/` for none. `routes` is
   * mounted at `/` whatever it is. Default `/api`.
   */
  readonly basePath?: string | undefined;
  /**
   * The session cookie is called `__Host-` and this: letters, digits, `-` and `_`. Applications on one host name need one
   * each, whatever their ports and paths. Default `curfew`.
   */
  readonly cookieName?: string | undefined;
  /**
   * For development alone: with `true` the session cookie is called `cookieName` and `-dev`, and is not `Secure`, so that
   * WebKit keeps it at `http://localhost`, too. `origins` must be exactly one `http://localhost` or `http://127.0.0.1`,
   * with or without a port. A request with a header of a proxy (`Forwarded`, `X-Forwarded-…`, `Via`) signs nobody in, and
   * its cookie counts for nothing. Default `false`.
   *
   * @see RFC 6265bis §5.7
   */
  readonly developmentCookie?: boolean | undefined;
  /** Addresses and networks whose `X-Forwarded-For` is believed, such as `10.0.0.0/8`. Default none. */
  readonly trustedProxies?: readonly string[] | undefined;
  /**
   * Returns the address of the client where there is no socket to ask, as behind some adapters, or `null`. It must not
   * read what clients can write. Default the socket's; without any, failed sign-ins are counted per account only.
   */
  readonly address?: ((c: Context) => string | null) | undefined;
  /**
   * Is told of every session that ends, for whatever reason: after the commit, at least once, and on one process. `id` and
   * `version` name an end, should it be told twice. What it throws is written to the log, and it is told again later.
   */
  readonly onEnd?: OnEnd | undefined;
  /**
   * Returns what the application keeps of a user, as an object that JSON can say: it is added to the file with all of their
   * data, under `application`. When it throws, or returns anything else, the answer is 503 and nothing is sent; the log has
   * one line, without what it said. Default nothing is added.
   *
   * @see GDPR art. 15 and 20
   */
  readonly exportUserData?: ExportUserData | undefined;
  /** How long ended sessions and their logs are kept, in ms, at least one day. Default 90 days. */
  readonly retention?: Duration | undefined;
  /**
   * A folder for signed checkpoints of the log, better on another disk, and how often one is made, in ms: at least one
   * minute, by default every hour. Default none.
   */
  readonly checkpoints?: { readonly path: string; readonly every?: Duration | undefined } | undefined;
  /**
   * Whether copies of live sessions, and of the names and roles of their users, are kept in memory, so that a request that
   * changes nothing reads nothing: up to `bytes`, at least 65,536, default 32 MiB. A copy only ever lets a request in, and
   * only while the store says that nothing has changed since: on SQLite it asks the file each time; on PostgreSQL it is
   * kept while the node has a lease of one second, and what ends, narrows or revokes anything is acknowledged once no node
   * has a copy of before. `false` keeps none, and each request reads its session.
   *
   * @see ASVS 5.0 7.4.1
   */
  readonly sessionCache?: false | { readonly bytes?: number | undefined } | undefined;
  /** The only clock there is: returns epoch ms. Default the system's. */
  readonly clock?: (() => Instant) | undefined;
  /**
   * Makes an unguessable id of at least 128 bits, the end of the id of each session. Default 144 random bits, base64url.
   *
   * @see ASVS 5.0 7.2.3
   */
  readonly newId?: (() => string) | undefined;
  /** Takes each line of the server's log. Default standard output, one line of JSON each. */
  readonly write?: ((line: LogLine) => void) | undefined;
}

/** Options that were checked, with every default in its place. The secret may not be there yet. */
export interface CheckedOptions extends Omit<DependencyOptions, 'secret'> {
  readonly store: StoreAdapter;
  readonly secret: CurfewOptions['secret'];
}

function checkPolicy({ preset = 'standard', ...overrides }: PolicyOption): Policy {
  if (!isPresetName(preset))
    throw new InvalidOption(
      'policy',
      `policy.preset must be one of ${Object.keys(presets).join(', ')}, and is ${shown(preset)}`,
    );
  const result = createPolicy(presets[preset], overrides);
  if (result.ok) return result.policy;
  const faults = result.faults.map(({ field, value, allowed }) =>
    Object.hasOwn(presets.standard, field)
      ? `policy.${field} must be ${allowed}, and is ${shown(value)}`
      : `there is no policy.${field}; there are ${['preset', ...Object.keys(presets.standard)].join(', ')}`,
  );
  throw new InvalidOption('policy', faults.join('; '));
}

function checkAnswered(answer: unknown): PolicyOption {
  if (typeof answer === 'object' && answer !== null && !Array.isArray(answer)) return answer;
  throw new InvalidOption('policy', `policy must return an object, and has returned ${shown(answer)}`);
}

/** The limits that do not depend on the user, and how to tell those of one. @throws InvalidOption */
function checkPolicies(option: NonNullable<CurfewOptions['policy']>): Pick<DependencyOptions, 'policy' | 'policyOf'> {
  if (typeof option === 'function')
    return { policy: null, policyOf: askedPolicy(option, (answer) => checkPolicy(checkAnswered(answer))) };
  const policy = checkPolicy(option);
  return { policy, policyOf: () => async () => policy };
}

/** Lists the origins, each once. @throws InvalidOption */
function checkOrigins({ origin, origins = [] }: CurfewOptions): readonly string[] {
  for (const each of origins) {
    const fault = faultOfOrigin(each);
    if (fault !== null)
      throw new InvalidOption('origins', `origins must be exact origins, and ${shown(each)} ${fault}`);
  }
  return [...new Set([...(origin === undefined ? [] : [origin]), ...origins])];
}

/** @throws InvalidOption where the cookie for development could be used by others than those of this machine */
function checkDevelopment(isAsked: boolean, origins: readonly string[]): boolean {
  if (isAsked && !areForDevelopment(origins))
    throw new InvalidOption(
      'developmentCookie',
      `developmentCookie needs origins to be one http://localhost or http://127.0.0.1, with or without a port, and they are ${shown(origins)}`,
    );
  return isAsked;
}

/** Checks a secret that came from a function. @throws InvalidOption */
export function checkSecret(secret: string): string {
  if (!isSecret(secret))
    throw new InvalidOption('secret', `secret must return a text of at least ${smallestSecret} bytes`);
  return secret;
}

/** An unguessable id: 144 random bits. @see ASVS 5.0 7.2.3 */
export const randomId = (): string => randomBytes(18).toString('base64url');

/**
 * Checks every option, once.
 *
 * @throws InvalidOption with one line that names the option
 */
export function checkOptions(options: CurfewOptions): CheckedOptions {
  checkEach(options);
  const origins = checkOrigins(options);
  const { store, secret, checkpoints } = options;
  return {
    store,
    secret,
    previousSecrets: options.previousSecrets ?? [],
    algorithm: options.algorithm ?? 'HS256',
    ...checkPolicies(options.policy ?? {}),
    accounts: options.accounts === false ? withoutAccounts : (options.accounts ?? passwordAccounts()),
    role: options.role ?? null,
    ways: options.ways ?? null,
    origins,
    basePath: (options.basePath ?? '/api').replace(/^\/$/, ''),
    cookieName: options.cookieName ?? defaultCookieName,
    developmentCookie: checkDevelopment(options.developmentCookie ?? false, origins),
    address: options.address ?? (() => null),
    trustedProxies: options.trustedProxies ?? [],
    onEnd: options.onEnd ?? null,
    exportUserData: options.exportUserData ?? null,
    retention: options.retention ?? defaultRetention,
    checkpoints: checkpoints ? { path: checkpoints.path, every: checkpoints.every ?? hours(1) } : null,
    copyBytes: options.sessionCache === false ? 0 : (options.sessionCache?.bytes ?? defaultCopyBytes),
    clock: options.clock ?? systemClock,
    newId: options.newId ?? randomId,
    write: options.write ?? writeLine,
  };
}
