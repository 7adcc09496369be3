import type { Synced } from './draftSync.types.ts';
import { encodeEnvelope } from './envelopeCodec.ts';
import { differing, type ReconcilePorts } from './reconcile.ts';
import type { ServerCopies } from './serverCopies.ts';
import type { Turns } from './turns.ts';

export { reconcile } from './reconcile.ts';

/** What drafts are brought to the server with. */
export interface SyncContext extends ReconcilePorts {
  readonly server: ServerCopies;
  /** One thing at a time for each draft; never waits for the network, so that a stalled server delays no save here. */
  readonly turns: Turns;
}

/**
 * Brings a draft to the server, unless there is a copy that the user has to decide about.
 *
 * @param isRetry the server has answered once that another copy is there; it is not asked a third time
 */
export async function update(context: SyncContext, name: string, isRetry = false): Promise<Synced> {
  const { local, copies, server, turns } = context;
  const { known } = local;
  const here = known.get(name);
  if (!here || here.synced) return { outcome: 'synced' };
  const undecided = await copies.open(name, here.other);
  if (undecided) return { outcome: 'differs', other: undecided };
  if (here.base === null && !isRetry) {
    const there = await server.get(name);
    if (there.outcome === 'failed') return { outcome: 'failed' };
    const other =
      there.outcome === 'found' && (await turns.take(name, () => differing(context, name, there.draft, there.version)));
    if (other) return { outcome: 'differs', other };
  }
  const { envelope, base } = known.get(name) ?? here;
  const { savedAt, expiresAt } = envelope;
  const answer = await server.put(name, { ciphertext: encodeEnvelope(envelope), savedAt, expiresAt }, base);
  if (answer.outcome === 'failed') return answer;
  if (answer.outcome === 'kept') {
    await turns.take(name, async () => {
      const now = known.get(name);
      if (now) await local.put(name, { ...now, base: answer.version, synced: now.envelope === envelope });
    });
    return { outcome: 'synced' };
  }
  const again = (): Promise<Synced> | Synced => (isRetry ? { outcome: 'failed' } : update(context, name, true));
  if (answer.draft === null) {
    known.set(name, { ...(known.get(name) ?? here), base: null });
    return again();
  }
  const { draft, version } = answer;
  const other = await turns.take(name, () => differing(context, name, draft, version));
  if (other) return { outcome: 'differs', other };
  return known.get(name)?.synced === false ? again() : { outcome: 'synced' };
}
