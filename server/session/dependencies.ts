import type { Instant, Policy } from '../../machines/index.ts';
import type { DraftStore } from '../store/drafts.ts';
import type { EventLog } from '../store/eventLog.ts';
import type { Overview } from '../store/overview.ts';
import type { People } from '../store/people.ts';
import type { References } from '../store/references.ts';
import type { SingleUse } from '../store/singleUse.ts';
import type { Vault } from '../store/vault.ts';
import type { LogLine } from './logLine.ts';
import type { PolicyOf } from './policyOf.ts';

/** What deciding about sessions needs: the stores that a command writes to, the clock, ids and the log. */
export interface SessionDependencies {
  /** The limits that bind new sessions; `null` where they depend on the user. */
  readonly policy: Policy | null;
  /** The limits that bind the sessions of a user from now on. */
  readonly policyOf: PolicyOf;
  readonly log: EventLog;
  /** Looks over the sessions of all users. */
  readonly overview: Overview;
  readonly vault: Vault;
  readonly drafts: DraftStore;
  /** Which sessions belong to which sessions at identity providers. */
  readonly references: References;
  /** Codes, tickets and identifiers that count once. */
  readonly singleUse: SingleUse;
  /** What sign-ins have told of users, and which users were erased. */
  readonly people: People;
  /** The only clock there is. */
  readonly clock: () => Instant;
  /** A new unguessable id of at least 128 bits. @see ASVS 5.0 7.2.3 */
  readonly newId: () => string;
  /** Where log lines go. */
  readonly write: (line: LogLine) => void;
  /** Aborted when the server stops: what would stay open for ever closes then. Default never. */
  readonly stopping?: AbortSignal;
}
