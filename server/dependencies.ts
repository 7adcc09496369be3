import type { Duration, Instant, Policy } from '../machines/index.ts';
import type { Accounts } from './accounts/accounts.ts';
import type { SecurityLog } from './store/securityLog.ts';
import type { Throttle } from './throttle/throttle.ts';
import type { Vault } from './store/vault.ts';
import type { Attestations } from './keys/attestations.ts';
import type { CheckpointFolder } from './audit/checkpoints.ts';
import type { AuditReader } from './store/auditReader.ts';
import type { TokenKeys } from './keys/signingKeys.ts';
import type { Tokens } from './keys/sessionTokens.ts';
import type { DraftStore } from './store/drafts.ts';
import type { TransactionalWrite, EventLog } from './store/eventLog.ts';
import type { LogLine } from './session/logLine.ts';

/** Everything the server is made of; what a function needs of it is its first argument. */
export interface Dependencies {
  readonly policy: Policy;
  readonly log: EventLog;
  readonly accounts: Accounts;
  readonly throttle: Throttle;
  readonly securityLog: SecurityLog;
  readonly vault: Vault;
  readonly drafts: DraftStore;
  /** What the application keeps of a user, ready to be deleted in the transaction that deletes the user. Default nothing. */
  readonly eraseUserData?: (user: string) => TransactionalWrite;
  readonly tokens: Tokens;
  readonly keys: TokenKeys;
  /** Signs what is stated about the log. */
  readonly attestations: Attestations;
  /** How long ended sessions and their logs are kept, in ms. */
  readonly retention: Duration;
  /** Everything that is kept, for whoever looks for damage. */
  readonly trail: AuditReader;
  /** Where the sweeper keeps signed checkpoints, `null` when it makes none. */
  readonly checkpoints: CheckpointFolder | null;
  /** The only clock there is. */
  readonly clock: () => Instant;
  /** A new unguessable id of at least 128 bits. @see ASVS 5.0 7.2.3 */
  readonly newId: () => string;
  /** Calls back once at an instant or a little later. @returns how to forget it. */
  readonly wake: (at: Instant, call: () => void) => () => void;
  /** Aborted when the server stops: what would stay open for ever closes then. Default never. */
  readonly stopping?: AbortSignal;
  /** Where log lines go. */
  readonly write: (line: LogLine) => void;
  /** The one origin browsers may come from; `null` takes the request's own. */
  readonly origin: string | null;
  /** Addresses and networks whose forwarded address is believed. */
  readonly trustedProxies: readonly string[];
  /** Says why this node should get no requests just now, `null` when it may; rejects where it cannot even write. */
  readonly whyNotReady: () => Promise<string | null>;
}
