import { viewStatePrefix } from './prefixes.ts';
import { expiryOf, type WorkContext } from './workContext.ts';

const saveAfter = 500;

/** Saves the view state as it is now, unless the content is not on the screen. */
export async function saveViewState(context: WorkContext): Promise<void> {
  cancelSave(context);
  const { owner, clock, vault, viewState, names } = context;
  if (owner === null || !context.isRestored || context.isHidden) return;
  const captured = viewState.capture();
  const name = await names.of(owner.user, viewStatePrefix, owner.tab);
  const savedAt = clock.now();
  const expiresAt = Math.max(expiryOf(context), savedAt);
  const envelope = await vault.seal(name, captured, { savedAt, expiresAt });
  if (envelope === null) return;
  const there = await owner.records.get(name);
  const revision = (there?.revision ?? 0) + 1;
  const record = { envelope, other: null, revision, base: null, synced: false };
  await owner.records.put(name, record, there?.revision ?? null);
}

/** Cancels the next save. */
export function cancelSave(context: WorkContext): void {
  context.cancelSave?.();
  context.cancelSave = null;
}

/** Saves the view state 500 ms after it changed, until `stopFollowing`. */
export function followViewState(context: WorkContext): void {
  context.stopFollowing = context.viewState.follow(() => {
    if (!context.isRestored) return;
    context.cancelSave ??= context.timer(() => void saveViewState(context), saveAfter);
  });
}

/** @returns the view state this tab saved before, as text; `null` when there is none or it cannot be read. */
export async function loadViewState({ owner, names, vault }: WorkContext): Promise<string | null> {
  if (owner === null) return null;
  const name = await names.of(owner.user, viewStatePrefix, owner.tab);
  const record = await owner.records.get(name);
  return record && vault.unseal(name, record.envelope);
}
