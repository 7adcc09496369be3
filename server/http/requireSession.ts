import type { Context, MiddlewareHandler } from 'hono';
import {
  isLive,
  navigationsCount,
  standingOf,
  undeclaredCounts,
  viewOf,
  type Instant,
  type SessionContext,
  type SessionView,
} from '../../machines/index.ts';
import { command, type Commanded } from '../session/command.ts';
import type { Stored } from '../store/eventLog.ts';
import type { HttpDependencies } from './dependencies.ts';
import type { BodyEnv } from './body.ts';
import { background, isDeclared, readActivity } from './activity.ts';
import { problem } from './problem.ts';
import { scheduleUse } from './recordUse.ts';
import { matchedRoutes } from './route.ts';
import { refuseEnded, statusOf } from './status.ts';
import { authenticate } from './authenticate.ts';
import type { Credential } from './presented.ts';

/** What a route knows of the session of a request. */
export interface ActiveSession {
  readonly id: string;
  /** The user's id. */
  readonly user: string;
  readonly view: SessionView;
}

/** What the middleware sets for the routes behind it. */
export interface SessionEnv {
  Variables: { session: ActiveSession; who: Credential; stored: Stored; receivedAt: Instant } & BodyEnv['Variables'];
}

/** Statuses of requests that were not understood: no person can be inferred from them, and nothing is written. */
const notUnderstood: ReadonlySet<number> = new Set([400, 405, 413, 422]);

/** Whether a route of the path and the method gave the answer: a 404 by what takes every method is no such route. */
const isRouted = (c: Context): boolean =>
  c.res.status !== 404 || (matchedRoutes(c)[c.req.routeIndex]?.method ?? 'ALL') !== 'ALL';

const isUnderstood = (c: Context): boolean => c.res.status < 500 && !notUnderstood.has(c.res.status) && isRouted(c);

const newer = (one: Stored, other: Stored): Stored =>
  one.state.context.version > other.state.context.version ? one : other;

/** Which credentials a route accepts that are not quite valid any more. */
export interface AcceptOptions {
  /** Answers for a session that is over, too. */
  readonly dead?: boolean;
  /** Takes an expired token of a live session. */
  readonly expired?: boolean;
  /** Writes down when a dead session is used: ordinary routes only. */
  readonly alarmed?: boolean;
  /** Takes every generation that ever was, and judges it by itself. */
  readonly anyGeneration?: boolean;
}

/**
 * Judges a credential by its session's own state, in the fixed order: state, generation, `exp`. Somebody who comes with
 * a live token of a dead session is worth an entry, now and then.
 *
 * @param session its id, or the session as it was loaded before
 * @returns the settled session, or the refusal to answer with.
 * @see ASVS 5.0 7.4.1, RFC 8725
 */
async function judgeSession(
  parts: HttpDependencies,
  c: Context,
  { claims }: Credential,
  accept: AcceptOptions,
  session: string | Stored,
): Promise<Commanded<null> | Response> {
  const judged = await command(parts, session, ({ leaf, context }, at) => {
    const isAlarming = accept.alarmed && !isLive(leaf) && context.user === claims.sub && at < claims.exp * 1000;
    return { events: isAlarming ? [{ type: 'session.usedAfterEnd', at }] : [], answer: null };
  });
  if (judged?.state.context.user !== claims.sub) return problem(c, 'invalid_token');

  const { state, at } = judged;
  if (!isLive(state.leaf)) return accept.dead ? judged : refuseEnded(c, state, at);
  const standing = standingOf(state.context, claims.gen, at);
  const status = { 'Session-Status': statusOf(state, at) };
  if (standing === 'unknown') return problem(c, 'invalid_token');
  if (!accept.anyGeneration && (standing === 'superseded' || standing === 'stale'))
    return problem(c, 'token_superseded', { headers: status });
  if (!accept.expired && at >= claims.exp * 1000) return problem(c, 'token_expired', { headers: status });
  return judged;
}

/**
 * Watches for the event loop to turn. As long as it has not, nothing else has run in this process, and what was read of
 * a session just before is as good as what would be read now.
 *
 * @returns whether it has turned since.
 */
function watchEventLoop(): () => boolean {
  let hasTurned = false;
  setImmediate(() => (hasTurned = true));
  return () => hasTurned;
}

/**
 * Lets only live sessions through, and lets the routes behind know whose. What a request says of the person takes
 * effect when the request came; it is written once the request has been understood, so that bad input leaves no trace
 * in the log, but never so late that a slow answer makes it void.
 *
 * @param counts whether requests here can keep a session alive: the application's own routes
 */
export const requireSession =
  (
    parts: HttpDependencies,
    { counts, ...accept }: AcceptOptions & { readonly counts: boolean },
  ): MiddlewareHandler<SessionEnv> =>
  async (c, next) => {
    const receivedAt = parts.clock();
    const who = await authenticate(parts, c);
    if (who instanceof Response) return who;
    const judge = async (known: string | Stored): Promise<Response | null> => {
      const judged = await judgeSession(parts, c, who, accept, known);
      if (judged instanceof Response) return judged;
      c.set('stored', judged);
      c.set('session', { id: judged.id, user: who.claims.sub, view: viewOf(judged.id, judged.state, judged.at) });
      return null;
    };
    const refused = await judge(who.claims.sid);
    if (refused) return refused;
    c.set('who', who);
    c.set('receivedAt', receivedAt);
    const hasTurned = watchEventLoop();
    let isRefused = false;
    c.set('judgeAgain', async () => {
      // A body that was there at once left no time for anything to happen; one that was waited for did.
      const again = await judge(hasTurned() ? who.claims.sid : c.get('stored'));
      isRefused = again !== null;
      return again;
    });
    const isListed = (origin: string) => parts.origins.includes(origin);
    const declarationIn = (context: SessionContext) =>
      counts
        ? readActivity(c, undeclaredCounts(context), { navigations: navigationsCount(context), isListed })
        : background;
    const use = scheduleUse(parts, () => c.get('stored'), {
      at: receivedAt,
      generation: who.claims.gen,
      isDeclared: isDeclared(c),
      declarationIn,
    });
    try {
      await next();
    } catch (error) {
      await use.withhold();
      throw error;
    }
    const isTaken = !isRefused && isUnderstood(c) && isLive(c.get('stored').state.leaf);
    const recorded = isTaken ? await use.record() : await use.withhold();
    // The refusal says itself how the session stands.
    if (isRefused) return undefined;
    // What tells of the session itself tells one version: that of before this use of its token was written down.
    const { state } = counts && recorded ? newer(recorded, c.get('stored')) : c.get('stored');
    c.header('Session-Status', statusOf(state, Math.max(parts.clock(), state.context.updatedAt)));
    return undefined;
  };
