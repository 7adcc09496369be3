import {
  createPolicy,
  dialogBefore,
  presets,
  start,
  step,
  viewOf,
  type Duration,
  type Instant,
  type Leaf,
  type Policy,
  type Reason,
  type SessionView,
  type WarningStage,
} from '../../machines/index.ts';
import type { Phase } from '../client/tab/tab.types.ts';

/** What the session of a fake tab is made of. */
export interface FakeSession {
  readonly phase: Phase;
  readonly stage: WarningStage;
  readonly reason: Reason | null;
  readonly policy: Partial<Policy>;
  /** In ms, to the nearest deadline; `null` for what the phase has by itself. */
  readonly remaining: Duration | null;
  readonly now: Instant;
}

const without: readonly Phase[] = ['starting', 'unreachable', 'signedOut', 'signingIn'];

/** Whether a tab in this phase shows a user. */
export const hasUser = (phase: Phase): boolean => !without.includes(phase);

const ends: Readonly<Partial<Record<Reason, Leaf>>> = {
  signed_out: 'ended.signedOut',
  revoked: 'ended.revoked',
  displaced: 'ended.displaced',
  compromised: 'ended.compromised',
};

function policyOf(overrides: Partial<Policy>): Policy {
  const made = createPolicy(presets.standard, overrides);
  if (made.ok) return made.policy;
  const [fault] = made.faults;
  throw new TypeError(`policy.${fault?.field} must be ${fault?.allowed}, and is ${JSON.stringify(fault?.value)}`);
}

/** A view as the server would tell it. @returns `null` in the phases without one */
export function fakeView({ phase, stage, reason, remaining, now, ...given }: FakeSession): SessionView | null {
  if (!hasUser(phase)) return null;
  const policy = policyOf(given.policy);
  const began = (at: Instant) =>
    start({
      type: 'session.started',
      at,
      user: 'user-1',
      policy,
      remembered: false,
      method: 'pwd',
      device: 'device-1',
    });
  const seenAt = (begin: Instant) => {
    const { state } = step(began(begin).state, { type: 'clock.reached', at: now });
    return viewOf('session-1', state, now);
  };
  if (phase === 'ended') {
    const view = seenAt(now - policy.idleTimeout - policy.restoreWindow);
    return { ...view, reason: reason ?? 'expired', leaf: (reason && ends[reason]) ?? view.leaf };
  }
  if (phase !== 'active' && phase !== 'warning' && phase !== 'signingOut') {
    const view = seenAt(now - policy.idleTimeout);
    return reason === 'absolute' ? { ...view, reason, leaf: 'lapsed.absolute' } : view;
  }
  const fresh = seenAt(now);
  const before = stage === 'dialog' ? dialogBefore(fresh) : policy.warnBefore;
  const left = remaining ?? (phase === 'warning' ? before : policy.idleTimeout);
  const view = seenAt(now + left - policy.idleTimeout);
  return reason === 'absolute' ? { ...view, reason, canExtend: false, absoluteDeadline: view.idleDeadline } : view;
}
