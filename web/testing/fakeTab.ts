import { createActor } from 'xstate';
import {
  tabMachine,
  type Duration,
  type Policy,
  type Reason,
  type TabProblem,
  type User,
  type WarningStage,
} from '../../machines/index.ts';
import { phases, stateOf } from '../client/tab/phase.ts';
import type { Answer, Phase, Tab, TabActions } from '../client/tab/tab.types.ts';
import { createNotices } from '../client/tab/notices.ts';
import { createTrace } from '../client/tab/trace.ts';
import type { Way, Ways } from '../client/tab/ways.types.ts';
import { createInventory } from '../client/work/inventory.ts';
import { createViewState } from '../client/work/viewState.ts';
import { fakeDrafts } from './fakeDrafts.ts';
import { fakeForms } from './fakeForms.ts';
import { fakeView, hasUser } from './fakeSession.ts';
import { testClock, type TestClock } from './testClock.ts';

/** What a fake tab shows. */
export interface FakeTabState {
  /** Default `active`. */
  readonly phase?: Phase;
  /** Default `ada`, where the phase has a user. */
  readonly user?: User | null;
  /** How loudly the warning is shown. Default `toast`. */
  readonly stage?: WarningStage;
  /** What became of the answer to the warning. Default `counting`. */
  readonly answer?: Answer;
  /** What did not work last: a problem's code, or all of it. Default nothing. */
  readonly problem?: string | TabProblem | null;
  /** Why the session is over or, with `absolute`, why the warning cannot be put off. Default what the phase comes from. */
  readonly reason?: Reason | null;
  /** Default true. */
  readonly online?: boolean;
  /** In ms, to the nearest deadline. Default what the phase has by itself. */
  readonly remaining?: Duration;
  /** Limits other than those of the preset `standard`. */
  readonly policy?: Partial<Policy>;
}

/** What a fake tab shows at first, and what it has. */
export interface FakeTabOptions extends FakeTabState {
  /** The ways to sign in again. Default a password. */
  readonly ways?: readonly Way[];
  /** Drafts by their keys. Default none. */
  readonly drafts?: Readonly<Record<string, string>>;
  /** What the actions do; each is noted all the same. Default nothing; `fetch` answers `{}`. */
  readonly actions?: Partial<TabActions>;
  /** Default one of its own. The phase does not follow it: `show` says what is shown. */
  readonly clock?: TestClock;
}

/** Something that was asked of a fake tab: an action's name, and what it was given. */
export type FakeCall = readonly [name: string, ...given: unknown[]];

/** A tab that shows what a test says, asks no server, and notes what is asked of it. */
export interface FakeTab extends Tab {
  /** Shows something else; what is not said stays. */
  readonly show: (changes: FakeTabState) => void;
  /** What was asked of it so far. */
  readonly calls: () => readonly FakeCall[];
}

const options: readonly string[] =
  'phase user stage answer problem reason online remaining policy ways drafts actions clock'.split(' ');

function check(given: FakeTabOptions): void {
  const unknown = Object.keys(given).find((name) => !options.includes(name));
  if (unknown !== undefined) throw new TypeError(`there is no option ${unknown}; there are ${options.join(', ')}`);
  const { phase } = given;
  if (phase !== undefined && !phases.includes(phase))
    throw new TypeError(`there is no phase ${JSON.stringify(phase)}; there are ${phases.join(', ')}`);
}

/** Where the session part of the tab's machine is in a phase. */
function placeOf(phase: Phase, answer: Answer) {
  switch (phase) {
    case 'starting':
      return { starting: 'asking' };
    case 'unreachable':
      return { starting: 'unreachable' };
    case 'active':
      return { signedIn: 'active' };
    case 'warning':
      return { signedIn: { warning: answer } };
    case 'checking':
    case 'unconfirmed':
    case 'locked':
    case 'reauthenticating':
    case 'restoring':
      return { lapsed: phase };
    case 'signedOut':
    case 'signingIn':
    case 'signingOut':
    case 'ended':
      return phase;
  }
}

/** The machine of a tab that stands still where a test wants it. */
function actorAt(shown: FakeTabState, now: number) {
  const {
    phase = 'active',
    stage = 'toast',
    answer = 'counting',
    online = true,
    policy = {},
    remaining = null,
  } = shown;
  const view = fakeView({ phase, stage, reason: shown.reason ?? null, policy, remaining, now });
  const { user = hasUser(phase) ? { id: 'user-1', username: 'ada' } : null, problem = null } = shown;
  const isLive = view?.state === 'active' || view?.state === 'expiring';
  const context = {
    user,
    view,
    stage,
    now,
    retryAt: null,
    problem: typeof problem === 'string' ? { code: problem, at: now } : problem,
    reason: isLive ? null : (shown.reason ?? view?.reason ?? null),
    isAnother: false,
    isRefreshing: false,
    refreshProblem: null,
  };
  const value = {
    network: online ? 'online' : 'offline',
    prediction: 'off',
    session: placeOf(phase, answer),
  };
  return createActor(tabMachine, { snapshot: tabMachine.resolveState({ value, context }) });
}

/** What a fake tab does: nothing, but for noting it and for what a test gives. */
function fakeActions(given: Partial<TabActions>, clock: TestClock, calls: FakeCall[]): TabActions {
  const note =
    <Given extends readonly unknown[], Result>(name: string, act: (...given: Given) => Result) =>
    (...args: Given): Result => {
      calls.push([name, ...args]);
      return act(...args);
    };
  const nothing = () => {};
  const works = async () => null;
  const held = () => ({ status: () => 'held' as const, subscribe: () => nothing, release: nothing });
  return {
    now: given.now ?? clock.now,
    signIn: note('signIn', given.signIn ?? nothing),
    extend: note('extend', given.extend ?? nothing),
    retry: note('retry', given.retry ?? nothing),
    reauthenticate: note('reauthenticate', given.reauthenticate ?? nothing),
    cancelProof: note('cancelProof', given.cancelProof ?? nothing),
    signOut: note('signOut', given.signOut ?? nothing),
    chooseSignIn: note('chooseSignIn', given.chooseSignIn ?? nothing),
    prove: note('prove', given.prove ?? works),
    changePassword: note('changePassword', given.changePassword ?? works),
    deleteAccount: note('deleteAccount', given.deleteAccount ?? works),
    downloadData: note('downloadData', given.downloadData ?? works),
    fetch: note('fetch', given.fetch ?? (async () => Response.json({}))),
    sent: note('sent', given.sent ?? nothing),
    lease: note('lease', given.lease ?? held),
    watchInput: note('watchInput', given.watchInput ?? (() => nothing)),
  };
}

/**
 * A tab for tests of components: it shows the phase that is given, and stays there until `show`.
 *
 * @throws `TypeError` with one line that names an option that cannot be used
 */
export function fakeTab(given: FakeTabOptions = {}): FakeTab {
  check(given);
  const { ways: list = [{ kind: 'password' }], drafts = {}, actions: own = {}, clock = testClock(), ...first } = given;
  const calls: FakeCall[] = [];
  const [ofState, ofActor] = [new Set<() => void>(), new Set<() => void>()];
  const listening = (listeners: Set<() => void>) => (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  let shown: FakeTabState = first;
  let actor = actorAt(shown, clock.now());
  let state = stateOf(actor.getSnapshot());
  const actions = fakeActions(own, clock, calls);
  const ways: Ways = { list, isUnknown: false, name: null, problem: null };
  return {
    ...actions,
    actions,
    state: () => state,
    subscribe: listening(ofState),
    onTick: clock.subscribe,
    hold: () => () => {},
    ready: async () => state,
    takeResumed: () => false,
    notices: createNotices().notices,
    recordActivity: () => void calls.push(['recordActivity']),
    actor: () => actor,
    onActor: listening(ofActor),
    trace: createTrace(clock.now),
    ways: {
      read: () => ways,
      subscribe: () => () => {},
      ask: async () => ways,
      proofFor: (way) => (way.kind === 'password' ? null : async () => {}),
    },
    drafts: fakeDrafts(drafts, clock.now),
    forms: fakeForms(),
    inventory: createInventory(),
    viewState: createViewState(null, () => () => {}),
    calls: () => [...calls],
    show(changes) {
      check(changes);
      shown = { ...shown, ...changes };
      actor = actorAt(shown, clock.now());
      state = stateOf(actor.getSnapshot());
      for (const listener of [...ofState, ...ofActor]) listener();
    },
  };
}
