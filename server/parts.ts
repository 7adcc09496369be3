import type { Duration, Instant, Policy } from '../machines/index.ts';
import type { Accounts } from './accounts/accounts.ts';
import type { SecurityLog } from './accounts/securityLog.ts';
import type { Throttle } from './accounts/throttle.ts';
import type { Vault } from './accounts/vault.ts';
import type { Attestations } from './audit/attestations.ts';
import type { CheckpointFolder } from './audit/checkpoints.ts';
import type { Trail } from './audit/trail.ts';
import type { TokenKeys } from './credential/keys.ts';
import type { Tokens } from './credential/token.ts';
import type { DraftStore } from './drafts/store.ts';
import type { Along, EventLog } from './log/eventLog.ts';
import type { Line } from './http/lines.ts';

/** Everything the server is made of; what a function needs of it is its first argument. */
export interface Parts {
  readonly policy: Policy;
  readonly log: EventLog;
  readonly accounts: Accounts;
  readonly throttle: Throttle;
  readonly securityLog: SecurityLog;
  readonly vault: Vault;
  readonly drafts: DraftStore;
  /** What the application keeps of a user, ready to be deleted in the transaction that deletes the user. Default nothing. */
  readonly erasing?: (user: string) => Along;
  readonly tokens: Tokens;
  readonly keys: TokenKeys;
  /** Signs what is stated about the log. */
  readonly attestations: Attestations;
  /** How long ended sessions and their logs are kept, in ms. */
  readonly retention: Duration;
  /** Everything that is kept, for whoever looks for damage. */
  readonly trail: Trail;
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
  readonly write: (line: Line) => void;
  /** The one origin browsers may come from; `null` takes the request's own. */
  readonly origin: string | null;
  /** Addresses and networks whose forwarded address is believed. */
  readonly trustedProxies: readonly string[];
  /** Says why this node should get no requests just now, `null` when it may; rejects where it cannot even write. */
  readonly whyNotReady: () => Promise<string | null>;
}
