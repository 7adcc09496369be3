import { createActor } from 'xstate';
import { minutes, nearestDeadline, type SessionView, type TabContext } from '../machines/index.ts';
import { createActivity } from './activity.ts';
import { deviceTimer, type Timer } from './alarm.ts';
import { openChannel, type Pipe } from './channel.ts';
import { createClient } from './client.ts';
import { createServerClock, deviceClock, type DeviceClock } from './clock.ts';
import { provideEffects } from './effects.ts';
import { watchInput } from './input.ts';
import { indexedRecords, type OpenRecords } from './records.ts';
import { createRemembered } from './remembered.ts';
import { createStream } from './stream.ts';
import { phaseIn } from './phase.ts';
import type { Tab, TabState } from './tab.types.ts';
import { createTokenStore, type KeyValue } from './tokenStore.ts';
import { onLeave, onWake, type Listen } from './wake.ts';
import { createWork } from './work.ts';

/** Where the server is, and how this browser presents its credential. */
export interface TabOptions {
  readonly baseUrl?: string;
  readonly transport?: 'cookie' | 'bearer';
}

/** What a tab needs of the browser it is in. */
export interface Browser {
  readonly fetch: typeof globalThis.fetch;
  readonly device: DeviceClock;
  readonly timer: Timer;
  readonly local: KeyValue;
  readonly session: KeyValue;
  readonly window: Window | null;
  readonly openRecords: OpenRecords;
  readonly openPipe: () => Pipe;
  readonly onWake: Listen;
  readonly onLeave: Listen;
  readonly isShown: () => boolean;
  readonly newId: () => string;
}

/** The browser this runs in. */
export const thisBrowser = (): Browser => ({
  fetch: (input, init) => fetch(input, init),
  device: deviceClock,
  timer: deviceTimer,
  local: localStorage,
  session: sessionStorage,
  window,
  openRecords: indexedRecords,
  openPipe: () => new BroadcastChannel('curfew'),
  onWake,
  onLeave,
  isShown: () => document.visibilityState === 'visible',
  newId: () => crypto.randomUUID(),
});

const quietly = { isRefreshing: false, refreshProblem: null };
const isLive = (view: SessionView | null): view is SessionView =>
  view?.state === 'active' || view?.state === 'expiring';

/** How long before its end a token is renewed, if somebody is there: five minutes, or the last sixth of a short one. */
const renewBefore = ({ policy }: SessionView) => Math.min(minutes(5), policy.tokenLifetime / 6);

/** One tab, not started yet. */
export function createTab({ baseUrl = '', transport = 'cookie' }: TabOptions, browser = thisBrowser()): Tab {
  const { timer, window: page } = browser;
  const clock = createServerClock(browser.device);
  const remembered = createRemembered(browser);
  const tokens = transport === 'bearer' ? createTokenStore(browser.local) : null;
  const listeners = new Set<() => void>();
  const tickers = new Set<() => void>();
  let refreshing: Pick<TabState, 'isRefreshing' | 'refreshProblem'> = quietly;

  const context = (): TabContext => actor.getSnapshot().context;
  const known = () => {
    const { view } = context();
    return view && { id: view.id, version: view.version };
  };
  const send = (...[event]: Parameters<typeof actor.send>) => actor.send(event);

  const activity = createActivity({
    clock,
    timer,
    counts: () => state.phase === 'active' && isBefore() && !clock.inDoubt(),
    resolution: () => context().view?.policy.activityResolution ?? null,
    send: (ageMs) =>
      client
        .call('/activity', (body): body is unknown => body !== undefined, { method: 'POST', json: { ageMs } })
        .then(
          () => true,
          () => false,
        ),
    noticed: () => void renew(),
  });
  const client = createClient({
    baseUrl,
    fetch: browser.fetch,
    clock,
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
    fetch: client.fetch,
    timer,
    wanted: () =>
      isHeld && browser.isShown() && isLive(context().view) && (state.phase === 'active' || state.phase === 'warning'),
    onView: (view) => take(view, false),
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
    user: () => context().user,
    onAnswered: () => activity.reset(),
    onSignedOut() {
      const here = known();
      if (here) channel?.tell({ kind: 'signedOut', session: here.id, version: here.version, reason: 'signed_out' });
    },
  };

  let actor = createActor(provideEffects(effects));
  let state = read();
  let channel: ReturnType<typeof openChannel> | null = null;
  let holders = 0;
  let isHeld = false;
  let stop = () => {};

  const isBefore = () => {
    const { view } = context();
    return view !== null && clock.now() < nearestDeadline(view);
  };

  function read(): TabState {
    const snapshot = actor.getSnapshot();
    const { user, view, stage, problem, reason } = snapshot.context;
    const { phase, answer } = phaseIn(snapshot.value.session);
    return {
      phase,
      answer,
      user,
      view,
      stage,
      problem,
      reason,
      online: snapshot.value.network === 'online',
      ...refreshing,
    };
  }

  function update(): void {
    const next = read();
    const entries = Object.entries(next);
    const before = new Map<string, unknown>(Object.entries(state));
    if (entries.every(([name, value]) => before.get(name) === value)) return;
    const { phase } = state;
    state = next;
    if (next.phase !== phase) entered(next);
    for (const listener of listeners) listener();
    stream.look();
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
    send({ type: 'server.answered', view });
    // Another session is told as well: whoever shows the one before has to ask whether it is still theirs.
    if (own && (here?.id !== view.id || view.version > here.version))
      channel?.tell({ kind: 'view', session: view.id, version: view.version, view });
  }

  /** Renews a token that ends soon while somebody is there, without a word. */
  async function renew(): Promise<void> {
    const { view } = context();
    if (!isLive(view) || refreshing.isRefreshing || clock.now() < view.tokenExpiresAt - renewBefore(view)) return;
    await client.refresh('rotate').catch(() => {});
  }

  function inDoubt(): void {
    if (isLive(context().view) || state.phase === 'locked') client.sessionInfo().catch(() => {});
  }

  function start(): void {
    isHeld = true;
    actor = createActor(provideEffects(effects));
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
      ...(page ? [watchInput(page, seen), watchNetwork(page)] : []),
    ];
    actor.start();
    stop = () => {
      isHeld = false;
      for (const each of stops) each();
      stream.stop();
      channel?.close();
      actor.stop();
      void work.flush();
    };
  }

  /** The first sign of a person after the deadline is not activity: the time was up before. */
  function seen(): void {
    if (isLive(context().view) && !isBefore()) send({ type: 'clock.reached', at: clock.now() });
    else activity.note();
  }

  function watchNetwork(target: Window): () => void {
    const controller = new AbortController();
    const { signal } = controller;
    target.addEventListener('offline', () => send({ type: 'network.lost' }), { signal });
    target.addEventListener('online', () => send({ type: 'network.found' }), { signal });
    return () => controller.abort();
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
    stay: () => send({ type: 'stay.asked' }),
    reauthenticate: (password) => send({ type: 'reauthentication.asked', password }),
    signOut: ({ forgetDevice = false } = {}) => send({ type: 'signOut.asked', forgetDevice }),
    chooseSignIn: () => send({ type: 'signIn.chosen' }),
    retry: () => send({ type: 'stay.asked' }),
    now: clock.now,
    fetch: client.fetch,
    drafts: work.drafts,
    inventory: work.inventory,
    places: work.places,
  };
}
