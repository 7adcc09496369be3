import type { User } from '../../../machines/index.ts';
import type { Preserved } from './inventory.ts';
import { readStored, writeStored, type KeyValue } from '../http/tokens.ts';
import { isRecord, isUser } from '../http/wire.ts';

const sharedKey = 'curfew.session';
const ownKey = 'curfew.tab';

/** What this browser knows of its session between loads. */
export interface Shared {
  readonly session: string;
  /** Where the records of its user are, as a keyed hash: a locked tab can delete them without knowing whose they are. */
  readonly home: string;
  /** The user signed out, and the server does not know yet; with `forgetDevice` its copies go, too. */
  readonly leaving: { readonly forgetDevice: boolean } | null;
}

/** What this tab knows of its session between loads: no more than the locked screen shows. */
export interface Own {
  readonly session: string;
  /** Names this tab's view state among those of the same user. */
  readonly tab: string;
  /** For the sign-in form only. */
  readonly user: User;
  readonly kept: readonly Preserved[];
}

/** What survives a reload, in the browser's own storage; nothing of it signs a user in or decrypts anything. */
export interface PersistedSession {
  readonly shared: () => Shared | null;
  readonly setShared: (shared: Shared | null) => void;
  readonly own: () => Own | null;
  readonly setOwn: (own: Own | null) => void;
}

const isShared = (value: unknown): value is Shared =>
  isRecord(value) && typeof value['session'] === 'string' && typeof value['home'] === 'string';

const isKept = (value: unknown): value is Preserved =>
  isRecord(value) &&
  typeof value['kind'] === 'string' &&
  typeof value['label'] === 'string' &&
  typeof value['count'] === 'number';

const isOwn = (value: unknown): value is Own =>
  isRecord(value) &&
  typeof value['session'] === 'string' &&
  typeof value['tab'] === 'string' &&
  isUser(value['user']) &&
  Array.isArray(value['kept']) &&
  value['kept'].every(isKept);

/** Stores it in the storage of this browser (`local`) and of this tab (`session`). */
export function createPersistedSession({
  local,
  session,
}: {
  readonly local: KeyValue;
  readonly session: KeyValue;
}): PersistedSession {
  return {
    shared() {
      const value = readStored(local, sharedKey);
      return isShared(value) ? value : null;
    },
    setShared: (shared) => writeStored(local, sharedKey, shared),
    own() {
      const value = readStored(session, ownKey);
      return isOwn(value) ? value : null;
    },
    setOwn: (own) => writeStored(session, ownKey, own),
  };
}
