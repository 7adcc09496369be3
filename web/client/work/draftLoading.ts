import type { DraftOwner } from './draft.types.ts';
import { show, type DraftContext, type DraftEntry } from './draftEntry.ts';
import { uploadLater } from './draftUpload.ts';
import type { Loaded } from './draftSync.types.ts';

/** Shows what was loaded, unless something was typed meanwhile: then a different copy is a conflict. */
function take(entry: DraftEntry, { mine, other, kept, synced }: Loaded): void {
  const value = mine?.value ?? entry.initial;
  const savedAt = mine?.savedAt ?? null;
  if (!entry.isDirty && entry.saving === null) {
    entry.loaded = value;
    // A copy that is neither here nor there is being saved: its status is set when that ends.
    const status = kept ? 'saved' : synced ? 'not-on-this-device' : entry.state.status;
    show(entry, { value, status, savedAt, conflict: other });
  } else if (mine && value !== entry.loaded && value !== entry.state.value) {
    entry.against = mine;
    show(entry, { conflict: mine });
  }
}

/**
 * Loads a draft from this device and then from the server, and shows it unless the user has changed meanwhile.
 *
 * @throws when the draft's name on the server cannot be derived; then nothing was loaded
 */
export async function load(context: DraftContext, entry: DraftEntry, owner: DraftOwner): Promise<void> {
  entry.isLoaded = true;
  const takeFor = (loaded: Loaded) => {
    if (context.owner?.draftSync === owner.draftSync) take(entry, loaded);
  };
  const found = await owner.draftSync.load(await owner.nameOf(entry.key), takeFor);
  takeFor(found);
  if (!found.synced) uploadLater(context, entry);
}
