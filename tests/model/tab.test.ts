import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromCallback, type EventObject } from 'xstate';
import { TestModel } from 'xstate/graph';
import {
  dialogAt,
  hours,
  isLiveView,
  leafOf,
  minutes,
  nearestDeadline,
  stageAt,
  tabMachine,
  type Checked,
  type SessionView,
  type TabEvent,
} from '../../machines/index.ts';
import { t0 } from '../support/machines.ts';
import { credentials, runningTab, serverWith, user, type Effect } from '../support/tabMachine.ts';
import { coverageRow, missing, watch, type Unreachable } from '../support/model/coverage.ts';
import { portion } from '../support/model/paths.ts';
import { pendingIn, type TabSnapshot } from '../support/model/pending.ts';

/** Everything that the server can tell of a session, seen from one tab. */
const told = (version: number): Readonly<Record<string, SessionView>> => {
  const at = (view: SessionView): SessionView => ({ ...view, version });
  const nearAbsolute = serverWith({ absoluteTimeout: minutes(40) });
  nearAbsolute.extend(t0 + minutes(20));
  return {
    quiet: at(serverWith().at(t0)),
    warned: at(serverWith().at(t0 + minutes(26))),
    'warned for good': at(nearAbsolute.at(t0 + minutes(36))),
    lapsed: at(serverWith().at(t0 + minutes(31))),
    ended: at(serverWith().at(t0 + hours(40))),
  };
};

const codes = [
  'network',
  'session_lapsed',
  'unauthenticated',
  'session_mismatch',
  'cannot_extend',
  'invalid_credentials',
];

/** What an effect can come to where the tab is: it tells what the server said, and then it is done. */
function outcomesOf(effect: Effect, id: string, { context: { view, now } }: TabSnapshot): readonly EventObject[] {
  const version = (view?.version ?? 0) + 1;
  const tells = (views: readonly (SessionView | undefined)[]) =>
    views.map((each) => ({ type: 'server.answered', view: each, user, isAsked: true }));
  const done = (isShown: boolean) => ({ type: `xstate.done.actor.${id}`, output: { isShown }, actorId: id });
  const fails = codes.map((code) => ({ type: `xstate.error.actor.${id}`, error: { code, at: now }, actorId: id }));
  const all = Object.values(told(version));
  const { quiet } = told(version);
  const isOpen = isLiveView(view);
  switch (effect) {
    case 'resume':
      return view === null ? [...tells(all), done(false), ...fails] : [done(false)];
    case 'signIn':
      return view === null ? [...tells([quiet]), ...fails] : [done(true)];
    case 'reauthenticate':
      return [...tells([quiet]), ...(isOpen ? [done(true)] : []), ...fails];
    case 'extend':
      return [...tells(all), done(false), ...fails];
    case 'check':
      return [...tells([...all, view ?? undefined]), done(false), ...(isOpen ? [done(true)] : []), ...fails];
    case 'restore':
    case 'signOut':
      return [done(true), ...fails];
  }
}

/** Everything that can happen to a tab where it is; times are placed by its own deadlines. */
function eventsAt(snapshot: TabSnapshot): readonly EventObject[] {
  const { view, now, retryAt } = snapshot.context;
  const version = (view?.version ?? 0) + 1;
  const instants = [
    now,
    ...(view
      ? [view.warnAt, dialogAt(view), nearestDeadline(view) - 1, nearestDeadline(view), view.restorableUntil]
      : []),
    retryAt,
  ].filter((at) => typeof at === 'number' && at >= now);
  const given: readonly TabEvent[] = [
    ...[...new Set(instants)].map((at) => ({ type: 'clock.reached', at: Number(at) }) as const),
    ...Object.values(told(version)).map((each) => ({ type: 'server.answered', view: each }) as const),
    { type: 'server.answered', view: { ...serverWith().at(t0), version: 0 } },
    { type: 'server.refused', reason: 'idle' },
    { type: 'server.refused', reason: 'signed_out' },
    { type: 'server.refused', reason: null },
    { type: 'credential.lost' },
    { type: 'network.lost' },
    { type: 'network.found' },
    { type: 'revalidation.asked' },
    { type: 'tab.left' },
    { type: 'signIn.failed', error: { code: 'stale_proof', at: now } },
    { type: 'refresh.began' },
    { type: 'refresh.ended', problem: null },
    { type: 'signIn.asked', ...credentials },
    { type: 'extend.asked' },
    { type: 'retry.asked' },
    { type: 'deletion.began' },
    { type: 'deletion.failed' },
    { type: 'reauthentication.asked', password: 'right' },
    { type: 'signOut.asked', forgetDevice: false },
    { type: 'signIn.chosen' },
  ];
  return [...given, ...pendingIn(snapshot).flatMap(({ effect, id }) => outcomesOf(effect, id, snapshot))];
}

const forGood = (reason: string | null) => reason !== null && reason !== 'idle' && reason !== 'absolute';

/** Where nothing of the session before matters any more. */
const isOver = (session: TabSnapshot['value']['session']) => session === 'ended' || session === 'signingOut';

/** What of a tab can make a difference to what happens next. */
const keyOf = ({ value, context: { view, now, retryAt, stage, reason, user: who } }: TabSnapshot): string =>
  JSON.stringify(
    isOver(value.session)
      ? value
      : [
          value,
          view && [view.state, view.canExtend, stageAt(view, now)],
          retryAt !== null,
          stage,
          forGood(reason),
          who !== null,
        ],
  );

interface Path {
  readonly events: readonly EventObject[];
  readonly before: TabSnapshot;
  readonly after: TabSnapshot;
}

/** One path for every edge: the shortest way to where it starts, and then the edge. */
function paths(): readonly Path[] {
  const quiet = tabMachine.provide({ actors: { alarm: fromCallback(() => {}) } });
  const model = new TestModel(quiet as never, {
    events: ((snapshot: TabSnapshot) => eventsAt(snapshot)) as never,
    serializeState: keyOf as never,
    serializeEvent: (event: EventObject) => JSON.stringify(event),
  });
  const ways = new Map(
    model
      .getShortestPaths({ allowDuplicatePaths: true })
      .map((way) => [keyOf(way.state as unknown as TabSnapshot), way.steps.map(({ event }) => event)]),
  );
  return Object.entries(model.getAdjacencyMap()).flatMap(([key, from]) => {
    const { state: before, transitions } = from as { state: TabSnapshot; transitions: object };
    const way = (ways.get(key) ?? []).filter(({ type }) => type !== 'xstate.init');
    const edges = Object.values(transitions) as { state: TabSnapshot; event: EventObject }[];
    return edges.map(({ state: after, event }) => ({ events: [...way, event], before, after }));
  });
}

type Tab = ReturnType<typeof runningTab>;

/** Gives a running tab what the path gives the drawing: effects are answered where it has an answer. */
async function give(tab: Tab, event: EventObject): Promise<void> {
  const pending = pendingIn(tab.snapshot()).find(({ id }) => event.type.endsWith(`.actor.${id}`));
  if (!pending) return tab.send(event as TabEvent);
  if (event.type.startsWith('xstate.done'))
    return tab.finishes(pending.effect, (event as unknown as { output: Checked }).output);
  const { code, at } = (event as unknown as { error: { code: string; at: number } }).error;
  return tab.refuses(pending.effect, code, { at });
}

const unreachable: Unreachable = {};

describe('the tab machine, on one path for every edge', () => {
  let walked: ReturnType<typeof watch>;
  beforeAll(() => {
    walked = watch('tab');
  });
  afterAll(() => {
    walked.stop();
    console.log(coverageRow('a tab (driver)', tabMachine, walked, unreachable));
  });

  it('is live what it is in the drawing, is woken before what it shows ends, and predicts where the session is', async () => {
    const all = paths();
    const chosen = portion(all, { quick: 97, deep: 17 });
    console.log(`${chosen.length} of ${all.length} paths`);
    for (const { events, after } of chosen) {
      const tab = runningTab();
      for (const event of events) await give(tab, event);
      const story = events.map(({ type }) => type).join('\n');
      const { value, context } = tab.snapshot();
      expect([value, context], story).toEqual([after.value, after.context]);

      const { view, now } = context;
      const isLive = view?.state === 'active' || view?.state === 'expiring';
      if (tab.is().startsWith('signedIn') && view && isLive && now < nearestDeadline(view)) {
        expect(tab.alarm(), story).not.toBeNull();
        expect(tab.alarm(), story).toBeLessThanOrEqual(nearestDeadline(view));
        expect(leafOf(tab.child() as never), story).toBe(now >= view.warnAt ? 'active.expiring' : 'active.fresh');
      }
    }
  }, 3_600_000);

  it('walks every state, every transition, and every guard both ways', () => {
    expect(missing(tabMachine, walked, unreachable)).toEqual([]);
  });
});
