import { methodsOf, phaseOf, proofOf, reasonOf } from '../../machines/index.ts';
import type { Stored } from '../store/eventLog.ts';

/** A session as it is listed. */
export function summaryOf({ id, state, device }: Stored, own: string) {
  const { startedAt, authenticatedAt, lastActivityAt, lapsedAt, lapsedFor, endedAt, version, policy } = state.context;
  const reason = reasonOf(state);
  const { method, provedAt, issuer } = proofOf(state.context);
  return {
    id,
    current: id === own,
    state: phaseOf(state.leaf),
    leaf: state.leaf,
    ...(reason && { reason }),
    version,
    device,
    startedAt,
    authenticatedAt,
    lastActivityAt,
    ...(lapsedAt !== null && { lapsedAt }),
    ...(lapsedFor !== null && { lapsedFor }),
    ...(endedAt !== null && { endedAt }),
    method: methodsOf(method),
    provedAt,
    ...(issuer !== undefined && { issuer }),
    policy,
  };
}
