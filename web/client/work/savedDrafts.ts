import type { Instant } from '../../../machines/index.ts';
import type { Records } from './records.ts';

/** When each draft on this device was saved: what this tab has met once it does not read again. */
export interface SavedDrafts {
  /** This tab has saved a draft, or with `null` deleted it. */
  readonly note: (name: string, savedAt: Instant | null) => void;
  /** Reads everything anew when it is asked next: other tabs may have gone on with what is known here. */
  readonly clear: () => void;
  /** @returns the instant of each save; reads only the drafts that are not known yet. */
  readonly list: () => Promise<readonly Instant[]>;
}

/** @param prefix what the names of drafts begin with; other records are none of them. */
export function createSavedDrafts(records: Pick<Records, 'names' | 'list' | 'get'>, prefix: string): SavedDrafts {
  let known = new Map<string, Instant>();
  let reading: Promise<void> | null = null;

  const isDraft = (name: string) => name.startsWith(prefix);
  const meet = (here: Map<string, Instant>, name: string, savedAt: Instant) =>
    // What was saved here while it was being read is newer.
    here.set(name, Math.max(savedAt, here.get(name) ?? 0));

  async function readAll(here: Map<string, Instant>): Promise<void> {
    for (const { name, record } of await records.list()) if (isDraft(name)) meet(here, name, record.envelope.savedAt);
  }

  /** Takes out what is not there any more, and reads what another tab has begun. */
  async function readOthers(here: Map<string, Instant>): Promise<void> {
    const names = new Set((await records.names()).filter(isDraft));
    for (const name of here.keys()) if (!names.has(name)) here.delete(name);
    for (const name of names) {
      const record = here.has(name) ? null : await records.get(name);
      if (record) meet(here, name, record.envelope.savedAt);
    }
  }

  return {
    note(name, savedAt) {
      if (savedAt === null) known.delete(name);
      else known.set(name, savedAt);
    },
    clear() {
      known = new Map();
      reading = null;
    },
    async list() {
      const [here, isRead] = [known, reading !== null];
      reading ??= readAll(here);
      await reading;
      if (isRead) await readOthers(here);
      return [...here.values()];
    },
  };
}
