import { AsyncLocalStorage } from 'node:async_hooks';
import { Hono, type Context, type MiddlewareHandler } from 'hono';
import { answerFailure } from '../http/failure.ts';
import { presentedBy, type Presented } from '../http/presented.ts';
import { problem } from '../http/problem.ts';
import type { Dependencies } from '../routes/dependencies.ts';
import type { EventLog } from '../store/eventLog.ts';
import type { Answered } from '../verbs/carrier.ts';
import type { SignedIn, SignIn } from '../verbs/signIn.ts';
import type { Displacement, Displacements } from './displacements.ts';
import type { Enrolment } from './enrolment.ts';
import type { OverviewTeller } from './overview.ts';

/** The session whose credential a sign-in replaces, where it is another user's. */
type Jar = Pick<Displacement, 'session' | 'user'>;
const jars = new AsyncLocalStorage<Jar | null>();

/** What an admission, and every other change, is written with. */
export interface WrittenWith {
  readonly displacements: Displacements;
  readonly overview: OverviewTeller;
  readonly enrolment: Enrolment;
  /** Called after each append. */
  readonly written: () => void;
}

/** The admission of a sign-in notes in its own transaction whose session it displaces elsewhere. */
export const displacing =
  ({ displacements, overview, enrolment, written }: WrittenWith) =>
  (log: EventLog): EventLog => ({
    ...log,
    async append(changes, admission, writes = []) {
      // It stays as it was read: where an end of all sessions comes with it, it is read again.
      if (admission) await enrolment.enrol();
      const jar = admission ? jars.getStore() : null;
      const by = changes.find(({ expected }) => expected === 0)?.id;
      const also = jar && jar.user !== admission?.user && by !== undefined ? [displacements.write({ ...jar, by })] : [];
      const told = overview.write(changes.filter(({ entries }) => entries.length > 0).map(({ id }) => id));
      const appended = await log.append(changes, admission, [...writes, ...also, told]);
      written();
      return appended;
    },
    async purge(purges) {
      const users = new Map<string, string>();
      for (const { id } of purges) {
        const stored = await log.load(id);
        if (stored) users.set(id, stored.state.context.user);
      }
      const ids = await log.purge(purges);
      for (const id of ids) overview.purged(id, users.get(id) ?? '');
      return ids;
    },
  });

/** Whether a sign-in asks for a cookie; what cannot be read is refused further on. */
async function asksForCookie(request: Request): Promise<boolean> {
  const body: unknown = await request
    .clone()
    .json()
    .catch(() => null);
  return !(typeof body === 'object' && body !== null && 'transport' in body && body.transport === 'bearer');
}

/** What a sign-in by password replaces: a cookie. */
export const cookieOfBrowser = async (c: Context, { cookie }: Presented): Promise<Jar | null> =>
  cookie && (await asksForCookie(c.req.raw)) ? { session: cookie.sid, user: cookie.sub } : null;

/** Answers a sign-in once every session that it displaces has ended, in whichever object that is. */
export const answersWhenDone =
  (
    parts: Dependencies,
    displacements: Displacements,
    jarOf: (c: Context, presented: Presented) => Promise<Jar | null>,
  ): MiddlewareHandler =>
  async (c, next) => {
    const finish = async () => {
      if (!displacements.isPending()) return true;
      return displacements.finish().then(
        () => true,
        () => false,
      );
    };
    const unavailable = () => problem(c, 'unavailable', { headers: { 'Retry-After': '5' } });
    if (!(await finish())) return unavailable();
    await jars.run(await jarOf(c, await presentedBy(parts, c)), next);
    if (await finish()) return;
    // Neither the credential nor anything else of it leaves.
    c.res = undefined;
    c.res = unavailable();
  };

/** The verb, in the object of its user: another user's session that it displaces has ended when it returns. */
export function signInWith(
  parts: Dependencies,
  displacements: Displacements,
  signIn: (request: Request, given: SignIn) => Promise<Answered<SignedIn>>,
) {
  return async (request: Request, given: SignIn): Promise<Answered<SignedIn>> => {
    const outcome: { answered?: Answered<SignedIn>; thrown?: { readonly error: unknown } } = {};
    const gate = new Hono();
    gate.onError(answerFailure(parts));
    gate.use(
      answersWhenDone(parts, displacements, async (_, { cookie, credential }) => {
        if (given.session !== undefined) return null;
        const bearer = credential?.transport === 'bearer' ? credential.claims : null;
        const has = given.transport === 'bearer' ? bearer : cookie;
        return has && { session: has.sid, user: has.sub };
      }),
    );
    gate.all('*', async (c) => {
      try {
        outcome.answered = await signIn(c.req.raw, given);
      } catch (error) {
        outcome.thrown = { error };
      }
      return c.body(null, 204);
    });
    const response = await gate.fetch(request, {});
    if (outcome.thrown) throw outcome.thrown.error;
    if (response.status === 204 && outcome.answered) return outcome.answered;
    return { ok: false, code: 'unavailable', status: 503, headers: new Headers({ 'Retry-After': '5' }), response };
  };
}
