import { createActor } from 'xstate';
import { devToolsAdapter } from 'xstate/dev';
import { nearestDeadline, seconds, type SessionView, type TabContext } from '../machines/index.ts';
import { createActivity } from './activity.ts';
import { thisBrowser } from './browser.ts';
import { openChannel } from './channel.ts';
import { createClient } from './client.ts';
import { createServerClock } from './clock.ts';
import { provideEffects } from './effects.ts';
import { watchInput } from './input.ts';
import { createRemembered } from './remembered.ts';
import { createRenewal } from './renewal.ts';
import { createStream } from './stream.ts';
import { isSameState, stateOf, type Refreshing } from './phase.ts';
import type { Tab, TabState } from './tab.types.ts';
import { createTokenStore } from './tokenStore.ts';
import { createTrace } from './trace.ts';
import { createWork } from './work.ts';

/** Where the server is, and how this browser presents its credential. */
export interface TabOptions {
  readonly baseUrl?: string;
  readonly transport?: 'cookie' | 'bearer';
}

const askAgainAfter = seconds(5);
const quietly = { isRefreshing: false, refreshProblem: null };
const isLive = (view: SessionView | null): view is SessionView =>
  view?.state === 'active' || view?.state === 'expiring';

/** One tab, not started yet. */
export function createTab({ baseUrl = '', transport = 'cookie' }: TabOptions, browser = thisBrowser()): Tab {
  const { timer, window: page } = browser;
  const clock = createServerClock(browser.device);
  const remembered = createRemembered(browser);
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
    known,
    onView: (view) => take(view, true),
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
  const stream = createStream({
    listen: client.listen,
    timer,
    wanted: () =>
      isHeld && browser.isShown() && isLive(context().view) && (state.phase === 'active' || state.phase === 'warning'),
    onView: (view) => take(view, false),
  });
  const renewal = createRenewal({
    clock,
    timer,
    onWake: browser.onWake,
    view: () => (isHeld ? context().view : null),
    lastSeen: activity.last,
    refresh: () => client.refresh('rotate'),
  });
  const effects = {
    client,
    work,
    remembered,
    tokens,
    transport,
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
  let [holders, isHeld] = [0, false];
  let clockAskedAt = -Infinity;
  let stop = () => {};

  const isBefore = (view = context().view) => view !== null && clock.now() < nearestDeadline(view);

  function read(): TabState {
    return stateOf(actor.getSnapshot(), refreshing);
  }

  function update(): void {
    const next = read();
    if (isSameState(state, next)) return;
    const { phase } = state;
    state = next;
    if (next.phase !== phase) entered(next);
    for (const listener of listeners) listener();
    stream.look();
    renewal.look();
  }

  /** What is done once when the tab shows something else. */
  function entered({ phase, reason }: TabState): void {
    if (phase === 'warning') void work.flush();
    if (phase === 'locked' || phase === 'unconfirmed') work.forget();
    if (phase === 'ended') {
      if (reason === 'signed_out') tokens?.erase();
      work.leave();
    }
    if (phase === 'signedOut') {
      activity.reset();
      work.leave();
    }
  }

  function take(view: SessionView, own: boolean): void {
    const here = known();
    // What another tab or the stream passes on was true a while ago; the clock has gone on since.
    send({ type: 'server.answered', view: own ? view : { ...view, serverNow: clock.now() } });
    // Another session is told as well: whoever shows the one before has to ask whether it is still theirs.
    if (own && (here?.id !== view.id || view.version > here.version))
      channel?.tell({ kind: 'view', session: view.id, version: view.version, view });
  }

  function inDoubt(): void {
    if (isLive(context().view) || state.phase === 'locked') client.sessionInfo().catch(() => {});
  }

  /** Asks because the clock is not to be trusted: not with every move of a hand. */
  function setClock(): void {
    if (Math.abs(clock.now() - clockAskedAt) < askAgainAfter) return;
    clockAskedAt = clock.now();
    inDoubt();
  }

  function start(): void {
    isHeld = true;
    actor = create();
    actor.subscribe(update);
    channel = openChannel(browser.openPipe(), {
      known,
      onView: (view) => take(view, false),
      onSignedOut: (reason) => send({ type: 'server.refused', reason }),
      onDoubt: inDoubt,
    });
    const stops = [
      browser.onWake(() => {
        for (const tick of tickers) tick();
        send({ type: 'tab.woke', at: clock.now() });
        inDoubt();
        stream.look();
      }),
      browser.onLeave(() => {
        void work.flush();
        stream.look();
      }),
      browser.onNetwork((isOnline) => send({ type: isOnline ? 'network.found' : 'network.lost' })),
      ...(page ? [watchInput(page, seen)] : []),
    ];
    devToolsAdapter(actor);
    actor.start();
    stop = () => {
      isHeld = false;
      for (const each of stops) each();
      stream.stop();
      renewal.stop();
      channel?.close();
      actor.stop();
      void work.flush();
    };
  }

  /** The first sign of a person after the deadline is not activity: the time was up before. */
  function seen(): void {
    if (isLive(context().view) && !isBefore()) send({ type: 'clock.reached', at: clock.now() });
    else if (clock.inDoubt()) setClock();
    else activity.note();
  }

  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    onTick(listener) {
      tickers.add(listener);
      return () => void tickers.delete(listener);
    },
    hold() {
      if (holders++ === 0 && !isHeld) start();
      return () => {
        holders--;
        // React lets go and holds again at once when it checks itself.
        timer(() => holders === 0 && isHeld && stop(), 0);
      };
    },
    signIn: ({ username, password, remember = false, register = false }) =>
      send({ type: 'signIn.asked', username, password, remember, register }),
    stay,
    reauthenticate: (password) => send({ type: 'reauthentication.asked', password }),
    signOut: ({ forgetDevice = false } = {}) => send({ type: 'signOut.asked', forgetDevice }),
    chooseSignIn: () => send({ type: 'signIn.chosen' }),
    retry: stay,
    now: clock.now,
    fetch: client.fetch,
    actor: () => actor,
    trace,
    drafts: work.drafts,
    inventory: work.inventory,
    places: work.places,
  };
}
