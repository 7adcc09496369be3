import type { MiddlewareHandler } from 'hono';
import type { Duration } from '../../machines/index.ts';
import type { ActiveSession } from '../http/activeSession.ts';
import { checkProtectOptions } from '../http/protectOptions.ts';
import type { CurfewEnv } from './env.ts';
import { judge, withCheck } from './judging.ts';
import { isOwn, routeToUser, type RouteOptions } from './route.ts';
import type { CurfewUser } from './user.ts';

/** The environment of an application on Workers, for Hono: `WorkersSessionEnv<User>` where the objects are of a class of its own. */
export interface WorkersSessionEnv<User extends CurfewUser = CurfewUser> {
  Bindings: CurfewEnv<User>;
  Variables: { session: ActiveSession };
}

/** The same behind `protect({ optional: true })`. */
export interface OptionalWorkersSessionEnv<User extends CurfewUser = CurfewUser> {
  Bindings: CurfewEnv<User>;
  Variables: { session: ActiveSession | null };
}

/** How an application's routes are protected. */
export interface WorkersProtectOptions extends RouteOptions {
  /** Lets everybody through: `session` is `null` where none is live. Default `false`. */
  readonly optional?: boolean;
  /** Refuses a session whose proof is older, in ms, with `reauthentication_required`. Default any. */
  readonly recent?: Duration;
}

/**
 * Makes the middleware that lets only live sessions through to the routes behind it, and sets `c.var.session` and the
 * `Session-Status` header. The object of the user judges each request. What is for Curfew's routes is answered by it.
 *
 * @throws TypeError with one line that names the option that cannot be
 */
export function protect(
  options: WorkersProtectOptions & { readonly optional: true },
): MiddlewareHandler<OptionalWorkersSessionEnv>;
export function protect(options?: WorkersProtectOptions): MiddlewareHandler<WorkersSessionEnv>;
export function protect({ optional, recent, ...route }: WorkersProtectOptions = {}):
  MiddlewareHandler<OptionalWorkersSessionEnv> | MiddlewareHandler<WorkersSessionEnv> {
  const asked = { ...(optional !== undefined && { optional }), ...(recent !== undefined && { recent }) };
  checkProtectOptions('protect', asked);
  const judged: MiddlewareHandler<OptionalWorkersSessionEnv> = async (c, next) => {
    const { env } = c;
    const { raw } = c.req;
    if (isOwn(raw, route)) return routeToUser(raw, env, route);
    const answer = await judge(raw, env, route, { counts: true, ...asked });
    if (!answer.ok) return answer.response;
    c.set('session', answer.session && withCheck(answer.session, raw, env, route));
    await next();
    for (const [name, value] of answer.headers) {
      const isLater = name.toLowerCase() === 'session-status' && c.res.headers.has(name);
      if (!isLater) c.header(name, value, { append: name.toLowerCase() === 'vary' });
    }
    return undefined;
  };
  return judged;
}
