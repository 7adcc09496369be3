import type { SessionView } from '../../../machines/index.ts';
import { createServerClock } from '../device/clock.ts';
import { createClient } from '../http/client.ts';
import { createReauthenticationLock } from '../http/reauthenticationLock.ts';
import { createTokenStore } from '../http/tokens.ts';
import { isNothing } from '../http/wire.ts';
import { createPersistedSession } from '../work/persistedSession.ts';
import { createWork } from '../work/work.ts';
import { takeProblem, takeResumed } from './awayForSignIn.ts';
import type { Browser } from './browser.ts';
import { provideEffects } from './effects.ts';
import { createEntering } from './entering.ts';
import { createFollowing } from './followSignIn.ts';
import { leasesOnDemand } from './leasesOnDemand.ts';
import { createLeaving } from './leaving.ts';
import { createLater } from './loadLater.ts';
import { lockedFetch } from './lockedFetch.ts';
import { createNotices } from './notices.ts';
import type { TabOptions } from './options.ts';
import { createOtherTabs } from './otherTabs.ts';
import { ownBrowser, ownNames } from './ownNames.ts';
import { createProving } from './proving.ts';
import { redirect } from './redirect.ts';
import { createRun, type Run } from './run.ts';
import { createTrace } from './trace.ts';
import { createUserActivity } from './userActivity.ts';
import { createWays } from './ways.ts';

/** What speaks to the server in a tab's name, and what the tab hears and tells by it. */
function createConnection(options: TabOptions, browser: Browser, run: () => Run) {
  const { baseUrl = '', basePath = '/api', transport = 'cookie' } = options;
  const { timer, locks } = browser;
  const clock = createServerClock(browser.device);
  const tokens = transport === 'bearer' ? createTokenStore(browser.local) : null;
  const known = () => {
    const { view } = run().context();
    return view && { id: view.id, version: view.version };
  };
  const send: Run['send'] = (event) => run().send(event);
  const take = (view: SessionView) => send({ type: 'server.answered', view });
  // What another tab or the stream passes on was true a while ago; the clock has gone on since.
  const takePassedOn = (view: SessionView) => take({ ...view, serverNow: clock.now() });
  const { notices, add } = createNotices();
  if (browser.isStorageDenied) add('storage_blocked');
  const { activity, seen } = createUserActivity({
    clock,
    timer,
    run,
    report: (age) => client.report(age),
    async extend() {
      const view = await client.refresh('extend').catch(() => null);
      if (view === null) return false;
      take(view);
      add('activity_blocked');
      return true;
    },
  });
  const otherTabs = createOtherTabs({
    openPipe: browser.openPipe,
    known,
    send,
    onView: takePassedOn,
    onSignIn: (session) => following.hear(session),
  });
  const client = createClient({
    baseUrl,
    basePath,
    fetch: browser.fetch,
    clock,
    timer,
    activity,
    tokens,
    reauthenticationLock: createReauthenticationLock({ locks, timer }),
    known,
    announce: otherTabs.announce,
    onView: take,
    onRefused: (reason) => send({ type: 'server.refused', reason }),
    onLost: () => send({ type: 'credential.lost' }),
    onRefresh: send,
  });
  const following = createFollowing({ client, tokens, run });
  return {
    activity,
    basePath,
    client,
    clock,
    following,
    known,
    later: createLater(clock.now),
    notices,
    otherTabs,
    seen,
    send,
    take,
    takePassedOn,
    tokens,
    transport,
  };
}

function leasesOf(
  { clock, client, take, later }: ReturnType<typeof createConnection>,
  { timer, onWake }: Pick<Browser, 'timer' | 'onWake'>,
) {
  return leasesOnDemand({
    later,
    clock,
    timer,
    onWake,
    put: client.putLease,
    async delete(kind) {
      await client.call(`/leases/${kind}`, isNothing, { method: 'DELETE', quiet: true });
      // The idle clock begins anew, and that answer does not say so.
      take(await client.sessionInfo(true));
    },
  });
}

/** What a tab is made of, put together: what speaks to the server, what keeps the work, and the machine that decides. */
export function assemble(options: TabOptions, shared: Browser) {
  const ownName = ownNames(options, shared.address);
  const browser = ownBrowser(shared, ownName);
  const { timer, locks, onWake, onLeave, onStored, isShown, openRecords, openPipe, newId } = browser;
  const connection = createConnection(options, browser, () => run);
  const { activity, basePath, client, clock, following, known, otherTabs, send, takePassedOn } = connection;
  const persistedSession = createPersistedSession(browser);
  const trace = createTrace(clock.now);
  const root = browser.window?.document ?? null;
  const { fetch } = client;
  const work = createWork({ clock, timer, persistedSession, openRecords, root, fetch, basePath, newId });
  const leases = leasesOf(connection, browser);
  const ports = { ...connection, work, persistedSession, timer, locks, onWake, onLeave, onStored, isShown, openPipe };
  const context = () => run.context();
  const { now } = clock;
  const leaving = createLeaving({ ...ports, onSignedOut: otherTabs.announceSignOut });
  const proving = createProving({
    ...ports,
    context,
    now,
    subscribe: (listener) => run.subscribe(listener),
    keepAll: work.keepAll,
    ownName,
  });
  const { passkey, sso = redirect } = options;
  const cameBackWith = takeProblem(browser.session);
  const ways = createWays({ client, known, now, sso, cameBackWith, ...(passkey && { passkey }) });
  const { passwordUrl } = ways;
  const entering = createEntering({
    ...ports,
    hasCookies: browser.hasCookies,
    newId,
    now,
    leaving,
    passwordUrl,
    onAnswered: activity.reset,
  });
  const machine = provideEffects({
    ...ports,
    leaving,
    entering,
    leases: leases.actor,
    send,
    cancelProof: proving.cancel,
    tell: (stage, visible) =>
      client.call('/warning', isNothing, { method: 'POST', json: { stage, visible }, quiet: true }),
    onView(view) {
      otherTabs.announce(view);
      takePassedOn(view);
    },
  });
  const run = createRun(machine, trace.inspect);
  let resumed = takeResumed(browser.session);
  run.subscribe(() => run.state().isOpen && ways.settle());
  run.subscribe(following.look);
  return {
    ...connection,
    fetch: lockedFetch({ ...connection, baseUrl: options.baseUrl ?? '', fetch, state: () => run.state(), now }),
    work,
    run,
    trace,
    lease: leases.take,
    entering,
    proving,
    ways: ways.store,
    takeResumed: () => {
      const { isOpen, view } = run.state();
      if (!isOpen || view?.id !== resumed) return false;
      resumed = null;
      return true;
    },
  };
}
