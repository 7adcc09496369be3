import type { Context } from 'hono';
import type { ActiveSession } from '../http/activeSession.ts';
import { isHonoContext, isWebRequest } from '../http/kindOfRequest.ts';
import { checkProtectOptions, type Optional, type ProtectOptions } from '../http/protectOptions.ts';
import { StoreUnavailable } from '../store/unavailable.ts';
import { systemClock } from '../systemClock.ts';
import type { Authenticate, Authenticated } from '../verbs/authenticate.ts';
import type { Answered, Carrier } from '../verbs/carrier.ts';
import { checkRevocation, type Revoke, type RevokedSessions } from '../verbs/revoke.ts';
import {
  namesUser,
  type FindSessions,
  type FoundSessions,
  type ListedSession,
  type ListSessions,
  type Sessions,
} from '../verbs/sessions.ts';
import { checkSignIn } from '../verbs/signIn.ts';
import type { Verbs } from '../verbs/verbs.ts';
import { objectOfNobody, objectOfSession, objectOfUser, type CurfewEnv } from './env.ts';
import { judge, withCheck, withoutBody } from './judging.ts';
import { revokeEverywhere } from './revokeEverywhere.ts';
import { objectFor, type RouteOptions } from './route.ts';

const isContext = (carrier: Carrier): carrier is Context => isHonoContext(carrier);

function requestOf(verb: string, carrier: Carrier): Request {
  if (isContext(carrier)) return carrier.req.raw;
  if (isWebRequest(carrier)) return carrier;
  throw new TypeError(`${verb}: the first argument must be Hono's context or a web Request`);
}

/** Asks an object. @returns rejects with the `TypeError` of an argument that is wrong, or else with `StoreUnavailable` */
async function ask<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (cause) {
    if (cause instanceof TypeError) throw cause;
    throw new StoreUnavailable('the object of the user cannot be reached', { cause });
  }
}

/** The same for what refuses by a value. The headers go to the context that was given. */
async function answered<Result>(carrier: Carrier, call: () => Promise<Answered<Result>>): Promise<Answered<Result>> {
  const answer = await call();
  if (isContext(carrier))
    for (const [name, value] of answer.headers)
      carrier.header(name, value, { append: name === 'set-cookie' || name === 'vary' });
  return answer;
}

async function revokeAll(env: CurfewEnv, { reason, except }: Revoke): Promise<RevokedSessions> {
  const spared = except === undefined ? {} : { except };
  return { ended: await revokeEverywhere(env, { at: systemClock(), by: 'application', reason, ...spared }) };
}

function sessionsOf(env: CurfewEnv): Sessions {
  function either(given: ListSessions): Promise<readonly ListedSession[]>;
  function either(given?: FindSessions): Promise<FoundSessions>;
  async function either(given: ListSessions | FindSessions = {}) {
    if (namesUser(given)) return ask(() => objectOfUser(env, given.user).listSessions(given));
    return ask(() => objectOfNobody(env).findSessions(given));
  }
  return either;
}

function revokeOf(env: CurfewEnv): Verbs['revoke'] {
  return async (target, given) => {
    checkRevocation(target, given);
    if (target === 'all') return revokeAll(env, given);
    if ('user' in target) return ask(() => objectOfUser(env, target.user).revoke(target, given));
    if ('reference' in target) return ask(() => objectOfNobody(env).revoke(target, given));
    const object = objectOfSession(env, target.session);
    return object ? ask(() => object.revoke(target, given)) : { ended: 0 };
  };
}

function authenticateOf(env: CurfewEnv, route: RouteOptions): Authenticate {
  function authenticate(carrier: Carrier, options: Optional): Promise<Answered<Authenticated<ActiveSession | null>>>;
  function authenticate(carrier: Carrier, options?: ProtectOptions): Promise<Answered<Authenticated>>;
  async function authenticate(
    carrier: Carrier,
    options: ProtectOptions = {},
  ): Promise<Answered<Authenticated<ActiveSession | null>>> {
    checkProtectOptions('authenticate', options);
    const { optional, recent } = options;
    const request = requestOf('authenticate', carrier);
    const asked = {
      counts: true,
      ...(optional !== undefined && { optional }),
      ...(recent !== undefined && { recent }),
    };
    return answered<Authenticated<ActiveSession | null>>(carrier, async () => {
      const judged = await judge(request, env, route, asked);
      const headers = new Headers(judged.headers.map(([name, value]) => [name, value]));
      if (!judged.ok) return { ...judged, headers };
      const { session } = judged;
      return { ok: true, session: session && withCheck(session, request, env, route), headers };
    });
  }
  return authenticate;
}

/**
 * The verbs of `createCurfew`, for the code of an application on Workers: each is done by the object of the user whom it
 * names, or whose credential the request carries.
 *
 * @param env what is bound: `c.env`, or `env` of `cloudflare:workers`
 * @example
 *   const { ended } = await curfewOf(c.env).revoke({ user: 'user-1' }, { reason: 'password reset by e-mail' });
 */
export function curfewOf(env: CurfewEnv, route: RouteOptions = {}): Verbs {
  const nobody = () => objectOfNobody(env);
  return {
    async signIn(carrier, given) {
      checkSignIn(given, systemClock());
      const request = withoutBody(requestOf('signIn', carrier));
      const user = typeof given.user === 'string' ? given.user : given.user.id;
      return answered(carrier, () => ask(() => objectOfUser(env, user).signIn(request, given)));
    },
    authenticate: authenticateOf(env, route),
    async session(carrier) {
      const request = requestOf('session', carrier);
      const judged = await judge(request, env, route, { counts: false });
      if (judged.ok) return judged.session && withCheck(judged.session, request, env, route);
      if (judged.code === 'unavailable') throw new StoreUnavailable('session: the store does not answer');
      return null;
    },
    async signOut(carrier, given) {
      const request = withoutBody(requestOf('signOut', carrier));
      return answered(carrier, () => ask(() => objectFor(request, env, route).signOut(request, given)));
    },
    revoke: revokeOf(env),
    erase: (given) => ask(() => objectOfUser(env, given.user).erase(given)),
    sessions: sessionsOf(env),
    applyPolicy: (given) => ask(() => objectOfUser(env, given.user).applyPolicy(given)),
    async backChannelLogout(carrier, { verify, user }) {
      const request = requestOf('backChannelLogout', carrier);
      return answered(carrier, () => ask(() => nobody().backChannelLogout(request, verify, user)));
    },
    async beginHandOver(carrier, given) {
      const request = withoutBody(requestOf('beginHandOver', carrier));
      return answered(carrier, () => ask(() => nobody().beginHandOver(request, given)));
    },
    async handOver(carrier, given) {
      const request = requestOf('handOver', carrier);
      return answered(carrier, () => ask(() => nobody().handOver(request, given)));
    },
    async takeOver(carrier) {
      const request = withoutBody(requestOf('takeOver', carrier));
      return answered(carrier, () => ask(() => nobody().takeOver(request)));
    },
  };
}
