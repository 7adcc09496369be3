import type { Instant } from '../../../machines/index.ts';
import { decodeForm, encodeForm } from '../forms/formCodec.ts';
import { createForms } from '../forms/forms.ts';
import type { FormsPorts, FormStorage, FormStore, LoadedForm } from '../forms/forms.types.ts';
import { filesIn } from '../forms/value.ts';
import { draftPrefix, formPrefix } from './prefixes.ts';
import type { Records, StoredRecord } from './records.ts';
import { savedFiles } from './savedFiles.ts';
import { createTurns } from './turns.ts';
import type { Envelope, Vault } from './vault.ts';

/** What forms are kept with. */
export interface SavedFormsPorts {
  readonly vault: Vault;
  readonly records: Records;
  /** The name under which a form is kept. */
  readonly nameOf: (key: string) => Promise<string>;
  /** Until when what is saved now is kept. */
  readonly expiresAt: () => Instant;
  readonly now: () => Instant;
  /** How many drafts and forms were not whole, and are gone. */
  readonly broken: number;
}

/** A record of a form as this tab knows it. */
interface KnownForm {
  readonly revision: number;
  /** What this tab has written, or read. */
  readonly mine: Envelope;
  /** A copy that this tab cannot read, or has not: it stays beside. */
  readonly other: Envelope | null;
  readonly files: ReadonlySet<string>;
}

const filesOf = (forms: readonly LoadedForm[]): ReadonlySet<string> =>
  new Set(forms.flatMap(({ fields }) => fields.flatMap(({ value }) => filesIn(value).map(({ id }) => id))));
const isSameEnvelope = (one: Envelope, two: Envelope) => one.iv.join() === two.iv.join();

/** Opens one copy of a form. @returns `null` when there is none, or none that can be read */
async function open(vault: Vault, name: string, envelope: Envelope | null): Promise<LoadedForm | null> {
  try {
    const text = envelope && (await vault.unseal(name, envelope));
    return envelope && text !== null ? decodeForm(text, envelope.savedAt) : null;
  } catch {
    // Half of an envelope.
    return null;
  }
}

/** Whether something is there and is no record: it is not whole. What is not there any more, another tab has deleted. */
const isBroken = async (records: Records, name: string): Promise<boolean> => (await records.names()).includes(name);

/** @returns how many drafts are on this device alone, and cannot be read: those of a newer version, or changed ones. */
async function unreadableDrafts({ vault, records }: Pick<SavedFormsPorts, 'vault' | 'records'>): Promise<number> {
  const cannotOpen = async (name: string, envelope: Envelope | null) =>
    envelope !== null && (await vault.unseal(name, envelope)) === null;
  async function isUnreadable(name: string): Promise<boolean> {
    const record = await records.get(name);
    if (!record) return isBroken(records, name);
    const { envelope, other, synced } = record;
    return (!synced && (await cannotOpen(name, envelope))) || cannotOpen(name, other);
  }
  let count = 0;
  for (const name of (await records.names()).filter((each) => each.startsWith(draftPrefix)))
    if (await isUnreadable(name)) count += 1;
  return count;
}

/** @returns the forms of one user on this device; nothing is read yet. */
export function savedForms({ vault, records, nameOf, expiresAt, now, broken }: SavedFormsPorts): FormStorage {
  const known = new Map<string, KnownForm>();
  const turns = createTurns();
  const times = () => ({ savedAt: now(), expiresAt: Math.max(expiresAt(), now()) });
  const files = savedFiles({ vault, records, times });

  /** Reads one form, and notes of it what cannot be read. */
  async function read(name: string, { envelope, other, revision }: StoredRecord): Promise<readonly LoadedForm[]> {
    const [mine, theirs] = await Promise.all([open(vault, name, envelope), open(vault, name, other)]);
    const found = [mine, theirs].filter((each) => each !== null);
    known.set(name, {
      revision,
      mine: envelope,
      other: mine === null ? envelope : theirs === null ? other : null,
      files: filesOf(found),
    });
    return found;
  }

  /** Writes a form, or with `null` deletes it; a copy of another tab stays beside it. @returns whether that worked */
  async function put(name: string, envelope: Envelope | null, kept: ReadonlySet<string>): Promise<boolean> {
    const { mine, ...before }: Partial<KnownForm> = known.get(name) ?? {};
    let { revision, other } = before;
    for (;;) {
      const next = envelope ?? other ?? null;
      const beside = envelope && (other ?? null);
      const record = next && {
        envelope: next,
        other: beside,
        revision: (revision ?? 0) + 1,
        base: null,
        synced: false,
      };
      const written = await records.put(name, record, revision ?? null);
      if (written.outcome === 'refused') return false;
      if (written.outcome === 'kept') {
        if (record) known.set(name, { revision: record.revision, mine: record.envelope, other: beside, files: kept });
        else known.delete(name);
        return true;
      }
      ({ revision } = written.record);
      const theirs = written.record.envelope;
      other = mine && isSameEnvelope(mine, theirs) ? written.record.other : theirs;
    }
  }

  return {
    async load(at) {
      const loaded: LoadedForm[] = [];
      let unreadable = broken + (await unreadableDrafts({ vault, records }));
      for (const name of (await records.names()).filter((each) => each.startsWith(formPrefix))) {
        const record = await records.get(name);
        const found = record ? await read(name, record).catch(() => []) : [];
        if (found.length === 0 && (record || (await isBroken(records, name)))) unreadable += 1;
        loaded.push(...found);
      }
      const used = filesOf(loaded);
      await files.delete(({ id, expiresAt: until }) => until <= at && !used.has(id));
      return { forms: loaded, unreadable };
    },
    async save(form) {
      const name = await nameOf(`${form.route}\n${form.form}`);
      return turns.take(name, async () => {
        if (form.fields.length === 0 && !known.has(name)) return true;
        const before = known.get(name)?.files ?? new Set();
        const after = filesOf([form]);
        const envelope = form.fields.length > 0 ? await vault.seal(name, encodeForm(form), times()) : null;
        if (envelope === null && form.fields.length > 0) return false;
        const isKept = await put(name, envelope, after);
        const gone = [...before].filter((id) => !after.has(id));
        if (isKept && gone.length > 0) await files.delete(({ id }) => gone.includes(id));
        return isKept;
      });
    },
    saveFile: files.save,
    readFile: files.read,
  };
}

/** @returns the forms of a tab, kept in the records of whoever is its owner. */
export function createSavedForms(ports: FormsPorts): FormStore<SavedFormsPorts> {
  const forms = createForms(ports);
  return { ...forms, restore: (saved) => forms.restore(savedForms(saved)) };
}
