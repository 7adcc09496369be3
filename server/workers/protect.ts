import type { MiddlewareHandler } from 'hono';
import type { Duration } from '../../machines/index.ts';
import type { ActiveSession } from '../http/activeSession.ts';
import type { CurfewEnv } from './env.ts';
import { unavailable } from './unavailable.ts';
import { isOwn, objectFor, routeToUser, type RouteOptions } from './route.ts';

/** What is known of a session in another object than its own. */
export type PlainSession = Omit<ActiveSession, 'signal' | 'check'>;

/** How a request is judged. */
export interface JudgeOptions {
  /** Whether it can keep the session alive. */
  readonly counts: boolean;
  readonly recent?: Duration;
}

/** What the object of a user says of a request. */
export type Judged =
  | {
      readonly ok: true;
      readonly session: PlainSession;
      /** To be set on the answer. */
      readonly headers: readonly (readonly [name: string, value: string])[];
    }
  | { readonly ok: false; readonly response: Response };

/** What a route of the application knows of the session of a request. */
export type WorkersSession = PlainSession & Pick<ActiveSession, 'check'>;

/** The environment of an application on Workers, for Hono. */
export interface WorkersSessionEnv {
  Bindings: CurfewEnv;
  Variables: { session: WorkersSession };
}

/** How an application's routes are protected. */
export interface WorkersProtectOptions extends RouteOptions {
  /** Refuses a session whose proof is older, in ms, with `reauthentication_required`. Default any. */
  readonly recent?: Duration;
}

/** The object needs no body to judge a request. */
const withoutBody = ({ url, method, headers }: Request): Request => new Request(url, { method, headers });

/**
 * Makes the middleware that lets only live sessions through to the routes behind it, and sets `c.var.session` and the
 * `Session-Status` header. The object of the user judges each request. What is for Curfew's routes is answered by it.
 */
export function protect({ recent, ...route }: WorkersProtectOptions = {}): MiddlewareHandler<WorkersSessionEnv> {
  async function judge(request: Request, env: CurfewEnv, counts: boolean): Promise<Judged> {
    try {
      const object = objectFor(request, env, route);
      return await object.judge(withoutBody(request), { counts, ...(recent !== undefined && { recent }) });
    } catch (error) {
      return { ok: false, response: unavailable(error) };
    }
  }

  return async (c, next) => {
    const { raw } = c.req;
    if (isOwn(raw, route)) return routeToUser(raw, c.env, route);
    const judged = await judge(raw, c.env, true);
    if (!judged.ok) return judged.response;
    c.set('session', {
      ...judged.session,
      async check() {
        const again = await judge(raw, c.env, false);
        return again.ok ? null : again.response;
      },
    });
    await next();
    for (const [name, value] of judged.headers) c.header(name, value, { append: name.toLowerCase() === 'vary' });
    return undefined;
  };
}
