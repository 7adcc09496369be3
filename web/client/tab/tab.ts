import { createActor } from 'xstate';
import { devToolsAdapter } from 'xstate/dev';
import { isLiveView, nearestDeadline, type SessionView, type TabContext } from '../../../machines/index.ts';
import { createAccount } from './account.ts';
import { createActivity } from './activity.ts';
import { thisBrowser } from '../device/browser.ts';
import { openChannel } from './channel.ts';
import { createClient } from '../http/client.ts';
import { createServerClock } from '../device/clock.ts';
import { createDeclarations } from './declarations.ts';
import { createRevalidation } from './revalidation.ts';
import { provideEffects } from './effects.ts';
import { enter } from './onPhase.ts';
import { createRefCount } from './refCount.ts';
import { watchInput } from '../device/input.ts';
import { createReauthenticationLock } from './reauthenticationLock.ts';
import { createPersistedSession } from './persistedSession.ts';
import { createRenewal } from './renewal.ts';
import { createStream } from '../http/stream.ts';
import { isSameState, stateOf, type Refreshing } from './phase.ts';
import type { Tab, TabActions, TabState } from './tab.types.ts';
import { createTokenStore } from '../http/tokens.ts';
import { createTrace } from './trace.ts';
import { createWork } from '../work/work.ts';

/** Where the server is, and how this browser presents its credential. */
export interface TabOptions {
  readonly baseUrl?: string;
  readonly transport?: 'cookie' | 'bearer';
}

const quietly = { isRefreshing: false, refreshProblem: null };

/** One tab, not started yet. */
export function createTab({ baseUrl = '', transport = 'cookie' }: TabOptions, browser = thisBrowser()): Tab {
  const { timer, window: page } = browser;
  const clock = createServerClock(browser.device);
  const remembered = createPersistedSession(browser);
  const tokens = transport === 'bearer' ? createTokenStore(browser.local) : null;
  const listeners = new Set<() => void>();
  const tickers = new Set<() => void>();
  const trace = createTrace(clock.now);
  let refreshing: Refreshing = quietly;

  const context = (): TabContext => actor.getSnapshot().context;
  const known = () => {
    const { view } = context();
    return view && { id: view.id, version: view.version };
  };
  const live = () => (isLiveView(context().view) ? context().view : null);
  const send = (...[event]: Parameters<typeof actor.send>) => actor.send(event);
  const stay = () => send({ type: 'stay.asked' });
  const activity = createActivity({
    clock,
    timer,
    counts: () => state.phase === 'active' && isBefore() && !clock.inDoubt(),
    resolution: () => context().view?.policy.activityResolution ?? null,
    send: (ageMs) => client.report(ageMs),
    noticed: () => renewal.look(),
  });
  const client = createClient({
    baseUrl,
    fetch: browser.fetch,
    clock,
    timer,
    activity,
    tokens,
    proofs: createReauthenticationLock({ locks: browser.locks, timer }),
    known,
    onView: (view) => take(view, 'answer'),
    onRefused: (reason) => send({ type: 'server.refused', reason }),
    onLost: () => send({ type: 'credential.lost' }),
    onRefreshing(isRefreshing, refreshProblem) {
      refreshing = { isRefreshing, refreshProblem };
      update();
    },
  });
  const work = createWork({
    clock,
    timer,
    remembered,
    openRecords: browser.openRecords,
    root: page?.document ?? null,
    fetch: client.fetch,
    newId: browser.newId,
  });
  const doubt = createRevalidation({ client, clock, state: () => state, live });
  const stream = createStream({
    listen: client.listen,
    timer,
    locks: browser.locks,
    session: () => known()?.id,
    onWaiting: doubt.ask,
    onSilent: doubt.ask,
    wanted: () => held.isHeld() && browser.isShown() && live() !== null && ['active', 'warning'].includes(state.phase),
    onView: (view) => take(view, 'stream'),
  });
  const renewal = createRenewal({
    clock,
    timer,
    onWake: browser.onWake,
    view: () => (held.isHeld() ? context().view : null),
    lastSeen: activity.last,
    refresh: () => client.refresh('rotate'),
  });
  const declarations = createDeclarations({
    client,
    clock,
    timer,
    onWake: browser.onWake,
    isShown: browser.isShown,
    state: () => state,
    live,
  });
  const effects = {
    client,
    work,
    remembered,
    tokens,
    transport,
    known,
    clock,
    timer,
    onWake: browser.onWake,
    onAnswered: () => activity.reset(),
    onSignedOut() {
      const here = known();
      if (here) channel?.tell({ kind: 'signedOut', session: here.id, version: here.version, reason: 'signed_out' });
    },
  };

  const create = () => createActor(provideEffects(effects), { inspect: trace.inspect });
  let actor = create();
  let state = read();
  let channel: ReturnType<typeof openChannel> | null = null;

  const isBefore = (view = context().view) => view !== null && clock.now() < nearestDeadline(view);

  function read(): TabState {
    return stateOf(actor.getSnapshot(), refreshing);
  }

  function update(): void {
    const next = read();
    if (isSameState(state, next)) return;
    const { phase } = state;
    state = next;
    if (next.phase !== phase) enter(next, { work, activity, tokens });
    for (const listener of listeners) listener();
    doubt.look();
    stream.look();
    renewal.look();
    declarations.look();
  }

  function take(view: SessionView, from: 'answer' | 'stream' | 'channel'): void {
    const here = known();
    // What another tab or the stream passes on was true a while ago; the clock has gone on since.
    send({ type: 'server.answered', view: from === 'answer' ? view : { ...view, serverNow: clock.now() } });
    // What the stream says is told on, too: it may be faster than the answer, and tabs that nobody looks at have none.
    // Another session is told as well: whoever shows the one before has to ask whether it is still theirs.
    if (from !== 'channel' && (here?.id !== view.id || view.version > here.version))
      channel?.tell({ kind: 'view', session: view.id, version: view.version, view });
  }

  function start(): () => void {
    actor = create();
    actor.subscribe(update);
    channel = openChannel(browser.openPipe(), {
      known,
      onView: (view) => take(view, 'channel'),
      onSignedOut: (reason) => send({ type: 'server.refused', reason }),
      onDoubt: doubt.ask,
    });
    const stops = [
      browser.onWake(() => {
        for (const tick of tickers) tick();
        send({ type: 'tab.woke', at: clock.now() });
        doubt.ask();
        stream.look();
        declarations.look();
      }),
      browser.onLeave(() => {
        void work.flush();
        stream.stop();
      }),
      browser.onNetwork((isOnline) => send({ type: isOnline ? 'network.found' : 'network.lost' })),
      ...(page ? [watchInput(page, seen)] : []),
    ];
    devToolsAdapter(actor);
    actor.start();
    return () => {
      for (const each of stops) each();
      stream.stop();
      renewal.stop();
      declarations.stop();
      channel?.close();
      actor.stop();
      void work.flush();
    };
  }

  /** The first sign of a person after the deadline is not activity: the time was up before. */
  function seen(): void {
    if (activity.isRecent()) return;
    if (isLiveView(context().view) && !isBefore()) send({ type: 'clock.reached', at: clock.now() });
    else if (clock.inDoubt()) doubt.askForTime();
    else activity.note();
  }

  const held = createRefCount(timer, start);
  const actions: TabActions = {
    signIn: ({ username, password, remember = false, register = false }) =>
      send({ type: 'signIn.asked', username, password, remember, register }),
    stay,
    reauthenticate: (password) => send({ type: 'reauthentication.asked', password }),
    ...createAccount({ client, work, stream, context, send }),
    signOut: ({ forgetDevice = false } = {}) => send({ type: 'signOut.asked', forgetDevice }),
    chooseSignIn: () => send({ type: 'signIn.chosen' }),
    retry: stay,
    now: clock.now,
    fetch: client.fetch,
    lease: declarations.lease,
  };
  return {
    ...actions,
    actions,
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    onTick(listener) {
      tickers.add(listener);
      return () => void tickers.delete(listener);
    },
    hold: held.hold,
    noticed: seen,
    actor: () => actor,
    trace,
    drafts: work.drafts,
    inventory: work.inventory,
    places: work.places,
  };
}
