import { storedFields } from './entries.ts';
import type { FormsContext } from './formsContext.ts';
import type { FormEntry, NotKept } from './forms.types.ts';
import { filesIn } from './value.ts';

/** Keeps the bytes of what was chosen. @returns which files could not be kept */
async function saveFiles({ storage, files }: FormsContext, entry: FormEntry, lost: Set<string>): Promise<NotKept[]> {
  const notKept: NotKept[] = [];
  for (const { value } of entry.fields.values())
    for (const { id, name } of filesIn(value)) {
      const file = files.get(id);
      const reason = (file && (await storage?.saveFile(id, file))) ?? null;
      if (reason === null) continue;
      lost.add(id);
      notKept.push({ name, reason });
    }
  return notKept;
}

/** Keeps a form as it was read last; with nothing in it, it is deleted. */
export async function saveForm(context: FormsContext, entry: FormEntry): Promise<void> {
  const { storage, clock } = context;
  if (storage === null || !entry.isDirty) return;
  entry.isDirty = false;
  const lost = new Set<string>();
  const notKept = await saveFiles(context, entry, lost);
  const fields = storedFields(entry, lost);
  const savedAt = clock.now();
  const isKept = await storage.save({ route: entry.route, form: entry.form, savedAt, fields });
  if (context.storage !== storage) return;
  if (!isKept) {
    // It is tried again with the next change; until then it is in memory alone.
    entry.isDirty = true;
    for (const { label } of fields) notKept.push({ name: label, reason: 'refused' });
  }
  entry.isKept = isKept;
  entry.savedAt = isKept && fields.length > 0 ? savedAt : null;
  entry.notKept = notKept;
  context.counted();
  context.tell();
}
