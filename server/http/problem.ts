import type { Context, TypedResponse } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** Every code a client can meet, with the status that goes with it. The only file that knows statuses of refusals. */
export const statuses = {
  malformed_json: 400,
  invalid_logout_token: 400,
  invalid_hand_over: 400,
  unauthenticated: 401,
  invalid_token: 401,
  token_expired: 401,
  token_superseded: 401,
  session_lapsed: 401,
  session_ended: 401,
  invalid_credentials: 401,
  cross_site: 403,
  https_required: 403,
  forbidden: 403,
  lease_forbidden: 403,
  reauthentication_required: 403,
  stale_proof: 403,
  not_found: 404,
  method_not_allowed: 405,
  session_mismatch: 409,
  username_taken: 409,
  session_limit: 409,
  cannot_extend: 409,
  answer_first: 409,
  precondition_failed: 412,
  too_large: 413,
  invalid_input: 422,
  idempotency_key_reused: 422,
  too_many_attempts: 429,
  internal_error: 500,
  unavailable: 503,
} as const satisfies Record<string, ContentfulStatusCode>;

export type ProblemCode = keyof typeof statuses;

/** The status that goes with a code. */
export const statusOfProblem = (code: ProblemCode): RefusalStatus => statuses[code];

const titles: Record<ProblemCode, string> = {
  malformed_json: 'The body is not JSON.',
  invalid_logout_token: 'This is no logout token that holds.',
  invalid_hand_over: 'This sign-in was not begun in this browser, or is over.',
  unauthenticated: 'Nobody is signed in.',
  invalid_token: 'This is not a credential of ours.',
  token_expired: 'The token has expired; refresh it.',
  token_superseded: 'A newer token has taken the place of this one.',
  session_lapsed: 'The session has timed out and can be resumed.',
  session_ended: 'The session has ended.',
  invalid_credentials: 'User name or password is wrong.',
  cross_site: 'Requests from other sites are not taken.',
  https_required: 'This address needs https.',
  forbidden: 'This is not allowed.',
  lease_forbidden: 'The policy does not allow this declared activity.',
  reauthentication_required: 'This needs a recent proof of who you are.',
  stale_proof: 'The proof of who you are is too old for this.',
  not_found: 'There is nothing here.',
  method_not_allowed: 'This method does not work here.',
  session_mismatch: 'The credential belongs to another session than this page.',
  username_taken: 'This user name is taken.',
  session_limit: 'There are already as many sessions as are allowed.',
  cannot_extend: 'The session has reached its longest life and cannot be extended.',
  answer_first: 'Answer the warning first.',
  precondition_failed: 'There is another version of this.',
  too_large: 'This is too large.',
  invalid_input: 'Some fields are not as they should be.',
  idempotency_key_reused: 'This Idempotency-Key was used with another body.',
  too_many_attempts: 'Too many attempts; try again later.',
  internal_error: 'Something went wrong on our side.',
  unavailable: 'The service cannot do this at the moment.',
};

/** Every status of a refusal. */
export type RefusalStatus = (typeof statuses)[ProblemCode] | 410;

export interface ProblemExtra {
  /** In place of the code's own status. */
  readonly status?: RefusalStatus;
  readonly headers?: Readonly<Record<string, string>>;
  readonly [member: string]: unknown;
}

/** What every problem says; some say more. @see RFC 9457 */
export interface ProblemBody {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly code: ProblemCode;
}

/** An answer that refuses. */
export type Refusal = Response & TypedResponse<ProblemBody, RefusalStatus, 'json'>;

/**
 * Answers with a problem, which must not be cached, and notes its code. Every 401 names a challenge, as it must.
 *
 * @see RFC 9457, RFC 9110 §11.6.1
 */
export function problem(c: Context, code: ProblemCode, extra: ProblemExtra = {}): Refusal {
  const { status = statuses[code], headers = {}, ...members } = extra;
  c.set('problem', code);
  const challenge = status === 401 ? { 'WWW-Authenticate': `Bearer realm="curfew", error="${code}"` } : {};
  const body: ProblemBody = { type: 'about:blank', title: titles[code], status, code, ...members };
  return c.json(body, status, {
    'Content-Type': 'application/problem+json',
    'Cache-Control': 'no-store',
    ...challenge,
    ...headers,
  });
}
