import { devToolsAdapter } from 'xstate/dev';
import type { SessionView } from '../../../machines/index.ts';
import { createAccount } from './account.ts';
import { thisBrowser, type Browser } from './browser.ts';
import { createClient } from '../http/client.ts';
import { createServerClock } from '../device/clock.ts';
import { provideEffects } from './effects.ts';
import { createRefCount } from './refCount.ts';
import { watchInput } from '../device/input.ts';
import { leasesWithActor } from './lease.ts';
import { createOtherTabs, type OtherTabs } from './otherTabs.ts';
import { createPerson } from './person.ts';
import { createReauthenticationLock } from '../http/reauthenticationLock.ts';
import { createPersistedSession } from '../work/persistedSession.ts';
import { createRun, type Run } from './run.ts';
import type { Tab, TabActions } from './tab.types.ts';
import { createTokenStore } from '../http/tokens.ts';
import { createTrace } from './trace.ts';
import { isNothing } from '../http/wire.ts';
import { createWork } from '../work/work.ts';

/** Where the server is, and how this browser presents its credential. */
export interface TabOptions {
  readonly baseUrl?: string;
  readonly transport?: 'cookie' | 'bearer';
}

/** What of a tab starts and stops with its machine. */
interface Startable {
  readonly browser: Browser;
  readonly run: Run;
  readonly otherTabs: OtherTabs;
  readonly seen: () => void;
  readonly tickers: ReadonlySet<() => void>;
}

/** Starts a tab's machine, and tells it what happens to the page. @returns what stops it. */
function start({ browser, run, otherTabs, seen, tickers }: Startable): () => void {
  const { window: page } = browser;
  const actor = run.renew();
  const stops = [
    otherTabs.listen(),
    browser.onWake(() => {
      for (const tick of tickers) tick();
      actor.send({ type: 'revalidation.asked' });
    }),
    browser.onLeave(() => actor.send({ type: 'tab.left' })),
    browser.onNetwork((isOnline) => actor.send({ type: isOnline ? 'network.found' : 'network.lost' })),
    ...(page ? [watchInput(page, seen)] : []),
  ];
  devToolsAdapter(actor);
  actor.start();
  return () => {
    actor.send({ type: 'tab.left' });
    for (const stop of stops) stop();
    actor.stop();
  };
}

/** What a user can do that is no more than an event of the machine. */
const asked = (
  send: Run['send'],
): Pick<TabActions, 'signIn' | 'extend' | 'retry' | 'reauthenticate' | 'signOut' | 'chooseSignIn'> => ({
  signIn: ({ username, password, remember = false, register = false }) =>
    send({ type: 'signIn.asked', username, password, remember, register }),
  extend: () => send({ type: 'extend.asked' }),
  retry: () => send({ type: 'retry.asked' }),
  reauthenticate: (password) => send({ type: 'reauthentication.asked', password }),
  signOut: ({ forgetDevice = false } = {}) => send({ type: 'signOut.asked', forgetDevice }),
  chooseSignIn: () => send({ type: 'signIn.chosen' }),
});

/** What a tab is made of, put together: who speaks to the server, who keeps the work, and the machine that decides. */
function assemble({ baseUrl = '', transport = 'cookie' }: TabOptions, browser: Browser) {
  const { timer, locks, onWake, onLeave, isShown } = browser;
  const clock = createServerClock(browser.device);
  const persistedSession = createPersistedSession(browser);
  const tokens = transport === 'bearer' ? createTokenStore(browser.local) : null;
  const trace = createTrace(clock.now);
  const known = () => {
    const { view } = run.context();
    return view && { id: view.id, version: view.version };
  };
  const send: Run['send'] = (event) => run.send(event);
  const take = (view: SessionView) => send({ type: 'server.answered', view });
  // What another tab or the stream passes on was true a while ago; the clock has gone on since.
  const takePassedOn = (view: SessionView) => take({ ...view, serverNow: clock.now() });
  const { activity, seen } = createPerson({ clock, timer, run: () => run, report: (age) => client.report(age) });
  const otherTabs = createOtherTabs({ openPipe: browser.openPipe, known, send, onView: takePassedOn });
  const client = createClient({
    baseUrl,
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
  const root = browser.window?.document ?? null;
  const { openRecords, newId } = browser;
  const work = createWork({ clock, timer, persistedSession, openRecords, root, fetch: client.fetch, newId });
  const leases = leasesWithActor({
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
  const ports = {
    client,
    work,
    persistedSession,
    tokens,
    transport,
    known,
    clock,
    timer,
    locks,
    onWake,
    onLeave,
    isShown,
  };
  const machine = provideEffects({
    ...ports,
    activity,
    leases: leases.actor,
    send,
    onSignedOut: otherTabs.announceSignOut,
    tell: (stage, visible) =>
      client.call('/warning', isNothing, { method: 'POST', json: { stage, visible }, quiet: true }),
    onView(view) {
      otherTabs.announce(view);
      takePassedOn(view);
    },
  });
  const run = createRun(machine, trace.inspect);
  return { clock, client, work, run, trace, otherTabs, seen, lease: leases.take };
}

/** One tab, not started yet. */
export function createTab(options: TabOptions, browser = thisBrowser()): Tab {
  const { clock, client, work, run, trace, otherTabs, seen, lease } = assemble(options, browser);
  const { send, context } = run;
  const tickers = new Set<() => void>();
  const refCount = createRefCount(browser.timer, () => start({ browser, run, otherTabs, seen, tickers }));
  const actions: TabActions = {
    ...asked(send),
    ...createAccount({ client, work, context, send }),
    now: clock.now,
    fetch: client.fetch,
    lease,
  };
  return {
    ...actions,
    actions,
    state: run.state,
    subscribe: run.subscribe,
    onTick(listener) {
      tickers.add(listener);
      return () => void tickers.delete(listener);
    },
    hold: refCount.hold,
    recordActivity: seen,
    actor: run.actor,
    onActor: run.onActor,
    trace,
    drafts: work.drafts,
    inventory: work.inventory,
    viewState: work.viewState,
  };
}
