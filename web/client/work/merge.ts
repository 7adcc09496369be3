import type { DraftCopy } from './draft.types.ts';

/** What is to be done with two copies of one draft. */
export interface Merged {
  /** The one to go on with. */
  readonly newer: DraftCopy;
  /** The one to be kept beside it until the user decides; `null` when all of it stands in the newer one, too. */
  readonly older: DraftCopy | null;
}

/** The newer copy wins, and nothing is lost that it does not contain; of two of the same age, the first is the newer. */
export function merge(one: DraftCopy, two: DraftCopy): Merged {
  const [newer, older] = two.savedAt > one.savedAt ? [two, one] : [one, two];
  return { newer, older: newer.value.includes(older.value) ? null : older };
}
