import { Hono } from 'hono';
import { createDependencies } from '../dependencies.ts';
import { createHandlers } from '../handlers.ts';
import type { ActiveSession } from '../http/activeSession.ts';
import { routesWithout, type ApplicationDescription } from '../operations/describedRoutes.ts';
import { answerFailure } from '../http/failure.ts';
import { checkOptions, randomId } from '../options.ts';
import { command } from '../session/command.ts';
import type { Dependencies } from '../routes/dependencies.ts';
import type { Proved } from '../routes/signInElsewhere.ts';
import type { AdmissionState, EventLog, RevocationOfAll } from '../store/eventLog.ts';
import { createEndTeller } from '../session/tellEnds.ts';
import type { Users } from '../store/users.ts';
import { sweepOnce } from '../sweepOnce.ts';
import { alarmOf } from './alarm.ts';
import { displacementsOf, type Displacements } from './displacements.ts';
import { asProved, signInElsewhere } from './elsewhere.ts';
import { enrolmentIn, onceEnrolled } from './enrolment.ts';
import { secretOf, type CurfewEnv, type WorkersOptions } from './env.ts';
import type { Judged, JudgeOptions, PlainSession } from './judging.ts';
import { lazyDatabaseOf } from './lazyDatabase.ts';
import { madeHere } from './madeHere.ts';
import { operatorCommands, type OperatorCommands } from './operatorCommands.ts';
import { objectStreams, takeStreamIn, type ObjectStreams } from './objectStreams.ts';
import { asAdministrator, overAllUsers, withOthers } from './otherUsers.ts';
import { objectVerbs, type ObjectVerbs } from './objectVerbs.ts';
import { overviewTeller } from './overview.ts';
import { placeOf } from './place.ts';
import { passwords } from './passwords.ts';
import type { ObjectState } from './platform.ts';
import { answersWhenDone, cookieOfBrowser, displacing } from './signIns.ts';
import { userStore } from './store.ts';
import { writeToConsole } from './unavailable.ts';

/** What an object of a user does. */
export interface OpenUser {
  readonly log: EventLog;
  readonly users: Users;
  readonly fetch: (request: Request) => Promise<Response>;
  /** Answers a sign-in whose password was right elsewhere. */
  readonly completeSignIn: (request: Request, proved: Proved) => Promise<Response>;
  /** @returns the id of the user of a name, `null` where nobody has it. */
  readonly idOf: (name: string) => Promise<string | null>;
  readonly accountOnceEnrolled: (user: string) => Promise<AdmissionState>;
  readonly streams: ObjectStreams;
  /** How the routes are had here. */
  readonly described: ApplicationDescription;
  readonly judge: (request: Request, options: JudgeOptions) => Promise<Judged>;
  readonly verbs: ObjectVerbs;
  readonly operator: OperatorCommands;
  readonly revokeAll: (revocation: RevocationOfAll) => Promise<number>;
  readonly displace: (session: string, by: string) => Promise<void>;
  readonly ring: () => Promise<void>;
}

/** What goes from one object to another. */
const plain = ({ id, user, name, role, view, method }: ActiveSession): PlainSession => ({
  id,
  user,
  name,
  role,
  view,
  method,
});

/** Judges a request that the application answers. */
async function judge(
  { own }: ObjectVerbs,
  request: Request,
  { counts, optional, recent }: JudgeOptions,
): Promise<Judged> {
  const looked = counts ? null : await own.session(request);
  if (looked) return { ok: true, session: plain(looked), headers: [] };
  const answered = optional
    ? await own.authenticate(request, { optional })
    : await own.authenticate(request, recent === undefined ? {} : { recent });
  const headers = [...answered.headers];
  if (!answered.ok) return { ...answered, headers };
  return { ok: true, session: answered.session && plain(answered.session), headers };
}

/** Ends a session whose cookie a sign-in of another user has replaced. */
async function displace(parts: Dependencies, session: string, by: string): Promise<void> {
  await command(parts, session, (_state, at) => ({ events: [{ type: 'session.displaced', at, by }], answer: null }));
}

/** Answers what is for Curfew's routes. */
function answering({
  parts,
  displacements,
  streams,
}: {
  readonly parts: Dependencies;
  readonly displacements: Displacements;
  readonly streams: ObjectStreams;
}): Hono {
  const handlers = createHandlers(parts);
  const app = new Hono();
  app.onError(answerFailure(parts));
  for (const path of ['login', 'register'])
    app.post(`${parts.basePath}/auth/${path}`, answersWhenDone(parts, displacements, cookieOfBrowser));
  app.all(`${parts.basePath}/admin/*`, (c) => asAdministrator(() => handlers.fetch(c.req.raw, {})));
  app.get(`${parts.basePath}/auth/stream`, (c) => streams.answer(c.req.raw, (request) => handlers.fetch(request, {})));
  app.all('*', (c) => handlers.fetch(c.req.raw, {}));
  return app;
}

/** Opens what is kept of one user, with everything that works on it. */
export async function openUser(ctx: ObjectState, env: CurfewEnv, chosen: WorkersOptions): Promise<OpenUser> {
  const { deleteUserData, ...given } = chosen;
  const database = lazyDatabaseOf(ctx.storage);
  const displacements = displacementsOf(database, env);
  const place = placeOf(ctx.id);
  const overview = overviewTeller(database, env);
  const enrolment = enrolmentIn(database, { env, place }, (revocation) => made.log.revokeAll(revocation));
  const written = () => {
    alarm.arm();
    // What it cannot be told now, the alarm tells it.
    void overview.tell().then(alarm.arm, () => {});
  };
  const logOf = displacing({ displacements, overview, enrolment, written });
  const store = { open: async () => userStore(database, { env, place, enrolment, deleteUserData }, logOf) };
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
    isPending: () => displacements.isPending() || overview.isPending() || enrolment.isPending(),
  });
  const opened = await store.open();
  const made = await createDependencies(opened, { ...checked, secret: secretOf(env) });
  const log = withOthers(made.log, place, env);
  const overAll = overAllUsers(made.overview, log, env);
  const isOwn = checked.accounts.kind === 'own';
  const accountOnceEnrolled = onceEnrolled(enrolment, (user: string) => made.log.account(user));
  const all = {
    ...made,
    accounts: madeHere(made.accounts, { env, place, enrolment }),
    log,
    overview: overAll,
    takeStream: takeStreamIn(ctx),
    ...(isOwn && { elsewhere: signInElsewhere(log, { env, place, accountOnceEnrolled }) }),
  };
  const parts = made.onEnd ? { ...all, tellEnds: createEndTeller(all, made.onEnd).tell } : all;
  const verbs = objectVerbs(parts, { env, place, displacements });
  const streams = objectStreams(ctx, parts);
  alarm.arm();

  const app = answering({ parts, displacements, streams });

  return {
    log: parts.log,
    users: opened.users,
    verbs,
    operator: operatorCommands(parts, opened.users),
    fetch: async (request) => app.fetch(request),
    completeSignIn: (request, proved) => asProved(proved, async () => app.fetch(request)),
    idOf: async (name) => (await parts.accounts.find(name))?.id ?? null,
    accountOnceEnrolled,
    streams,
    described: {
      basePath: parts.basePath,
      cookieName: parts.cookieName,
      sessionCookie: parts.sessionCookie,
      without: routesWithout(parts.accounts),
    },
    judge: (request, options) => judge(verbs, request, options),
    async revokeAll(revocation) {
      const ended = await enrolment.revokeOnce(revocation);
      alarm.arm();
      return ended;
    },
    displace: (session, by) => displace(parts, session, by),
    async ring() {
      const late = enrolment.isPending() ? [() => enrolment.enrol()] : [];
      await sweepOnce(parts, [() => displacements.finish(), () => overview.tell(), ...late]);
      alarm.rearm();
    },
  };
}
