import { Hono, type Context } from 'hono';
import { answerFailure } from '../http/failure.ts';
import { forwardedRequest, type ForwardedRequest } from '../http/forwarded.ts';
import { letIn } from '../http/letIn.ts';
import { problem } from '../http/problem.ts';
import { recordRefusals } from '../http/recordRefusals.ts';
import type { RouteEnv } from '../http/requireSession.ts';
import type { Dependencies } from './dependencies.ts';

const noMethod =
  'forward authentication was asked about what may be a write, without its method: have the proxy send X-Forwarded-Method or X-Original-Method';

/** Texts that a header cannot hold are percent-encoded. */
const identityOf = (named: Readonly<Record<string, string | null>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(named).flatMap(([name, value]) => (value === null ? [] : [[name, encodeURIComponent(value)]])),
  );

/** Judges the request that a proxy asks about, as `protect` would. */
function judgeForwarded(parts: Dependencies, { path, request }: ForwardedRequest, env: unknown) {
  // What is Curfew's own there keeps no session alive here either.
  const counts = path === null || !path.startsWith(`${parts.basePath}/auth/`);
  return new Hono<RouteEnv>()
    .use(recordRefusals(parts, parts.addressOf))
    .all('*', async (c) => {
      const session = await letIn(parts, c, { counts, alarmed: true, persons: true, copies: true });
      // Proxies know 401 and 403 only.
      if (session instanceof Response)
        return session.status === 409 ? problem(c, 'session_mismatch', { status: 403 }) : session;
      const { user, id, name, role } = session;
      const identity = { 'Curfew-User': user, 'Curfew-Session': id, 'Curfew-Name': name, 'Curfew-Role': role };
      return c.body(null, 204, identityOf(identity));
    })
    .onError(answerFailure(parts))
    .fetch(request, env);
}

/**
 * Forward authentication: a proxy asks whether a request to something else may pass. It is judged as `protect` would,
 * cross-site rule included, and counts as it would. Only a trusted proxy is answered.
 *
 * @see ASVS 5.0 8.3.1
 */
export const verifyRoutes = (parts: Dependencies) => {
  let isSaid = false;

  function refuseWithoutMethod(c: Context): Response {
    if (!isSaid) parts.write({ msg: 'warning', level: 'warn', warning: noMethod });
    isSaid = true;
    return problem(c, 'forbidden');
  }

  return new Hono().get('/verify', async (c) => {
    if (!parts.isFromProxy(c)) return problem(c, 'forbidden');
    const forwarded = forwardedRequest(c);
    if (forwarded === 'no_method') return refuseWithoutMethod(c);
    if (forwarded === 'malformed') return problem(c, 'forbidden');
    return judgeForwarded(parts, forwarded, c.env);
  });
};
