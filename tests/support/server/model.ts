import { hours, minutes, seconds, type Instant, type Reason } from '../../../machines/index.ts';

/**
 * What a session has to be, said again without the machine: a few instants and the two limits. It knows nothing of
 * states, events or generations other than the last.
 */
export interface Expected {
  lastActivityAt: Instant;
  authenticatedAt: Instant;
  lapsedAt: Instant | null;
  over: Reason | null;
  /** The token before, when its successor was first used, and whether a re-authentication has made it void. */
  old: { readonly token: string; confirmedAt: Instant | null; readonly isVoid: boolean } | null;
}

export const limits = {
  idleTimeout: minutes(30),
  warnBefore: minutes(5),
  absoluteTimeout: minutes(70),
  tokenLifetime: minutes(70),
  restoreWindow: hours(24),
  activityResolution: minutes(1),
  rotationGrace: seconds(30),
} as const;

export type Phase = 'active' | 'expiring' | 'lapsed' | 'ended';

export const begins = (now: Instant): Expected => ({
  lastActivityAt: now,
  authenticatedAt: now,
  lapsedAt: null,
  over: null,
  old: null,
});

const idleEnd = ({ lastActivityAt }: Expected) => lastActivityAt + limits.idleTimeout;
const absoluteEnd = ({ authenticatedAt }: Expected) => authenticatedAt + limits.absoluteTimeout;
const limitOf = (session: Expected) => Math.min(idleEnd(session), absoluteEnd(session));

/** Lets the time that has passed have its way. */
export function phaseOf(session: Expected, now: Instant): Phase {
  if (session.over) return 'ended';
  if (session.lapsedAt === null && now >= limitOf(session)) session.lapsedAt = limitOf(session);
  if (session.lapsedAt === null) return now >= limitOf(session) - limits.warnBefore ? 'expiring' : 'active';
  if (now < session.lapsedAt + limits.restoreWindow) return 'lapsed';
  session.over = 'expired';
  return 'ended';
}

/** The next instant at which the time alone changes something. */
export function nextOf(session: Expected, now: Instant): Instant {
  switch (phaseOf(session, now)) {
    case 'active':
      return limitOf(session) - limits.warnBefore;
    case 'expiring':
      return limitOf(session);
    case 'lapsed':
      return (session.lapsedAt ?? now) + limits.restoreWindow;
    case 'ended':
      return now;
  }
}

export const isLive = (session: Expected, now: Instant): boolean =>
  ['active', 'expiring'].includes(phaseOf(session, now));

/** Whether its token is still good for an ordinary request: tokens end with a whole second, sessions need not. */
export const isFit = (session: Expected, now: Instant): boolean =>
  isLive(session, now) && now < Math.floor(absoluteEnd(session) / 1_000) * 1_000;

/** A request with the current token came: from now on the token before it is on its way out. */
export function uses(session: Expected, now: Instant): void {
  if (session.old) session.old.confirmedAt ??= now;
}

/** Somebody really did something. */
export function acts(session: Expected, now: Instant): void {
  const isNews = now - session.lastActivityAt >= limits.activityResolution;
  if (phaseOf(session, now) === 'active' && isNews) session.lastActivityAt = now;
}

/** The person answered: whether that gains anything. */
export function stays(session: Expected, now: Instant): boolean {
  if (phaseOf(session, now) === 'expiring' && absoluteEnd(session) <= idleEnd(session)) return false;
  session.lastActivityAt = now;
  return true;
}

/** Who is there was proved; every token from before is void, and of no consequence. */
export function proves(session: Expected, token: string, now: Instant): void {
  Object.assign(session, begins(now), { old: { token, confirmedAt: null, isVoid: true } });
}

/** What becomes of a refresh with the token before: its successor again, or the end of the session. */
export function replays(session: Expected, now: Instant): 'again' | 'refused' {
  const phase = phaseOf(session, now);
  const confirmedAt = session.old?.confirmedAt ?? null;
  const isStale = confirmedAt !== null && now >= confirmedAt + limits.rotationGrace;
  if (phase === 'ended' || session.old?.isVoid) return 'refused';
  if (isStale) session.over = 'compromised';
  return isStale || phase === 'lapsed' ? 'refused' : 'again';
}
