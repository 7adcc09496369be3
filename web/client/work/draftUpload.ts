import { seconds } from '../../../machines/index.ts';
import { show, type DraftContext, type DraftEntry } from './draftEntry.ts';

const uploadAfter = seconds(2);
const uploadAgainAfter = seconds(30);

/** Brings a draft to the server now, and tries again later where that fails. */
export async function upload(context: DraftContext, entry: DraftEntry): Promise<void> {
  const { owner } = context;
  if (owner === null) return;
  const name = await owner.nameOf(entry.key);
  const answer = await owner.draftSync.sync(name).catch(() => ({ outcome: 'failed' as const }));
  if (context.owner !== owner) return;
  if (answer.outcome === 'differs') show(entry, { conflict: answer.other });
  if (answer.outcome === 'failed') uploadLater(context, entry, uploadAgainAfter);
  if (entry.isDirty || entry.state.status === 'saved') return;
  show(entry, { status: answer.outcome === 'failed' ? 'failed' : 'not-on-this-device' });
}

/** Brings a draft to the server after a while, in ms (default 2 s); does nothing when that is to happen already. */
export function uploadLater(context: DraftContext, entry: DraftEntry, after = uploadAfter): void {
  entry.cancelSync ??= context.timer(() => {
    entry.cancelSync = null;
    void upload(context, entry);
  }, after);
}
