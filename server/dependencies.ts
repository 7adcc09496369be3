import type { Context } from 'hono';
import { seconds, type Duration, type Instant, type Policy } from '../machines/index.ts';
import type { Accounts } from './accounts/accounts.ts';
import type { AccountsOption } from './accounts/passwordAccounts.ts';
import { personReader } from './accounts/person.ts';
import { roleReader, type RoleOption } from './accounts/roles.ts';
import type { OpenStore } from './store/adapter.ts';
import type { CheckpointFolder } from './audit/checkpoints.ts';
import { addressReader, type AddressReader } from './http/address.ts';
import { sessionCookie } from './http/cookie.ts';
import { createAttestations } from './keys/attestations.ts';
import { pseudonyms } from './keys/pseudonyms.ts';
import { createSealing } from './keys/sealing.ts';
import { createTokens } from './keys/sessionTokens.ts';
import { createKeys, type TokenAlgorithm } from './keys/signingKeys.ts';
import type { Dependencies } from './routes/dependencies.ts';
import type { WaysOption } from './routes/ways.ts';
import type { ExportUserData } from './session/applicationData.ts';
import type { LogLine } from './session/logLine.ts';
import type { PolicyOf, RoleReader } from './session/policyOf.ts';
import type { OnEnd } from './session/tellEnds.ts';
import { sessionCopies } from './session/sessionCopies.ts';
import { countedAppends } from './session/turns.ts';
import { rateLimitedLog } from './throttle/rateLimitedLog.ts';
import { createThrottle } from './throttle/throttle.ts';

/** What dependencies are made from, checked and with every default in its place. */
export interface DependencyOptions {
  /** `null` where it depends on the user. */
  readonly policy: Policy | null;
  readonly policyOf: (roleOf: RoleReader) => PolicyOf;
  readonly secret: string;
  readonly previousSecrets: readonly string[];
  readonly algorithm: TokenAlgorithm;
  readonly accounts: AccountsOption;
  /** `null` takes the roles of the accounts. */
  readonly role: RoleOption | null;
  readonly ways: WaysOption | null;
  readonly origins: readonly string[];
  readonly basePath: string;
  readonly cookieName: string;
  readonly developmentCookie: boolean;
  readonly trustedProxies: readonly string[];
  /** Where the application knows the address of the client. */
  readonly address: (c: Context) => string | null;
  /** `null` where nobody is to be told of ends. */
  readonly onEnd: OnEnd | null;
  /** `null` where the application adds nothing. */
  readonly exportUserData: ExportUserData | null;
  readonly retention: Duration;
  readonly checkpoints: CheckpointFolder | null;
  /** How much memory copies of sessions and users take at most, in bytes; 0 keeps none. */
  readonly copyBytes: number;
  readonly clock: () => Instant;
  readonly newId: () => string;
  readonly write: (line: LogLine) => void;
  /** Default by the timers of this process. */
  readonly wake?: Dependencies['wake'];
}

/** Who waits looks again by itself: nothing is missed for long when the clock is put right. */
const longestTimer: Duration = seconds(30);

const wakeBy =
  (clock: () => Instant): Dependencies['wake'] =>
  (at, call) => {
    const timer = setTimeout(call, Math.min(longestTimer, Math.max(0, at - clock())));
    return () => clearTimeout(timer);
  };

const noAddress =
  'no address of the client is known here: failed sign-ins are counted per account only; give createCurfew `address`';

/** Reads addresses, and says once in the log where there are none. */
function readAddresses({ trustedProxies, address, write }: DependencyOptions): AddressReader {
  const { addressOf, isFromProxy } = addressReader(trustedProxies, address);
  let isSaid = false;
  return {
    isFromProxy,
    addressOf(c) {
      const found = addressOf(c);
      if (found === null && !isSaid) {
        isSaid = true;
        write({ msg: 'warning', level: 'warn', warning: noAddress });
      }
      return found;
    },
  };
}

/** Reads sessions and users, and keeps copies of them where the store says how long they are good. */
function readersOf(
  { log, people, copies: rules }: OpenStore,
  accounts: Accounts,
  { copyBytes, clock, role, accounts: { kind } }: DependencyOptions,
) {
  const roleOf = role && roleReader(accounts, people, role);
  const kept = rules && copyBytes > 0 ? { rules, bytes: copyBytes / 4 } : null;
  const { personOf, copyOfPerson } = personReader({ kind, accounts, people, roleOf, clock, copies: kept });
  if (!kept) return { log, personOf, copies: null };
  const sessions = sessionCopies(log, kept.rules, copyBytes - kept.bytes);
  return {
    log: sessions.log,
    personOf,
    copies: {
      mark: kept.rules.mark,
      markOfTurn: kept.rules.markOfTurn,
      holds: kept.rules.holds ?? (() => true),
      session: sessions.get,
      person: copyOfPerson,
    },
  };
}

/**
 * Makes everything the server needs from an open database and checked options.
 *
 * @returns rejects with `UnopenableVaultKey` when a stored key opens with none of the secrets: better not to start than
 * to lose people's work.
 */
export async function createDependencies(store: OpenStore, options: DependencyOptions): Promise<Dependencies> {
  const { secret, previousSecrets, clock } = options;
  const keys = await createKeys(secret, previousSecrets, options.algorithm);
  const names = pseudonyms(secret);
  const vault = store.vault({ secret, previousSecrets });
  await vault.openAll();
  const accounts = options.accounts.open({ users: store.users, clock });
  const { log, copies, personOf } = readersOf(store, accounts, options);
  const roleOf = roleReader(accounts, store.people, options.role);
  return {
    policy: options.policy,
    // What an earlier sign-in has told counts no more.
    policyOf: options.policyOf(roleReader(accounts, { get: async () => ({}) }, options.role)),
    log: countedAppends(log),
    overview: store.overview,
    copies,
    ...(store.belief && { belief: store.belief }),
    onEnd: options.onEnd,
    exportUserData: options.exportUserData,
    accounts,
    roleOf,
    personOf,
    throttle: createThrottle(store.attempts, { clock, pseudonyms: names }),
    securityLog: rateLimitedLog(store.securityLog(names), names),
    vault,
    drafts: store.drafts,
    references: store.references,
    singleUse: store.singleUse,
    people: store.people,
    ends: store.ends,
    ...(store.eraseUserData && { eraseUserData: store.eraseUserData }),
    tokens: createTokens(keys),
    keys,
    sealing: createSealing(secret, previousSecrets),
    attestations: await createAttestations(secret, previousSecrets),
    retention: options.retention,
    auditReader: store.auditReader,
    checkpoints: options.checkpoints,
    clock,
    newId: options.newId,
    wake: options.wake ?? wakeBy(clock),
    write: options.write,
    ways: options.ways,
    origins: options.origins,
    basePath: options.basePath,
    cookieName: options.cookieName,
    sessionCookie: sessionCookie(options.cookieName, options.developmentCookie),
    trustedProxies: options.trustedProxies,
    ...readAddresses(options),
    whyNotReady: store.whyNotReady,
    warnings: store.warnings ?? (async () => []),
  };
}
