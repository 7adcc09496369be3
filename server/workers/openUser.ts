import { AsyncLocalStorage } from 'node:async_hooks';
import { Hono, type MiddlewareHandler } from 'hono';
import { createDependencies } from '../dependencies.ts';
import { createHandlers } from '../handlers.ts';
import type { ActiveSession } from '../http/activeSession.ts';
import { answerFailure } from '../http/failure.ts';
import { presentedBy } from '../http/presented.ts';
import { problem } from '../http/problem.ts';
import { checkOptions, randomId } from '../options.ts';
import type { Dependencies } from '../routes/dependencies.ts';
import { command } from '../session/command.ts';
import type { EventLog } from '../store/eventLog.ts';
import type { Users } from '../store/users.ts';
import { sweepOnce } from '../sweepOnce.ts';
import { createVerbs } from '../verbs/verbs.ts';
import { alarmOf } from './alarm.ts';
import { displacementsOf, type Displacement, type Displacements } from './displacements.ts';
import { secretOf, type CurfewEnv, type WorkersOptions } from './env.ts';
import { lazyDatabaseOf } from './lazyDatabase.ts';
import { asAdministrator, overAllUsers, withOthers } from './otherUsers.ts';
import { overviewTeller, type OverviewTeller } from './overview.ts';
import { placeOf } from './place.ts';
import { passwords } from './passwords.ts';
import type { ObjectState } from './platform.ts';
import type { Judged, JudgeOptions, PlainSession } from './protect.ts';
import { userStore } from './store.ts';
import { writeToConsole } from './unavailable.ts';

/** What an object of a user does. */
export interface OpenUser {
  readonly log: EventLog;
  readonly users: Users;
  readonly fetch: (request: Request) => Promise<Response>;
  readonly judge: (request: Request, options: JudgeOptions) => Promise<Judged>;
  readonly displace: (session: string, by: string) => Promise<void>;
  readonly ring: () => Promise<void>;
}

/** The session whose cookie a sign-in replaces, where it is another user's. */
type Jar = Pick<Displacement, 'session' | 'user'>;
const jars = new AsyncLocalStorage<Jar | null>();

/** The admission of a sign-in notes in its own transaction whose session it displaces elsewhere. */
const displacing =
  ({ write }: Displacements, overview: OverviewTeller, written: () => void) =>
  (log: EventLog): EventLog => ({
    ...log,
    async append(changes, admission, writes = []) {
      const jar = admission ? jars.getStore() : null;
      const by = changes.find(({ expected }) => expected === 0)?.id;
      const also = jar && jar.user !== admission?.user && by !== undefined ? [write({ ...jar, by })] : [];
      const told = overview.write(changes.filter(({ entries }) => entries.length > 0).map(({ id }) => id));
      const appended = await log.append(changes, admission, [...writes, ...also, told]);
      written();
      return appended;
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

/** Answers a sign-in once every session that it displaces has ended, in whichever object that is. */
const answersWhenDone =
  (parts: Dependencies, displacements: Displacements): MiddlewareHandler =>
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
    const { cookie } = await presentedBy(parts, c);
    const jar = cookie && (await asksForCookie(c.req.raw)) ? { session: cookie.sid, user: cookie.sub } : null;
    await jars.run(jar, next);
    if (await finish()) return;
    // Neither the credential nor anything else of it leaves.
    c.res = undefined;
    c.res = unavailable();
  };

/** What goes from one object to another. */
const plain = ({ id, user, name, role, view, method }: ActiveSession): PlainSession => ({
  id,
  user,
  name,
  role,
  view,
  method,
});

/** Opens what is kept of one user, with everything that works on it. */
export async function openUser(ctx: ObjectState, env: CurfewEnv, given: WorkersOptions): Promise<OpenUser> {
  const database = lazyDatabaseOf(ctx.storage);
  const displacements = displacementsOf(database, env);
  const place = placeOf(ctx.id);
  const overview = overviewTeller(database, env);
  const written = () => {
    alarm.arm();
    // What it cannot be told now, the alarm tells it.
    void overview.tell().then(alarm.arm, () => {});
  };
  const store = {
    open: async () => userStore(database, env, place, displacing(displacements, overview, written)),
  };
  const checked = checkOptions({
    accounts: passwords(),
    address: (c) => c.req.header('CF-Connecting-IP') ?? null,
    write: writeToConsole,
    ...given,
    store,
    secret: secretOf(env),
    newId: () => `${place}${randomId()}`,
  });
  const alarm = alarmOf(ctx, database, {
    ...checked,
    isPending: () => displacements.isPending() || overview.isPending(),
  });
  const opened = await store.open();
  const made = await createDependencies(opened, { ...checked, secret: secretOf(env) });
  const log = withOthers(made.log, place, env);
  const parts = { ...made, log, overview: overAllUsers(made.overview, log, env) };
  const handlers = createHandlers(parts);
  const verbs = createVerbs(parts);
  alarm.arm();

  const app = new Hono();
  app.onError(answerFailure(parts));
  for (const path of ['login', 'register'])
    app.post(`${parts.basePath}/auth/${path}`, answersWhenDone(parts, displacements));
  app.all(`${parts.basePath}/admin/*`, (c) => asAdministrator(() => handlers.fetch(c.req.raw, {})));
  app.all('*', (c) => handlers.fetch(c.req.raw, {}));

  return {
    log: parts.log,
    users: opened.users,
    fetch: async (request) => app.fetch(request),
    async judge(request, { counts, recent }) {
      const looked = counts ? null : await verbs.session(request);
      if (looked) return { ok: true, session: plain(looked), headers: [] };
      const answered = await verbs.authenticate(request, recent === undefined ? {} : { recent });
      if (!answered.ok) return { ok: false, response: answered.response };
      return { ok: true, session: plain(answered.session), headers: [...answered.headers] };
    },
    async displace(session, by) {
      await command(parts, session, (_state, at) => ({
        events: [{ type: 'session.displaced', at, by }],
        answer: null,
      }));
    },
    async ring() {
      await sweepOnce(parts, [() => displacements.finish(), () => overview.tell()]);
      alarm.rearm();
    },
  };
}
