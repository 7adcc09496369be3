import { randomBytes } from 'node:crypto';
import type { Duration, Instant, Policy } from '../machines/index.ts';
import { embeddedAccounts } from './accounts/accounts.ts';
import { passwords, standardCost, type Argon2Cost } from './accounts/passwords.ts';
import { pseudonyms } from './accounts/pseudonym.ts';
import { sqliteSecurityLog } from './accounts/securityLog.ts';
import { sqliteThrottle } from './accounts/throttle.ts';
import { sqliteUsers } from './accounts/users.ts';
import { sqliteVault } from './accounts/vault.ts';
import { createKeys, type TokenAlgorithm } from './credential/keys.ts';
import { createTokens } from './credential/token.ts';
import { sqliteDraftStore } from './drafts/store.ts';
import type { Line } from './http/lines.ts';
import { sqliteEventLog } from './log/sqlite.ts';
import type { Parts } from './parts.ts';
import type { Database } from './sqlite/database.ts';

/** What the embedded parts are made from. */
export interface EmbeddedOptions {
  readonly database: Database;
  readonly policy: Policy;
  /** At least 32 bytes. */
  readonly secret: string;
  /** Secrets of before, so that changing the secret signs nobody out. */
  readonly previousSecrets?: readonly string[];
  /** Default HS256. */
  readonly algorithm?: TokenAlgorithm;
  /** The one origin browsers may come from; default the request's own. */
  readonly origin?: string | null;
  /** Default none. */
  readonly trustedProxies?: readonly string[];
  readonly clock: () => Instant;
  readonly write: (line: Line) => void;
  /** What one guess of a password costs. */
  readonly cost?: Argon2Cost;
  readonly wake?: Parts['wake'];
}

const longestTimer: Duration = 2 ** 31 - 1;

const wakeBy =
  (clock: () => Instant): Parts['wake'] =>
  (at, call) => {
    const timer = setTimeout(call, Math.min(longestTimer, Math.max(0, at - clock())));
    return () => clearTimeout(timer);
  };

/**
 * All parts on one SQLite file.
 *
 * @throws when a stored key opens with none of the secrets: better not to start than to lose people's work.
 */
export async function embeddedParts(options: EmbeddedOptions): Promise<Parts> {
  const { database, policy, secret, previousSecrets = [], clock, write } = options;
  const keys = await createKeys(secret, previousSecrets, options.algorithm);
  const names = pseudonyms(secret);
  const vault = sqliteVault(database, { secret, previousSecrets });
  await vault.openAll();
  return {
    policy,
    log: sqliteEventLog(database),
    accounts: embeddedAccounts(sqliteUsers(database), passwords(options.cost ?? standardCost), clock),
    throttle: sqliteThrottle(database, { clock, pseudonyms: names }),
    securityLog: sqliteSecurityLog(database, names),
    vault,
    drafts: sqliteDraftStore(database),
    tokens: createTokens(keys),
    keys,
    clock,
    newId: () => randomBytes(18).toString('base64url'),
    wake: options.wake ?? wakeBy(clock),
    write,
    origin: options.origin ?? null,
    trustedProxies: options.trustedProxies ?? [],
  };
}
