import { devToolsAdapter } from 'xstate/dev';
import type { Reproof } from '../../../machines/index.ts';
import { createAccount, type AccountActions } from './account.ts';
import { assemble } from './assemble.ts';
import { thisBrowser, type Browser } from './browser.ts';
import { checkOptions, type TabOptions } from './options.ts';
import type { Following } from './followSignIn.ts';
import type { Later } from './loadLater.ts';
import type { OtherTabs } from './otherTabs.ts';
import type { WaysStore } from './ways.types.ts';
import type { Proof } from './proof.types.ts';
import type { Proving } from './proving.ts';
import { createRefCount } from './refCount.ts';
import { watchInput, type Seen } from '../device/input.ts';
import { eachOwnWindow } from '../device/ownWindows.ts';
import type { Run } from './run.ts';
import type { Tab, TabActions, TabState } from './tab.types.ts';

/** What of a tab starts and stops with its machine. */
interface Startable {
  readonly browser: Browser;
  readonly run: Run;
  readonly otherTabs: OtherTabs;
  readonly following: Following;
  readonly later: Later;
  readonly ways: WaysStore;
  readonly seen: Seen;
  readonly tickers: ReadonlySet<() => void>;
}

/** Starts a tab's machine, and tells it what happens to the page. @returns what stops it. */
function start({ browser, run, otherTabs, following, later, ways, seen, tickers }: Startable): () => void {
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
    browser.onStored(following.seeStored),
    ...(page ? [watchInput(page, seen), eachOwnWindow(page, (opened) => watchInput(opened, seen))] : []),
  ];
  devToolsAdapter(actor);
  actor.start();
  // Now, while there is a network: what comes back to it after a lock has it then.
  later.load().catch(() => {});
  const { problem } = ways.read();
  if (problem) actor.send({ type: 'signIn.failed', error: problem });
  return () => {
    actor.send({ type: 'tab.left' });
    for (const stop of stops) stop();
    actor.stop();
  };
}

/** What a user can do that is no more than an event of the machine. */
const asked = (
  send: Run['send'],
  { bind, cancel }: Proving,
  reproofOf: (proof: Proof) => Reproof,
): Omit<TabActions, 'now' | 'fetch' | 'sent' | 'lease' | 'watchInput' | keyof AccountActions> => ({
  signIn(proof) {
    if (typeof proof === 'function') return send({ type: 'signIn.asked', prove: bind(proof) });
    const { username, password, remember = false, register = false } = proof;
    return send({ type: 'signIn.asked', username, password, remember, register });
  },
  extend: () => send({ type: 'extend.asked' }),
  retry: () => send({ type: 'retry.asked' }),
  reauthenticate: (proof) => send({ type: 'reauthentication.asked', ...reproofOf(proof) }),
  cancelProof: cancel,
  signOut: ({ forgetDevice = false } = {}) => send({ type: 'signOut.asked', forgetDevice }),
  chooseSignIn: () => send({ type: 'signIn.chosen' }),
});

/** Waits until it is known who is signed in, or that the server cannot be reached. */
function settled({ state, subscribe }: Run): Promise<TabState> {
  const settling = Promise.withResolvers<TabState>();
  const look = () => {
    if (state().phase === 'starting') return;
    stop();
    settling.resolve(state());
  };
  const stop = subscribe(look);
  look();
  return settling.promise;
}

/** A tab in a browser that is given. */
export function createTabIn(options: TabOptions, browser: Browser): Tab {
  const { fetch, work, run, otherTabs, seen, proving, ways, ...made } = assemble(checkOptions(options), browser);
  const { basePath, clock, client, later, trace, notices, lease, entering, following, takeResumed } = made;
  const { send, context } = run;
  const tickers = new Set<() => void>();
  const begin = browser.canRun
    ? () => start({ browser, run, otherTabs, following, later, ways, seen, tickers })
    : () => () => {};
  const refCount = createRefCount(browser.timer, begin);
  const reproofOf = (proof: Proof): Reproof =>
    typeof proof === 'string' ? { password: proof } : { prove: proving.bind(proof) };
  const actions: TabActions = {
    ...asked(send, proving, reproofOf),
    ...createAccount({
      later,
      client,
      work,
      entering,
      reproofOf,
      context,
      now: clock.now,
      send,
      basePath,
      saveFile: browser.saveFile,
    }),
    now: clock.now,
    fetch,
    sent: work.forms.sent,
    lease,
    watchInput: (window) => watchInput(window, seen),
  };
  return {
    ...actions,
    actions,
    state: run.state,
    subscribe: run.subscribe,
    async ready() {
      if (!browser.canRun) return run.state();
      refCount.hold();
      return settled(run);
    },
    takeResumed,
    onTick(listener) {
      tickers.add(listener);
      return () => void tickers.delete(listener);
    },
    hold: refCount.hold,
    recordActivity: (isDeed = false) => seen(isDeed),
    notices,
    actor: run.actor,
    onActor: run.onActor,
    trace,
    ways,
    drafts: work.drafts,
    forms: work.forms,
    inventory: work.inventory,
    viewState: work.viewState,
  };
}

/**
 * One tab of one user, not started yet: `ready` or `hold` starts it. On a server and in a worker it never starts.
 *
 * @throws `TypeError` with one line that names an option that cannot be used
 */
export const createTab = (options: TabOptions = {}): Tab => createTabIn(options, thisBrowser());
