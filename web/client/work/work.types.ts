import type { Instant, SessionView, User } from '../../../machines/index.ts';
import type { Timer } from '../device/timer.ts';
import type { DraftStore } from './draft.types.ts';
import type { Inventory } from './inventory.ts';
import type { ViewStateStore } from './viewState.ts';
import type { OpenRecords } from './records.ts';
import type { PersistedSession } from '../tab/persistedSession.ts';
import type { SessionFetch } from '../tab/tab.types.ts';
import type { Admission } from '../http/wire.ts';

/** What preserved work is made of. */
export interface WorkPorts {
  readonly clock: { readonly now: () => Instant };
  readonly timer: Timer;
  readonly remembered: PersistedSession;
  readonly openRecords: OpenRecords;
  readonly root: Document | null;
  readonly fetch: SessionFetch;
  readonly newId: () => string;
}

/** Who has come in, and to which session. */
export interface SignedIn {
  readonly user: User;
  readonly view: SessionView;
}

/** The work of whoever is at this tab: drafts, place and inventory, on this device and on the server. */
export interface Work {
  readonly drafts: DraftStore;
  readonly places: ViewStateStore;
  readonly inventory: Inventory;
  readonly isOpen: () => boolean;
  /**
   * To be called before somebody is asked to prove that they are here; what it answers takes the keys then, and forgets
   * whoever was here before. It does nothing any more once this tab was left in the meantime.
   */
  readonly opening: () => (admission: Admission) => Promise<SignedIn>;
  /** Brings drafts and place back. */
  readonly restore: () => Promise<void>;
  /** Saves everything that is not saved yet. */
  readonly flush: () => Promise<void>;
  /** The content is about to be hidden: saves everything, the place as it is on the screen now. */
  readonly hide: () => Promise<void>;
  /** The content is shown again, unchanged. */
  readonly show: () => void;
  /** Saves everything, then forgets the key. */
  readonly lock: () => Promise<void>;
  /** Takes texts and key out of memory, once they are not to be shown again at once. */
  readonly forget: () => void;
  /** Who was here before a reload, and what was kept, for the locked screen; `null` when this tab does not know. */
  readonly recall: (session: string) => User | null;
  /** Takes everything of its owner out of memory, for somebody else may come; what is kept stays kept. */
  readonly leave: () => void;
  /** Erases what is kept on this device of the person whose session it is; who has signed in since keeps what is theirs. */
  readonly erase: (session: string | undefined) => Promise<void>;
}
