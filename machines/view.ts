import { absoluteDeadline, idleDeadline, nearestLimit, restorableUntil } from './deadlines.ts';
import type { SessionState } from './driver.ts';
import { currentGeneration, tokenExpiresAt } from './generations.ts';
import { phaseOf, type Leaf, type SessionPhase } from './leaf.ts';
import type { Limit, Policy } from './policy.ts';
import type { Instant } from './time.ts';

/** Why a session is about to lapse, has lapsed or has ended, as the wire says it. */
export type Reason = Limit | 'signed_out' | 'revoked' | 'displaced' | 'compromised' | 'expired';

const reasons: ReadonlySet<unknown> = new Set<Reason>([
  'idle',
  'absolute',
  'signed_out',
  'revoked',
  'displaced',
  'compromised',
  'expired',
]);

/** Whether something says why a session is over. */
export const isReason = (value: unknown): value is Reason => reasons.has(value);

/** What the browser gets to see of a session: instants in epoch ms of the server's clock. */
export interface SessionView {
  readonly id: string;
  readonly state: SessionPhase;
  readonly leaf: Leaf;
  readonly reason?: Reason;
  readonly version: number;
  readonly serverNow: Instant;
  readonly startedAt: Instant;
  readonly authenticatedAt: Instant;
  readonly lastActivityAt: Instant;
  readonly warnAt: Instant;
  /** Not clamped to the absolute limit; the nearest deadline is the smaller of both. */
  readonly idleDeadline: Instant;
  readonly absoluteDeadline: Instant;
  /** Of the current generation. */
  readonly tokenExpiresAt: Instant;
  /** Only of a lapsed session. */
  readonly restorableUntil?: Instant;
  readonly canExtend: boolean;
  readonly policy: Policy;
}

/** @returns why the session is where it is, `null` while nothing is the matter. */
export function reasonOf({ leaf, context }: SessionState): Reason | null {
  switch (leaf) {
    case 'active.fresh':
      return null;
    case 'active.expiring':
      return nearestLimit(context);
    case 'lapsed.idle':
      return 'idle';
    case 'lapsed.absolute':
      return 'absolute';
    case 'ended.expired':
      return context.lapsedFor === null ? 'absolute' : 'expired';
    case 'ended.signedOut':
      return 'signed_out';
    case 'ended.revoked':
      return 'revoked';
    case 'ended.displaced':
      return 'displaced';
    case 'ended.compromised':
      return 'compromised';
  }
}

/** A view of a session that lets its user in. */
export type LiveView = SessionView & { readonly state: 'active' | 'expiring' };

/** Whether a session lets its user in, as the browser sees it. */
export const isLiveView = (view: SessionView | null): view is LiveView =>
  view?.state === 'active' || view?.state === 'expiring';

/** The nearest instant at which an active session would lapse. */
export const nearestDeadline = (view: Pick<SessionView, 'idleDeadline' | 'absoluteDeadline'>): Instant =>
  Math.min(view.idleDeadline, view.absoluteDeadline);

/** What the browser is told of a session. @param now the server's clock, so that the browser can tell its own is off. */
export function viewOf(id: string, state: SessionState, now: Instant): SessionView {
  const { leaf, context } = state;
  const { version, startedAt, authenticatedAt, lastActivityAt, policy } = context;
  const phase = phaseOf(leaf);
  const [idle, absolute] = [idleDeadline(context), absoluteDeadline(context)];
  const view: { -readonly [Field in keyof SessionView]: SessionView[Field] } = {
    id,
    state: phase,
    leaf,
    version,
    serverNow: now,
    startedAt,
    authenticatedAt,
    lastActivityAt,
    warnAt: Math.min(idle, absolute) - policy.warnBefore,
    idleDeadline: idle,
    absoluteDeadline: absolute,
    tokenExpiresAt: tokenExpiresAt(context, currentGeneration(context)),
    canExtend: phase !== 'ended' && phase !== 'lapsed' && absolute > idle,
    policy,
  };
  const reason = reasonOf(state);
  const until = phase === 'lapsed' ? restorableUntil(context) : null;
  if (reason) view.reason = reason;
  if (until !== null) view.restorableUntil = until;
  return view;
}
