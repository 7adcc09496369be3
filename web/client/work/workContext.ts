import type { Instant, SessionView, User } from '../../../machines/index.ts';
import type { FormStore } from '../forms/forms.types.ts';
import type { DraftStore } from './draft.types.ts';
import type { DraftSync } from './draftSync.types.ts';
import type { Inventory } from './inventory.ts';
import type { Records } from './records.ts';
import type { SavedDrafts } from './savedDrafts.ts';
import type { SavedFormsPorts } from './savedForms.ts';
import { hashOf, type Vault } from './vault.ts';
import type { ViewStateStore } from './viewState.ts';
import type { WorkPorts } from './work.types.ts';

/** Whose work is open, and where it is kept. */
export interface WorkOwner {
  readonly user: User;
  readonly home: string;
  readonly tab: string;
  readonly records: Records;
  readonly saved: SavedDrafts;
  readonly draftSync: DraftSync;
  /** How many drafts and forms were there that were not whole, until that was said. */
  broken: number;
}

/** What all steps of preserved work share. */
export interface WorkContext extends WorkPorts {
  readonly vault: Vault;
  readonly inventory: Inventory;
  readonly viewState: ViewStateStore;
  readonly drafts: DraftStore;
  readonly forms: FormStore<SavedFormsPorts>;
  readonly names: RecordNames;
  /** `null` while no user's keys have come. */
  owner: WorkOwner | null;
  /** How often work was taken out of memory: what was asked for before a departure comes too late after it. */
  departures: number;
  view: SessionView | null;
  isRestored: boolean;
  isHidden: boolean;
  /** Cancels the next save of the view state. */
  cancelSave: (() => void) | null;
  stopFollowing: () => void;
}

/** The names of one user's records: hashes, each computed once. */
export interface RecordNames {
  readonly of: (user: User, prefix: string, key: string) => Promise<string>;
  readonly clear: () => void;
}

/** @returns names of which none is computed yet. */
export function recordNames(): RecordNames {
  const names = new Map<string, Promise<string>>();
  return {
    of(user, prefix, key) {
      const name = names.get(prefix + key) ?? hashOf(user.id, prefix + key).then((hash) => prefix + hash);
      names.set(prefix + key, name);
      return name;
    },
    clear: () => names.clear(),
  };
}

/** @returns until when what is saved now is kept. */
export const expiryOf = ({ view, clock }: Pick<WorkContext, 'view' | 'clock'>): Instant =>
  view ? view.absoluteDeadline + view.policy.restoreWindow : clock.now();

/** Counts what is kept, for the summary: the records of all tabs, and what only the server has. */
export async function count(context: WorkContext): Promise<void> {
  const { owner, drafts, forms, inventory } = context;
  if (owner === null) return;
  const filledIn = forms.saved();
  const all = [...(await owner.saved.list()), ...drafts.elsewhere()];
  if (context.owner !== owner) return;
  for (const [kind, saved] of [['draft', all] as const, ['form', filledIn] as const])
    inventory.keep({
      kind,
      label: kind,
      count: saved.length,
      ...(saved.length > 0 && { savedAt: Math.max(...saved) }),
    });
  context.persistedSession.setOwn({
    session: context.view?.id ?? '',
    tab: owner.tab,
    user: owner.user,
    kept: inventory.list(),
  });
}
