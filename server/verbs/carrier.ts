import { Hono, type Context } from 'hono';
import { connectionOf } from '../http/connection.ts';
import { shareAnswer } from '../http/cors.ts';
import { answerFailure } from '../http/failure.ts';
import { statuses, statusOfProblem, type ProblemCode, type RefusalStatus } from '../http/problem.ts';
import { recordRefusals } from '../http/recordRefusals.ts';
import type { RouteEnv } from '../http/requireSession.ts';
import { isHonoContext, isWebRequest } from '../http/kindOfRequest.ts';
import { isUnavailable } from '../session/reportFailure.ts';
import type { Stored } from '../store/eventLog.ts';
import type { VerbDependencies } from './dependencies.ts';

/** What brings a request: the context of Hono, or a web `Request` where there is none. */
export type Carrier = Context | Request;

/** An expected no: nothing was changed. */
export interface Refused {
  /** Tells it from what was done. */
  readonly ok: false;
  /** Stable; the same codes as in the answers of the routes. */
  readonly code: ProblemCode;
  /** The HTTP status that goes with it. */
  readonly status: RefusalStatus;
  /** To be set on the answer; on a Hono context they are set already. */
  readonly headers: Headers;
  /** The answer as a route of Curfew gives it, headers and problem included: for where the application has none of its own. */
  readonly response: Response;
}

/** What a verb has come to. */
export type Answered<Result> =
  | (Result & {
      readonly ok: true;
      /** To be set on the answer, `Set-Cookie` among them; on a Hono context they are set already. */
      readonly headers: Headers;
    })
  | Refused;

/** What is known while a verb judges a request. */
export interface JudgedEnv {
  Variables: RouteEnv['Variables'] & { problem?: ProblemCode };
}

/** The request as a verb sees it. */
export type JudgedContext = Context<JudgedEnv, string>;

interface Outcome<Result> {
  done?: Result;
  thrown?: { readonly error: unknown };
  code?: ProblemCode | undefined;
  stored?: Stored | undefined;
}

/** Every status that a problem has. */
const known: readonly RefusalStatus[] = [...Object.values(statuses), 410];

const isContext = (carrier: Carrier): carrier is Context => isHonoContext(carrier);

const isCarrier = (given: unknown): given is Carrier => isHonoContext(given) || isWebRequest(given);

/** Those that describe the body of a problem are left out: the application answers with a body of its own. */
function headersOf(answer: Response): Headers {
  const headers = new Headers(answer.headers);
  headers.delete('Content-Type');
  headers.delete('Content-Length');
  return headers;
}

/** Has the middleware around the application's route know what was set and changed. */
function share(outer: Context<JudgedEnv>, headers: Headers, stored: Stored | undefined): void {
  for (const [name, value] of headers) outer.header(name, value, { append: name === 'set-cookie' || name === 'vary' });
  if (stored && outer.get('stored')?.id === stored.id) outer.set('stored', stored);
}

/**
 * Has a verb judge a request as a route would: what it refuses with a problem becomes a value, is recorded in the security
 * log as for a route, and the headers it sets go to the answer of the application.
 *
 * @returns what the work returns; `unavailable` when the store, or what tells the policy of a user, does not answer.
 * @throws what else the work throws, and `TypeError` when the carrier is none
 */
export async function judgeCarrier<Result extends object>(
  parts: VerbDependencies,
  verb: string,
  carrier: Carrier,
  work: (c: JudgedContext) => Promise<Result | Response>,
): Promise<Answered<Result>> {
  if (!isCarrier(carrier))
    throw new TypeError(
      `${verb}: the first argument must be Hono's context or a web Request; with Express give bridge.requestOf(req)`,
    );
  const outer: Context<JudgedEnv> | null = isContext(carrier) ? carrier : null;
  const outcome: Outcome<Result> = {};
  const judge = new Hono<JudgedEnv>()
    .use(async (c, next) => {
      await next();
      shareAnswer(parts, c);
    })
    .use(recordRefusals(parts, parts.addressOf))
    .all('*', async (c) => {
      const result = await work(c);
      outcome.code = c.get('problem');
      outcome.stored = c.get('stored');
      if (result instanceof Response) return result;
      outcome.done = result;
      return c.body(null, 204);
    })
    .onError((error, c) => {
      if (!isUnavailable(error)) outcome.thrown = { error };
      const answer = answerFailure(parts)(error, c);
      outcome.code = 'unavailable';
      delete outcome.done;
      return answer;
    });
  const answer = await judge.fetch(isContext(carrier) ? carrier.req.raw : carrier, outer?.env ?? connectionOf(carrier));
  if (outcome.thrown) throw outcome.thrown.error;
  const headers = headersOf(answer);
  if (outer) share(outer, headers, outcome.stored);
  if (outcome.done) return { ...outcome.done, ok: true, headers };
  const { code = 'internal_error' } = outcome;
  const status = known.find((each) => each === answer.status) ?? statusOfProblem(code);
  return { ok: false, code, status, headers, response: answer };
}
