import type { Instant, SessionView, User } from '../../../machines/index.ts';
import type { Timer } from '../device/timer.ts';
import type { Forms } from '../forms/forms.types.ts';
import type { DraftStore } from './draft.types.ts';
import type { Inventory } from './inventory.ts';
import type { ViewStateStore } from './viewState.ts';
import type { OpenRecords } from './records.ts';
import type { PersistedSession } from './persistedSession.ts';
import type { SessionFetch } from '../http/requests.types.ts';
import type { Admission } from '../http/wire.ts';

/** What preserved work is made of. */
export interface WorkPorts {
  readonly clock: { readonly now: () => Instant };
  readonly timer: Timer;
  readonly persistedSession: PersistedSession;
  readonly openRecords: OpenRecords;
  readonly root: Document | null;
  readonly fetch: SessionFetch;
  /** Beneath which Curfew's own routes are, as in `/api`. */
  readonly basePath: string;
  readonly newId: () => string;
}

/** Who has come in, and to which session. */
export interface SignedIn {
  readonly user: User;
  readonly view: SessionView;
}

/** The work of the user of this tab: drafts, view state and inventory, on this device and on the server. */
export interface Work {
  readonly drafts: DraftStore;
  readonly forms: Forms;
  readonly viewState: ViewStateStore;
  readonly inventory: Inventory;
  readonly isOpen: () => boolean;
  /**
   * To be called before a sign-in or a re-authentication is sent.
   *
   * @returns what takes the keys of its answer, and clears the work of another user. It does nothing once the work was
   *   cleared in the meantime.
   */
  readonly opening: () => (admission: Admission) => Promise<SignedIn>;
  /** Brings drafts and view state back. */
  readonly restore: () => Promise<void>;
  /** Saves everything that is not saved yet. */
  readonly flush: () => Promise<void>;
  /** Saves everything, on the server where this device cannot. @returns whether no text is in this page's memory alone */
  readonly keepAll: () => Promise<boolean>;
  /** The content is about to be hidden: saves everything, the view state as it is on the screen now. */
  readonly hide: () => Promise<void>;
  /** The content is shown again, unchanged. */
  readonly show: () => void;
  /** Saves everything, then takes the key out of memory. */
  readonly lock: () => Promise<void>;
  /** Takes texts and key out of memory, once they are not to be shown again at once. */
  readonly clearSaved: () => void;
  /** Who was here before a reload, and what was kept, for the locked screen; `null` when this tab does not know. */
  readonly recall: (session: string) => User | null;
  /** Takes everything of its owner out of memory; what is stored stays stored. */
  readonly clear: () => void;
  /** Deletes what this device keeps of the user whose session it is; a user who has signed in since keeps everything. */
  readonly delete: (session: string | undefined) => Promise<void>;
}
