import type { DraftCopy, DraftState } from './draft.types.ts';
import { show, type DraftContext, type DraftEntry } from './draftEntry.ts';
import { upload, uploadLater } from './draftUpload.ts';

const saveAfter = 400;

async function save(context: DraftContext, entry: DraftEntry): Promise<void> {
  const { owner } = context;
  if (owner === null || !entry.isDirty) return;
  const { value } = entry.state;
  const { isDecided, against } = entry;
  entry.isDirty = false;
  entry.isDecided = false;
  entry.against = null;
  show(entry, { status: 'saving' });
  const name = await owner.nameOf(entry.key);
  if (value === '' && entry.initial === '' && !entry.state.conflict) {
    await owner.draftSync.delete(name);
    if (!entry.isDirty) show(entry, { status: 'saved', savedAt: null });
    context.kept(name, null);
  } else {
    const savedAt = context.clock.now();
    const { kept, other } = await owner.draftSync.save(name, { value, savedAt, isDecided, against });
    if (context.owner !== owner) return;
    show(entry, { savedAt, conflict: other, ...(kept && !entry.isDirty && { status: 'saved' }) });
    // A draft that only the server can keep goes there at once; nothing waits for it.
    if (!kept) void upload(context, entry);
    context.kept(name, savedAt);
  }
  uploadLater(context, entry);
}

/** Saves a draft now. One save at a time for each draft; what was typed meanwhile is saved by the next. */
export function saveNow(context: DraftContext, entry: DraftEntry): Promise<void> {
  entry.cancelSave?.();
  entry.cancelSave = null;
  const before = entry.saving ?? Promise.resolve();
  const saving = before
    .then(() => save(context, entry))
    .catch(() => show(entry, { status: 'failed' }))
    .finally(() => {
      if (entry.saving === saving) entry.saving = null;
    });
  entry.saving = saving;
  return saving;
}

/** Shows a change of the user's and saves it within 400 ms. */
export function change(context: DraftContext, entry: DraftEntry, changes: Partial<DraftState>): void {
  entry.isDirty = true;
  show(entry, { ...changes, status: 'unsaved' });
  entry.cancelSave ??= context.timer(() => void saveNow(context, entry), saveAfter);
}

/** Ends a conflict as the user chose. @param taking what changes in the draft; nothing when it is kept as it is */
export function decide(
  context: DraftContext,
  entry: DraftEntry,
  taking: (conflict: DraftCopy) => Partial<DraftState>,
): void {
  const { conflict } = entry.state;
  if (conflict === null) return;
  entry.isDecided = true;
  entry.against = null;
  change(context, entry, { ...taking(conflict), conflict: null });
}
