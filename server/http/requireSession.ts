import type { Context, MiddlewareHandler, Next } from 'hono';
import { isLive, navigationsCount, undeclaredCounts, type Instant } from '../../machines/index.ts';
import type { Stored } from '../store/eventLog.ts';
import type { ActiveSession } from './activeSession.ts';
import { background, isDeclared, readActivity } from './activity.ts';
import { setOnAnswer } from './answerHeader.ts';
import { authenticate, authenticateAtOnce, noteSigner } from './authenticate.ts';
import type { HttpDependencies } from './dependencies.ts';
import { Judgement, type Received, type RequireOptions } from './judgement.ts';
import type { Credential } from './presented.ts';
import { isUneventful, nothingFollows, scheduleUse, type Use } from './recordUse.ts';
import { matchedRoutes } from './route.ts';
import { statusOf } from './status.ts';

/** What the middleware sets for the routes behind it. */
export interface SessionEnv {
  Variables: { session: ActiveSession; stored: Stored };
}

/** What Curfew's own routes know, too. */
export interface RouteEnv {
  Variables: SessionEnv['Variables'] & { who: Credential; receivedAt: Instant };
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

/** What follows from a request for its session. */
function whatFollows(parts: HttpDependencies, c: Context<RouteEnv>, judgement: Judgement, counts: boolean): Use {
  const { who, receivedAt } = judgement;
  const generation = who.claims.gen;
  if (isUneventful(c, c.get('stored'), generation, counts, receivedAt)) return nothingFollows;
  const known = () => c.get('stored');
  const isListed = (origin: string) => parts.origins.includes(origin);
  return scheduleUse(parts, known, {
    at: receivedAt,
    generation,
    isDeclared: isDeclared(c),
    declarationIn: (context) =>
      counts
        ? readActivity(c, undeclaredCounts(context), { navigations: navigationsCount(context), isListed })
        : background,
  });
}

/** A request whose session has been let in, and what follows from it for the session. */
export interface JudgedRequest {
  readonly judgement: Judgement;
  readonly use: Use;
}

/**
 * Judges the credential of a request and its session, and sets `session` and `stored`.
 *
 * @param known what was presented, where that is known, and copies alone did not let it in
 * @returns what has been let in, or the refusal to answer with.
 */
export async function judgeRequest(
  parts: HttpDependencies,
  c: Context<RouteEnv>,
  options: RequireOptions,
  known?: Received,
): Promise<JudgedRequest | Response> {
  const receivedAt = known?.receivedAt ?? parts.clock();
  const who = known?.who ?? authenticateAtOnce(parts, c) ?? (await authenticate(parts, c));
  if (who instanceof Response) return who;
  noteSigner(c, who);
  const judgement = new Judgement(parts, c, options, { who, receivedAt });
  const isLetIn = (!known && judgement.byCopies()) || (await judgement.byCopy());
  if (options.copies && parts.copies) parts.countCopy?.(isLetIn);
  const refused = isLetIn ? null : await judgement.judge();
  return refused ?? { judgement, use: whatFollows(parts, c, judgement, options.counts) };
}

/**
 * Judges a request by copies alone, and sets `session` and `stored` if that lets it in.
 *
 * @param mark what the store has said of copies since the request came
 * @returns `null` where something is to be read.
 */
export function judgeByCopies(
  parts: HttpDependencies,
  c: Context<RouteEnv>,
  options: RequireOptions,
  received: Received,
  mark: number | null,
): JudgedRequest | null {
  const judgement = new Judgement(parts, c, options, received);
  if (!judgement.byCopies(mark)) return null;
  parts.countCopy?.(true);
  return { judgement, use: whatFollows(parts, c, judgement, options.counts) };
}

/** What is answered to one person is kept nowhere on the way. */
const noStore = { 'Cache-Control': 'no-store' };

async function passWithout(
  c: Context,
  next: Next,
  { isApplications, passedWithout }: MiddlewareOptions,
): Promise<void> {
  c.set('session', null);
  passedWithout?.(c);
  await next();
  if (isApplications) setOnAnswer(c, noStore);
}

/** Judges a request once more whose answer may not leave as it is, and answers with the refusal, if there is one. */
export async function judgeLate(c: Context<RouteEnv>, judgement: Judgement): Promise<void> {
  const refused = await judgement.late();
  if (refused) c.res = refused;
}

/** How a middleware judges its requests. */
export interface MiddlewareOptions extends RequireOptions {
  /** Lets everybody through. Default `false`. */
  readonly optional?: boolean | undefined;
  /** Is told of those that are let through without a session. */
  readonly passedWithout?: (c: Context) => void;
  /** Whether it stands before routes of the application, whose answers do not say themselves that they are not to be kept. */
  readonly isApplications?: boolean;
}

/** Says on the answer how the session stands, unless the answer is a refusal that says so itself. */
export function tellStatus(
  { clock }: Pick<HttpDependencies, 'clock'>,
  c: Context<RouteEnv>,
  { isRefused }: Judgement,
  isApplications: boolean,
  { state }: Stored = c.get('stored'),
): void {
  if (isRefused) {
    if (isApplications) setOnAnswer(c, noStore);
    return;
  }
  const status = statusOf(state, Math.max(clock(), state.context.updatedAt));
  setOnAnswer(
    c,
    isApplications ? { 'Session-Status': status, 'Cache-Control': 'no-store' } : { 'Session-Status': status },
  );
}

/**
 * Has a request answered that was let in. What it says of the person takes effect when the request came; it is written once
 * the request has been understood, so that bad input leaves no trace in the log, but never so late that a slow answer makes
 * it void.
 */
export async function answerJudged(
  parts: HttpDependencies,
  c: Context<RouteEnv>,
  next: Next,
  { judgement, use }: JudgedRequest,
  { isApplications = false, counts }: MiddlewareOptions,
): Promise<void> {
  let recorded: Stored | null = null;
  if (use === nothingFollows) {
    await next();
    if (!judgement.mayLeave()) await judgeLate(c, judgement);
  } else {
    try {
      await next();
    } catch (error) {
      await use.withhold();
      throw error;
    }
    if (!judgement.mayLeave()) await judgeLate(c, judgement);
    const isTaken = !judgement.isRefused && isUnderstood(c) && isLive(c.get('stored').state.leaf);
    recorded = isTaken ? await use.record() : await use.withhold();
  }
  // What tells of the session itself tells one version: that of before this use of its token was written down.
  const kept = c.get('stored');
  tellStatus(parts, c, judgement, isApplications, counts && recorded ? newer(recorded, kept) : kept);
}

/** Lets only live sessions through, and lets the routes behind know whose. */
export const requireSession =
  (parts: HttpDependencies, options: MiddlewareOptions, known?: Received): MiddlewareHandler<RouteEnv> =>
  async (c, next) => {
    const request = await judgeRequest(parts, c, options, known);
    if (request instanceof Response) return options.optional ? passWithout(c, next, options) : request;
    c.set('who', request.judgement.who);
    c.set('receivedAt', request.judgement.receivedAt);
    return answerJudged(parts, c, next, request, options);
  };
