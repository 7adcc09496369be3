import type { ActiveSession } from '../http/activeSession.ts';
import { answerPreflight } from '../http/cors.ts';
import { letIn } from '../http/letIn.ts';
import { checkProtectOptions, type Optional, type ProtectOptions } from '../http/protectOptions.ts';
import type { RequireOptions } from '../http/judgement.ts';
import { StoreUnavailable } from '../store/unavailable.ts';
import { judgeCarrier, type Answered, type Carrier, type JudgedContext } from './carrier.ts';
import type { VerbDependencies } from './dependencies.ts';

/** A request whose session has been let in. */
export interface Authenticated<Session = ActiveSession> {
  readonly session: Session;
}

/** Judges a request without Hono, as `protect` does with it. */
export interface Authenticate {
  (carrier: Carrier, options: Optional): Promise<Answered<Authenticated<ActiveSession | null>>>;
  (carrier: Carrier, options?: ProtectOptions): Promise<Answered<Authenticated>>;
}

async function judge(
  parts: VerbDependencies,
  c: JudgedContext,
  options: RequireOptions,
): Promise<Authenticated | Response> {
  const session = await letIn(parts, c, options);
  return session instanceof Response ? session : { session };
}

/**
 * Judges requests as `protect` does, for frameworks that have another kind of context, and for sockets. They count as
 * those that `protect` lets through: an own route's requests keep a session alive.
 *
 * @returns a function that returns the session, `null` with `optional` where there is none that is live; or the refusal,
 * with the answer to give in `response`. The headers belong on the answer in any case. It throws a `TypeError` with one
 * line that names the option that cannot be.
 */
export function authenticateWith(parts: VerbDependencies): Authenticate {
  function authenticate(carrier: Carrier, options: Optional): Promise<Answered<Authenticated<ActiveSession | null>>>;
  function authenticate(carrier: Carrier, options?: ProtectOptions): Promise<Answered<Authenticated>>;
  async function authenticate(
    carrier: Carrier,
    options: ProtectOptions = {},
  ): Promise<Answered<Authenticated<ActiveSession | null>>> {
    checkProtectOptions('authenticate', options);
    const { optional = false, recent } = options;
    const wanted = {
      counts: true,
      alarmed: !optional,
      persons: true,
      copies: true,
      ...(recent !== undefined && { recent }),
    };
    return judgeCarrier<Authenticated<ActiveSession | null>>(parts, 'authenticate', carrier, async (c) => {
      const preflight = answerPreflight(parts, c);
      if (preflight) {
        // It carries no credential: what answers it is in `response`.
        c.set('problem', 'unauthenticated');
        return preflight;
      }
      const judged = await judge(parts, c, wanted);
      if (!(judged instanceof Response) || !optional || c.get('problem') === 'cross_site') return judged;
      return { session: null };
    });
  }
  return authenticate;
}

/**
 * Tells whose session a request belongs to. It never counts as activity, and refuses nothing.
 *
 * @returns the session, or `null` where there is none that is live, and for a request of another site.
 * @throws StoreUnavailable when the store does not answer
 */
export async function sessionOf(parts: VerbDependencies, carrier: Carrier): Promise<ActiveSession | null> {
  const answered = await judgeCarrier<Authenticated>(parts, 'session', carrier, (c) =>
    judge(parts, c, { counts: false, persons: true, copies: true }),
  );
  if (answered.ok) return answered.session;
  if (answered.code === 'unavailable') throw new StoreUnavailable('session: the store does not answer');
  return null;
}
