import type { SessionContext } from './session.context.ts';
import type { SessionView } from './view.ts';

/**
 * The context that has exactly the deadlines of a view: with it the browser runs the same machine, and the first
 * `clock.reached` takes it to the leaf the server is in. What a view does not tell (leases, older generations) has no
 * part in a prediction.
 */
export function contextOf(view: SessionView | null): SessionContext {
  if (view === null) throw new Error('there is no session to predict');
  return {
    user: '',
    policy: view.policy,
    remembered: false,
    version: view.version,
    updatedAt: view.lastActivityAt,
    startedAt: view.startedAt,
    authenticatedAt: view.authenticatedAt,
    lastActivityAt: view.idleDeadline - view.policy.idleTimeout,
    leases: {},
    generations: [{ generation: 0, issuedAt: view.authenticatedAt, confirmedAt: view.authenticatedAt }],
    barrier: 0,
    warned: [],
    lapsedFor: null,
    lapsedAt: null,
    endedAt: null,
    usedAfterEnd: { count: 0, lastAt: null },
  };
}
