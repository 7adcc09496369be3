import type { Instant } from '../machines/index.ts';
import type { Kept } from './inventory.ts';
import { agoInWords, countInWords, listInWords } from './words.ts';

/** Kinds of which there is one or none are called by their name; of the others it matters how many there are. */
const isCounted = ({ kind }: Kept): boolean => kind !== 'settings';

const keptInWords = (kept: Kept, now: Instant): string => {
  const what = isCounted(kept) ? countInWords(kept.count, kept.label) : kept.label;
  return kept.savedAt === undefined ? what : `${what} (${agoInWords(now - kept.savedAt)})`;
};

const order = ['conversation', 'draft', 'settings'];
const rank = ({ kind }: Kept): number => (order.includes(kind) ? order.indexOf(kind) : order.indexOf('settings') - 0.5);

/** What was kept, as one sentence; `null` when there was nothing. */
export function summaryInWords(kept: readonly Kept[], now: Instant): string | null {
  if (kept.length === 0) return null;
  const things = kept.toSorted((a, b) => rank(a) - rank(b)).map((each) => keptInWords(each, now));
  return `Saved on this device: ${listInWords(things)}.`;
}
