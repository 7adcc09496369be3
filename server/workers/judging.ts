import type { Duration } from '../../machines/index.ts';
import type { ActiveSession } from '../http/activeSession.ts';
import type { ProblemCode, RefusalStatus } from '../http/problem.ts';
import type { CurfewEnv } from './env.ts';
import { objectFor, type RouteOptions } from './route.ts';
import { unavailable } from './unavailable.ts';

/** What is known of a session in another object than its own. */
export type PlainSession = Omit<ActiveSession, 'signal' | 'check'>;

/** How a request is judged. */
export interface JudgeOptions {
  /** Whether it can keep the session alive. */
  readonly counts: boolean;
  readonly optional?: boolean;
  readonly recent?: Duration;
}

/** What the object of a user says of a request. */
export type Judged =
  | {
      readonly ok: true;
      /** `null` with `optional`, where none is live. */
      readonly session: PlainSession | null;
      /** To be set on the answer. */
      readonly headers: readonly (readonly [name: string, value: string])[];
    }
  | {
      readonly ok: false;
      readonly code: ProblemCode;
      readonly status: RefusalStatus;
      readonly headers: readonly (readonly [name: string, value: string])[];
      readonly response: Response;
    };

/** What a route of the application knows of the session of a request. */
export type WorkersSession = PlainSession & Pick<ActiveSession, 'check'>;

/** The object needs no body to judge a request. */
export const withoutBody = ({ url, method, headers }: Request): Request => new Request(url, { method, headers });

/** Has the object of its user judge a request. */
export async function judge(
  request: Request,
  env: CurfewEnv,
  route: RouteOptions,
  options: JudgeOptions,
): Promise<Judged> {
  try {
    return await objectFor(request, env, route).judge(withoutBody(request), options);
  } catch (error) {
    return notJudged(error);
  }
}

/** What is said of a request that could not be judged. */
export function notJudged(error: unknown): Judged {
  const response = unavailable(error);
  return { ok: false, code: 'unavailable', status: 503, headers: [['Retry-After', '5']], response };
}

/** The session for the application's code, which can have the request judged again. */
export const withCheck = (
  session: PlainSession,
  request: Request,
  env: CurfewEnv,
  route: RouteOptions,
): WorkersSession => ({
  ...session,
  async check() {
    const again = await judge(request, env, route, { counts: false });
    return again.ok ? null : again.response;
  },
});
