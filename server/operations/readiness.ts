import { seconds, type Duration, type Instant } from '../../machines/index.ts';
import type { SessionDependencies } from '../session/dependencies.ts';

/** How long an answer is reused, in ms: any client may ask, and finding out takes a write. */
const good: Duration = seconds(1);

/**
 * Makes the check whether this node should get requests now. Calls during the check, or up to a second after it, share
 * its answer.
 *
 * @returns why not, `null` when it should; rejects when the store cannot answer.
 */
export function readiness({
  overview,
  whyNotReady,
  clock,
}: Pick<SessionDependencies, 'overview' | 'clock'> & {
  readonly whyNotReady: () => Promise<string | null>;
}): () => Promise<string | null> {
  let verdict: { readonly reason: Promise<string | null>; since: Instant | null } | null = null;

  async function find(): Promise<string | null> {
    await overview.due(0, 1);
    return whyNotReady();
  }

  return () => {
    // A clock that was put back makes no verdict last longer.
    if (verdict && (verdict.since === null || Math.abs(clock() - verdict.since) < good)) return verdict.reason;
    const found: NonNullable<typeof verdict> = {
      reason: find().finally(() => (found.since = clock())),
      since: null,
    };
    verdict = found;
    return found.reason;
  };
}
