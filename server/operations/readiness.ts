import { seconds, type Duration, type Instant } from '../../machines/index.ts';
import type { SessionDependencies } from '../session/dependencies.ts';

/** How long a verdict is good for, in ms: anybody may ask, and to find out takes a write. */
const good: Duration = seconds(1);

/**
 * Makes the question whether this node should get requests just now. Whoever asks meanwhile, or soon after, is told the
 * same.
 *
 * @returns why not, `null` when it should; rejects when the store cannot answer.
 */
export function readiness({
  log,
  whyNotReady,
  clock,
}: Pick<SessionDependencies, 'log' | 'clock'> & { readonly whyNotReady: () => Promise<string | null> }): () => Promise<
  string | null
> {
  let verdict: { readonly told: Promise<string | null>; since: Instant | null } | null = null;

  async function find(): Promise<string | null> {
    await log.due(0, 1);
    return whyNotReady();
  }

  return () => {
    // A clock that was put back makes no verdict last longer.
    if (verdict && (verdict.since === null || Math.abs(clock() - verdict.since) < good)) return verdict.told;
    const found: NonNullable<typeof verdict> = {
      told: find().finally(() => (found.since = clock())),
      since: null,
    };
    verdict = found;
    return found.told;
  };
}
