import { nextStageAt, stageAt } from './tab.stages.ts';
import type { ServerAnswered, TabContext, TabProblem } from './tab.types.ts';
import { seconds, type Instant } from './time.ts';
import { isLiveView, isReason, type Reason } from './view.ts';

const retryEvery = seconds(5);

/** A tab that has not asked the server yet. */
export const unknown: TabContext = {
  user: null,
  view: null,
  stage: 'toast',
  now: 0,
  retryAt: null,
  problem: null,
  reason: null,
  isAnother: false,
  isRefreshing: false,
  refreshProblem: null,
};

/**
 * Whether a view is to be taken. A frozen tab thaws with old messages, and an answer may be late: what is older than what
 * is known is never taken, however it came.
 */
export function isNews({ view: known }: TabContext, { view, isAsked = false }: ServerAnswered): boolean {
  if (known?.id !== view.id) return isAsked;
  return isAsked ? view.version >= known.version : view.version > known.version;
}

/** What a tab knows after it took what the server told. */
export function withView(context: TabContext, { view, user }: ServerAnswered): Partial<TabContext> {
  const live = isLiveView(view);
  return {
    view,
    user: user ?? context.user,
    now: view.serverNow,
    stage: stageAt(view, view.serverNow) === 'dialog' ? 'dialog' : 'toast',
    reason: live ? null : (view.reason ?? null),
    ...(live && { retryAt: null, problem: null, isAnother: false }),
  };
}

/** What a tab knows after the clock moved on. */
export const withClock = ({ view, retryAt, stage }: TabContext, now: Instant): Partial<TabContext> => ({
  now,
  retryAt: retryAt !== null && retryAt <= now ? null : retryAt,
  stage: view && stageAt(view, now) === 'dialog' ? 'dialog' : stage,
});

/** What a tab knows after something did not work; it tries again by itself when the server says, or soon. */
export const withProblem = (problem: TabProblem): Partial<TabContext> => ({
  problem,
  now: problem.at,
  retryAt: problem.at + (problem.retryAfter ?? retryEvery),
});

/** The next instant this tab wants to be woken at. */
export function nextAlarm({ view, now, retryAt }: TabContext): Instant | null {
  const stage = view && isLiveView(view) ? nextStageAt(view, now) : (view?.restorableUntil ?? null);
  const instants = [stage, retryAt].filter((instant) => instant !== null && instant > now);
  return instants.length > 0 ? Math.min(...instants.map(Number)) : null;
}

/** Anything that was thrown, as a problem. */
export function problemOf(error: unknown, now: Instant): TabProblem {
  if (typeof error !== 'object' || error === null || !('code' in error)) return { code: 'network', at: now };
  const at = 'at' in error && typeof error.at === 'number' ? error.at : now;
  const detail = 'detail' in error && typeof error.detail === 'string' ? { detail: error.detail } : {};
  const retryAfter =
    'retryAfter' in error && typeof error.retryAfter === 'number' ? { retryAfter: error.retryAfter } : {};
  return { code: String(error.code), at, ...detail, ...retryAfter };
}

/** Why the session is over, as a refusal says it, told or thrown by an invoked actor; `null` when it does not. */
export function reasonIn(event: object): Reason | null {
  const refusal = 'error' in event ? event.error : event;
  if (typeof refusal !== 'object' || refusal === null || !('reason' in refusal)) return null;
  return isReason(refusal.reason) ? refusal.reason : null;
}

const overCodes = ['session_lapsed', 'session_ended'];
const lostCodes = ['unauthenticated', 'invalid_token', 'session_mismatch', 'token_superseded'];

/** Whether a refusal means that the session is over, and not just that this try failed. */
export const saysOver = (problem: TabProblem): boolean => overCodes.includes(problem.code);

/** Whether a refusal means that this tab's credential is not the one it knew. */
export const saysLost = (problem: TabProblem): boolean => lostCodes.includes(problem.code);
