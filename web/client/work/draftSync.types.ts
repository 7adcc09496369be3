import type { Instant } from '../../../machines/index.ts';
import type { OnDemand } from '../device/onDemand.ts';
import type { DraftCopy } from './draft.types.ts';
import type * as draftUpdate from './draftUpdate.ts';
import type { Records } from './records.ts';
import type { ServerCopies } from './serverCopies.ts';
import type { Vault } from './vault.ts';

/** What a load found: this copy, and another one that differs and has not been decided about. */
export interface Loaded {
  readonly mine: DraftCopy | null;
  readonly other: DraftCopy | null;
  /** Whether the server has this copy. */
  readonly synced: boolean;
  /** Whether this device has it. */
  readonly kept: boolean;
}

/** What became of a save on this device. */
export interface Saved {
  readonly kept: boolean;
  readonly other: DraftCopy | null;
}

/** What became of a save on the server. */
export type Synced =
  { readonly outcome: 'synced' | 'failed' } | { readonly outcome: 'differs'; readonly other: DraftCopy };

/** What drafts are stored with. */
export interface DraftSyncPorts {
  readonly vault: Vault;
  readonly records: Records;
  readonly server: ServerCopies;
  /** What compares with the server's copies; where it cannot be loaded, it is as if the server could not be reached. */
  readonly later: OnDemand<Pick<typeof draftUpdate, 'reconcile' | 'update'>>;
  /** Until when what is saved now is kept. */
  readonly expiresAt: () => Instant;
}

/** What is saved of a draft. */
export interface Saving extends DraftCopy {
  /** The user chose this copy: the other one is deleted. */
  readonly isDecided?: boolean;
  /** Another copy that came to light, to be kept beside this one. */
  readonly against?: DraftCopy | null;
}

/** Both copies of each draft, here and on the server. When two differ, neither is deleted until the user decides. */
export interface DraftSync {
  /** @param early is told what this device has, before the server is asked. */
  readonly load: (name: string, early?: (here: Loaded) => void) => Promise<Loaded>;
  readonly save: (name: string, saving: Saving) => Promise<Saved>;
  readonly sync: (name: string) => Promise<Synced>;
  /** Deletes the draft here, and on the server once it can be reached; waits for this device only. */
  readonly delete: (name: string) => Promise<void>;
}
