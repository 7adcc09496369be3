import type { Instant } from '../../machines/index.ts';
import type { AttemptStore } from './attempts.ts';
import type { AuditReader } from './auditReader.ts';
import type { DraftStore } from './drafts.ts';
import type { Ends } from './ends.ts';
import type { EventLog, TransactionalWrite } from './eventLog.ts';
import type { People } from './people.ts';
import type { References } from './references.ts';
import type { Pseudonyms, SecurityLog } from './securityLog.ts';
import type { SingleUse } from './singleUse.ts';
import type { Users } from './users.ts';
import type { Secrets, Vault } from './vault.ts';

/** Everything that is kept, in one open database. */
export interface OpenStore {
  readonly log: EventLog;
  readonly users: Users;
  readonly attempts: AttemptStore;
  readonly securityLog: (names: Pseudonyms) => SecurityLog;
  readonly vault: (secrets: Secrets) => Vault;
  readonly drafts: DraftStore;
  readonly auditReader: AuditReader;
  /** Which sessions belong to which sessions at identity providers. */
  readonly references: References;
  /** Codes, tickets and identifiers that count once. */
  readonly singleUse: SingleUse;
  /** What sign-ins have told of users, and which users were erased. */
  readonly people: People;
  /** The outbox of ends. */
  readonly ends: Ends;
  /** Makes the write that deletes what the application keeps of a user in the same database. Default nothing. */
  readonly eraseUserData?: (user: string) => TransactionalWrite;
  /** Says why this process should get no requests just now, `null` when it may; rejects where it cannot even write. */
  readonly whyNotReady: () => Promise<string | null>;
  /** Stops listening and closes what `open` has opened: a database that was given open stays open. */
  readonly close: () => Promise<void>;
}

/** Where a database is. */
export type DatabasePlace =
  | { readonly kind: 'sqlite'; readonly path: string }
  /** With its password. */
  | { readonly kind: 'postgres'; readonly address: string };

/** A database to keep everything in: what `sqlite(…)`, `postgres(…)` and `memory()` return. */
export interface StoreAdapter {
  /** Where it is, for the commands. Left out where there is nothing but memory. */
  readonly place?: DatabasePlace;
  /**
   * Opens the database and brings it to the present schema; called once, by `createCurfew`.
   *
   * @returns rejects with `UnusableDatabase` and one line that says what is wrong; then nothing was changed.
   */
  readonly open: (given: { readonly clock: () => Instant }) => Promise<OpenStore>;
}
