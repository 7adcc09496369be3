import type { Context, MiddlewareHandler, Next } from 'hono';
import {
  isFreshlyAuthenticated,
  isLive,
  methodsOf,
  navigationsCount,
  proofOf,
  undeclaredCounts,
  viewOf,
  type Duration,
  type Instant,
  type SessionContext,
} from '../../machines/index.ts';
import type { Stored } from '../store/eventLog.ts';
import type { ActiveSession } from './activeSession.ts';
import { background, isDeclared, readActivity } from './activity.ts';
import { authenticate } from './authenticate.ts';
import type { BodyEnv } from './body.ts';
import type { HttpDependencies } from './dependencies.ts';
import { endSignalOf } from './endSignals.ts';
import { judgeSession, type AcceptOptions } from './judgeSession.ts';
import type { Credential } from './presented.ts';
import { problem } from './problem.ts';
import { scheduleUse, type Use } from './recordUse.ts';
import { matchedRoutes } from './route.ts';
import { statusOf } from './status.ts';

/** What the middleware sets for the routes behind it. */
export interface SessionEnv {
  Variables: { session: ActiveSession; who: Credential; stored: Stored; receivedAt: Instant } & BodyEnv['Variables'];
}

/** What the middleware sets where a session is optional. */
export interface OptionalSessionEnv {
  Variables: { session: ActiveSession | null };
}

/** Statuses of requests that were not understood: no person can be inferred from them, and nothing is written. */
const notUnderstood: ReadonlySet<number> = new Set([400, 405, 413, 422]);

/** Whether a route of the path and the method gave the answer: a 404 by what takes every method is no such route. */
const isRouted = (c: Context): boolean =>
  c.res.status !== 404 || (matchedRoutes(c)[c.req.routeIndex]?.method ?? 'ALL') !== 'ALL';

const isUnderstood = (c: Context): boolean => c.res.status < 500 && !notUnderstood.has(c.res.status) && isRouted(c);

const newer = (one: Stored, other: Stored): Stored =>
  one.state.context.version > other.state.context.version ? one : other;

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

/** How a route judges its requests. */
export interface RequireOptions extends AcceptOptions {
  /** Whether requests here can keep a session alive: the application's own routes. */
  readonly counts: boolean;
  /** Reads the name and the role of the user. Default `false`: on Curfew's own routes they are not known. */
  readonly persons?: boolean;
  /** Refuses, with `reauthentication_required`, a session whose proof is older, in ms. Default any. */
  readonly recent?: Duration;
}

/** A request whose session has been let in. */
export interface JudgedRequest {
  readonly who: Credential;
  readonly receivedAt: Instant;
  /** What follows from it for the session. */
  readonly use: Use;
  /** Judges it again. @returns the refusal to answer with, or `null`. */
  readonly judgeAgain: () => Promise<Response | null>;
  /** Whether it was refused when it was judged again. */
  readonly isRefused: () => boolean;
}

const nobody = { name: null, role: null };

/**
 * Judges the credential of a request and its session, and sets `session` and `stored`.
 *
 * @returns what has been let in, or the refusal to answer with.
 */
export async function judgeRequest(
  parts: HttpDependencies,
  c: Context<SessionEnv>,
  { counts, persons = false, recent, ...accept }: RequireOptions,
): Promise<JudgedRequest | Response> {
  const receivedAt = parts.clock();
  const authenticated = await authenticate(parts, c);
  if (authenticated instanceof Response) return authenticated;
  const who: Credential = authenticated;
  const { claims } = who;

  async function judge(known: string | Stored): Promise<Response | null> {
    const judged = await judgeSession(parts, c, who, accept, known);
    if (judged instanceof Response) return judged;
    const { id, state, at } = judged;
    if (recent !== undefined && !isFreshlyAuthenticated(state.context, at, recent))
      return problem(c, 'reauthentication_required', { headers: { 'Session-Status': statusOf(state, at) } });
    c.set('stored', judged);
    const person = persons ? await parts.personOf(claims.sub) : nobody;
    c.set('session', {
      id,
      user: claims.sub,
      ...person,
      view: viewOf(id, state, at),
      method: methodsOf(proofOf(state.context).method),
      get signal() {
        return endSignalOf(parts, id);
      },
      check: judgeAgain,
    });
    return null;
  }

  let isRefused = false;
  let hasTurned = () => false;
  async function judgeAgain(): Promise<Response | null> {
    // A body that was there at once left no time for anything to happen; one that was waited for did.
    const again = await judge(hasTurned() ? claims.sid : c.get('stored'));
    isRefused = again !== null;
    return again;
  }

  const refused = await judge(claims.sid);
  if (refused) return refused;
  hasTurned = watchEventLoop();
  const isListed = (origin: string) => parts.origins.includes(origin);
  const declarationIn = (context: SessionContext) =>
    counts
      ? readActivity(c, undeclaredCounts(context), { navigations: navigationsCount(context), isListed })
      : background;
  const use = scheduleUse(parts, () => c.get('stored'), {
    at: receivedAt,
    generation: claims.gen,
    isDeclared: isDeclared(c),
    declarationIn,
  });
  return { who, receivedAt, use, judgeAgain, isRefused: () => isRefused };
}

const passWithout = (c: Context, next: Next): Promise<void> => {
  c.set('session', null);
  return next();
};

/**
 * Lets only live sessions through, and lets the routes behind know whose. What a request says of the person takes
 * effect when the request came; it is written once the request has been understood, so that bad input leaves no trace
 * in the log, but never so late that a slow answer makes it void.
 */
export const requireSession =
  (
    parts: HttpDependencies,
    options: RequireOptions & { readonly optional?: boolean | undefined },
  ): MiddlewareHandler<SessionEnv> =>
  async (c, next) => {
    const request = await judgeRequest(parts, c, options);
    if (request instanceof Response) return options.optional ? passWithout(c, next) : request;
    const { who, receivedAt, use, judgeAgain, isRefused } = request;
    c.set('who', who);
    c.set('receivedAt', receivedAt);
    c.set('judgeAgain', judgeAgain);
    try {
      await next();
    } catch (error) {
      await use.withhold();
      throw error;
    }
    const isTaken = !isRefused() && isUnderstood(c) && isLive(c.get('stored').state.leaf);
    const recorded = isTaken ? await use.record() : await use.withhold();
    // The refusal says itself how the session stands.
    if (isRefused()) return undefined;
    // What tells of the session itself tells one version: that of before this use of its token was written down.
    const { state } = options.counts && recorded ? newer(recorded, c.get('stored')) : c.get('stored');
    c.header('Session-Status', statusOf(state, Math.max(parts.clock(), state.context.updatedAt)));
    return undefined;
  };
