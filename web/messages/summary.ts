import type { Instant } from '../../machines/index.ts';
import type { Preserved } from '../client/work/inventory.ts';
import { agoInWords, listInWords } from './words.ts';
import type { Messages } from './messages.types.ts';

const order = ['conversation', 'draft', 'settings'];
const rank = ({ kind }: Preserved): number =>
  order.includes(kind) ? order.indexOf(kind) : order.indexOf('settings') - 0.5;

/**
 * What was kept, as one sentence.
 *
 * @param now epoch ms, by the clock of the server
 * @returns `null` when there was nothing
 */
export function summaryInWords(kept: readonly Preserved[], now: Instant, messages: Messages): string | null {
  if (kept.length === 0) return null;
  const things = kept
    .toSorted((a, b) => rank(a) - rank(b))
    .map(({ count, kind, label, savedAt }) => {
      const what = messages.counted(count, kind, label);
      return savedAt === undefined ? what : `${what} (${agoInWords(now - savedAt, messages)})`;
    });
  return messages.saved(listInWords(things, messages));
}
