import type { Context, MiddlewareHandler, Next } from 'hono';
import { isFreshlyAuthenticated } from '../../machines/index.ts';
import { loadCurrent } from '../session/command.ts';
import type { Stored } from '../store/eventLog.ts';
import { authenticateAtOnce } from './authenticate.ts';
import { answerPreflight, shareAnswer } from './cors.ts';
import { isHarmlessWith, refuseOtherSite } from './crossSite.ts';
import type { HttpDependencies } from './dependencies.ts';
import { guardedBy } from './guarded.ts';
import { JudgedSession } from './judgedSession.ts';
import type { Judgement, Received } from './judgement.ts';
import { isHonoContext } from './kindOfRequest.ts';
import type { Mount } from './mount.ts';
import { problem } from './problem.ts';
import { checkProtectOptions, type Optional, type ProtectOptions } from './protectOptions.ts';
import type { RefusalEnv } from './recordRefusals.ts';
import { nothingFollows } from './recordUse.ts';
import type { RequestsUnderWay } from './requestsUnderWay.ts';
import {
  answerJudged,
  judgeByCopies,
  judgeLate,
  requireSession,
  tellStatus,
  type JudgedRequest,
  type MiddlewareOptions,
  type OptionalSessionEnv,
  type RouteEnv,
  type SessionEnv,
} from './requireSession.ts';

const notHono = 'protect: this is a middleware of Hono; with Express use nodeBridge(curfew).protect()';

type JudgedEnv = RouteEnv & RefusalEnv;
type JudgedContext = Context<JudgedEnv, string>;

/** Makes the middleware that judges requests to the application's own routes. */
export interface Protect {
  (options: Optional): MiddlewareHandler<OptionalSessionEnv>;
  (options?: ProtectOptions): MiddlewareHandler<SessionEnv>;
}

/** Knows the requests that are Curfew's own, and has them answered. */
export interface OwnRequests {
  /** @param except middlewares that are no handlers of the application */
  readonly isOwn: (c: Context, except: readonly unknown[]) => boolean;
  readonly dispatch: (c: Context) => Promise<Response>;
  readonly mount: Mount;
}

/** @returns the refusal of a request whose session was let in, and whose proof is too old, or `null`. */
async function refuseOldProof(
  parts: HttpDependencies,
  c: JudgedContext,
  recent: ProtectOptions['recent'],
): Promise<Response | null> {
  const isRecent = ({ state }: Stored) =>
    recent === undefined || isFreshlyAuthenticated(state.context, parts.clock(), recent);
  const stored = c.get('stored');
  if (isRecent(stored)) return null;
  // It may have been a copy, which refuses nothing.
  const read = await loadCurrent(parts, stored.id);
  return read && isRecent(read) ? null : problem(c, 'reauthentication_required');
}

/**
 * Makes what judges a request and has the routes behind answer it. Most requests change nothing, and copies of their
 * sessions and users let them in: then nothing is waited for but the answer, for each promise costs every request its share.
 */
function judging(parts: HttpDependencies, underWay: RequestsUnderWay, options: MiddlewareOptions) {
  const { copies, clock } = parts;
  const guarded = guardedBy(parts, underWay);
  const fail = (c: JudgedContext, error: unknown): Promise<undefined> =>
    guarded(c, async () => {
      throw error;
    });

  const slowly = (c: JudgedContext, next: Next, known?: Received): Promise<undefined> =>
    guarded(c, async () => (await refuseOtherSite(parts, c)) ?? requireSession(parts, options, known)(c, next));

  async function finishLate(c: JudgedContext, judgement: Judgement): Promise<void> {
    await judgeLate(c, judgement);
    tellStatus(parts, c, judgement, true);
  }

  function finish(c: JudgedContext, { judgement }: JudgedRequest): undefined | Promise<undefined> {
    try {
      if (!judgement.mayLeave()) return guarded(c, () => finishLate(c, judgement));
      tellStatus(parts, c, judgement, true);
      if (c.get('problem') !== undefined) return guarded(c, async () => {});
      shareAnswer(parts, c);
    } catch (error) {
      return fail(c, error);
    }
    underWay.leave();
    return undefined;
  }

  function byCopies(c: JudgedContext, next: Next, received: Received, mark: number | null): Promise<undefined> {
    const request = judgeByCopies(parts, c, options, received, mark);
    if (!request) return slowly(c, next, received);
    if (request.use !== nothingFollows) return guarded(c, () => answerJudged(parts, c, next, request, options));
    return next().then(
      () => finish(c, request),
      (error: unknown) => fail(c, error),
    );
  }

  return (c: JudgedContext, next: Next): Promise<undefined> => {
    underWay.enter();
    try {
      const who = copies && authenticateAtOnce(parts, c);
      if (!who || !isHarmlessWith(parts, c, who)) return slowly(c, next);
      const received = { who, receivedAt: clock() };
      if (!copies.markOfTurn) return byCopies(c, next, received, copies.mark());
      return copies.markOfTurn().then(
        (mark) => byCopies(c, next, received, mark),
        (error: unknown) => fail(c, error),
      );
    } catch (error) {
      return fail(c, error);
    }
  };
}

/** Makes `protect`. @see Curfew.protect */
export function protectWith(parts: HttpDependencies, underWay: RequestsUnderWay, own: OwnRequests): Protect {
  const { countRequest } = parts;
  /** Requests that were let through without a session. */
  const without = new WeakSet<Context>();
  const made: MiddlewareHandler<JudgedEnv>[] = [];

  function protect(options: Optional): MiddlewareHandler<OptionalSessionEnv>;
  function protect(options?: ProtectOptions): MiddlewareHandler<SessionEnv>;
  function protect(options: ProtectOptions = {}): MiddlewareHandler {
    checkProtectOptions('protect', options, 'curfew.protect');
    const { optional, recent } = options;
    const judge = judging(parts, underWay, {
      counts: true,
      // Where nobody has to be signed in, a dead session is nothing out of the ordinary.
      alarmed: optional !== true,
      persons: true,
      copies: true,
      isApplications: true,
      optional,
      passedWithout: (c) => void without.add(c),
      ...(recent !== undefined && { recent }),
    });

    const first = (c: JudgedContext, next: Next): Promise<undefined> => {
      const early = own.mount.refusal(c) ?? answerPreflight(parts, c);
      if (!early) return judge(c, next);
      c.res = early;
      return Promise.resolve(undefined);
    };

    const middleware: MiddlewareHandler<JudgedEnv> = (c, next) => {
      if (!isHonoContext(c)) return Promise.reject(new TypeError(notHono));
      const session: unknown = c.get('session');
      const isPassed = session === null && without.has(c);
      // One that stands twice before a route need not judge again.
      if (JudgedSession.isOf(parts, session) || (isPassed && optional))
        return (async () => (isPassed ? null : await refuseOldProof(parts, c, recent)) ?? next())();
      if (own.isOwn(c, made)) return own.dispatch(c);
      if (isPassed) return judge(c, next);
      return countRequest ? countRequest(c, () => first(c, next)) : first(c, next);
    };
    made.push(middleware);
    return middleware;
  }
  return protect;
}
