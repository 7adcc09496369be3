import type { Duration, Instant } from '../../machines/index.ts';
import type { AttemptStore } from './attempts.ts';
import type { AuditReader } from './auditReader.ts';
import type { CopyRules } from './copies.ts';
import type { DraftStore } from './drafts.ts';
import type { Ends } from './ends.ts';
import type { EventLog, TransactionalWrite } from './eventLog.ts';
import type { Overview } from './overview.ts';
import type { People } from './people.ts';
import type { References } from './references.ts';
import type { Pseudonyms, SecurityLog } from './securityLog.ts';
import type { SingleUse } from './singleUse.ts';
import type { Users } from './users.ts';
import type { Secrets, Vault } from './vault.ts';

/** Everything that is kept, in one open database. */
export interface OpenStore {
  readonly log: EventLog;
  readonly overview: Overview;
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
  /** By what a process knows that what it has read of sessions and users is still so. Default: it keeps no copies. */
  readonly copies?: CopyRules;
  /** Whether what was read counts, asked when an answer leaves that rests on it. Default it does. */
  readonly belief?: Belief;
  /** Tells of each commit how many appends have shared it. Default nothing: the store does not group them. */
  readonly watchCommits?: (listener: (appends: number) => void) => void;
  /** Makes the write that deletes what the application keeps of a user in the same database. Default nothing. */
  readonly eraseUserData?: (user: string) => TransactionalWrite;
  /** Says why this process should get no requests just now, `null` when it may; rejects where it cannot even write. */
  readonly whyNotReady: () => Promise<string | null>;
  /** What an operator should know of a store that works, in one line each. Default nothing. */
  readonly warnings?: () => Promise<readonly string[]>;
  /** Stops listening and closes what `open` has opened: a database that was given open stays open. */
  readonly close: () => Promise<void>;
}

/** Whether a database is believed: one that was deposed without noticing goes on answering. */
export interface Belief {
  readonly holds: () => boolean;
  /** @returns rejects with `StoreUnavailable` when it is not believed any more */
  readonly renew: () => Promise<void>;
}

/** Where a database is. */
export type DatabasePlace =
  | { readonly kind: 'sqlite'; readonly path: string }
  /** With its password. */
  | { readonly kind: 'postgres'; readonly address: string };

/** What a store is opened with. */
export interface StoreSurroundings {
  readonly clock: () => Instant;
  /**
   * Begins to measure real time, in ms, by whichever clock is ahead: that of the machine, which can be set, or the one that
   * stands still while the machine sleeps. Default none; then a store that several processes share keeps no copies.
   */
  readonly stopwatch?: () => () => Duration;
  /** Takes what an operator should know, in one line. Default nobody is told. */
  readonly warn?: (warning: string) => void;
}

/** A database to keep everything in: what `sqlite(…)`, `postgres(…)` and `memory()` return. */
export interface StoreAdapter {
  /** Where it is, for the commands. Left out where there is nothing but memory. */
  readonly place?: DatabasePlace;
  /**
   * Opens the database and brings it to the present schema; called once, by `createCurfew`.
   *
   * @returns rejects with `UnusableDatabase` and one line that says what is wrong; then nothing was changed.
   */
  readonly open: (given: StoreSurroundings) => Promise<OpenStore>;
}
