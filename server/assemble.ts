import { randomBytes } from 'node:crypto';
import { createPolicy, type Duration, type Instant, type Policy } from '../machines/index.ts';
import { embeddedAccounts } from './accounts/accounts.ts';
import type { AttemptStore } from './store/attempts.ts';
import { passwords, standardCost, type Argon2Cost } from './accounts/passwords.ts';
import { pseudonyms, type Pseudonyms } from './keys/pseudonyms.ts';
import type { SecurityLog } from './store/securityLog.ts';
import { rateLimitedLog } from './throttle/rateLimitedLog.ts';
import { createThrottle } from './throttle/throttle.ts';
import type { Users } from './store/users.ts';
import type { Vault } from './store/vault.ts';
import type { Secrets } from './keys/keyWrapping.ts';
import { createAttestations } from './keys/attestations.ts';
import type { CheckpointFolder } from './audit/checkpoints.ts';
import { defaultRetention } from './session/retention.ts';
import type { AuditReader } from './store/auditReader.ts';
import { createKeys, type TokenAlgorithm } from './keys/signingKeys.ts';
import { createTokens } from './keys/sessionTokens.ts';
import type { DraftStore } from './store/drafts.ts';
import type { LogLine } from './session/logLine.ts';
import type { EventLog } from './store/eventLog.ts';
import type { Dependencies } from './routes/dependencies.ts';

/** What the parts are made from, wherever they are kept. */
export interface CurfewOptions {
  /** Checked and clamped as `createPolicy` does. */
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
  /** How long ended sessions and their logs are kept, in ms. Default 90 days. */
  readonly retention?: Duration;
  /** A folder for signed checkpoints, better on another disk, and how often the sweeper makes one. Default none. */
  readonly checkpoints?: CheckpointFolder | null;
  readonly clock: () => Instant;
  readonly write: (line: LogLine) => void;
  /** What one guess of a password costs. */
  readonly cost?: Argon2Cost;
  readonly wake?: Dependencies['wake'];
}

/** Everything that is kept, in one kind of database. */
export interface Stores {
  readonly log: EventLog;
  readonly users: Users;
  readonly failures: AttemptStore;
  readonly securityLog: (names: Pseudonyms) => SecurityLog;
  readonly vault: (secrets: Secrets) => Vault;
  readonly drafts: DraftStore;
  readonly trail: AuditReader;
  /** What the application keeps of a user in the same database. */
  readonly eraseUserData?: NonNullable<Dependencies['eraseUserData']>;
  readonly whyNotReady: Dependencies['whyNotReady'];
}

const longestTimer: Duration = 2 ** 31 - 1;

const wakeBy =
  (clock: () => Instant): Dependencies['wake'] =>
  (at, call) => {
    const timer = setTimeout(call, Math.min(longestTimer, Math.max(0, at - clock())));
    return () => clearTimeout(timer);
  };

/** A preset that was spread by hand is checked like any other. @throws TypeError that names the field */
function checked(policy: Policy): Policy {
  const result = createPolicy(policy);
  if (result.ok) return result.policy;
  const faults = result.faults.map(
    ({ field, value, allowed }) => `policy.${field} is ${JSON.stringify(value)} and must be ${allowed}`,
  );
  throw new TypeError(faults.join('; '));
}

/**
 * Makes the parts from where they are kept.
 *
 * @throws TypeError when the policy is refused.
 * @throws when a stored key opens with none of the secrets: better not to start than to lose people's work.
 */
export async function assemble(stores: Stores, options: CurfewOptions): Promise<Dependencies> {
  const { secret, previousSecrets = [], clock, write } = options;
  const policy = checked(options.policy);
  const keys = await createKeys(secret, previousSecrets, options.algorithm);
  const names = pseudonyms(secret);
  const vault = stores.vault({ secret, previousSecrets });
  await vault.openAll();
  return {
    policy,
    log: stores.log,
    accounts: embeddedAccounts(stores.users, passwords(options.cost ?? standardCost), clock),
    throttle: createThrottle(stores.failures, { clock, pseudonyms: names }),
    securityLog: rateLimitedLog(stores.securityLog(names), names),
    vault,
    drafts: stores.drafts,
    ...(stores.eraseUserData && { eraseUserData: stores.eraseUserData }),
    tokens: createTokens(keys),
    keys,
    attestations: await createAttestations(secret, previousSecrets),
    retention: options.retention ?? defaultRetention,
    trail: stores.trail,
    checkpoints: options.checkpoints ?? null,
    clock,
    newId: () => randomBytes(18).toString('base64url'),
    wake: options.wake ?? wakeBy(clock),
    write,
    origin: options.origin ?? null,
    trustedProxies: options.trustedProxies ?? [],
    whyNotReady: stores.whyNotReady,
  };
}
