import { createActor, fromCallback, fromPromise, type EventObject } from 'xstate';
import {
  isLiveView,
  step,
  tabMachine,
  viewOf,
  type Checked,
  type Instant,
  type Policy,
  type SessionEvent,
  type SessionState,
  type SessionView,
  type StreamCommand,
  type TabEvent,
  type User,
  type ViewTold,
  type WarningTold,
} from '../../machines/index.ts';
import { begun, policyWith } from './machines.ts';

export const user = { id: 'u1', username: 'ada' };
export const credentials = { username: 'ada', password: 'right', remember: false, register: false };

/** The server's side of one session: steps it, and tells how it is. */
export function serverWith(policy: Partial<Policy> = {}) {
  let state: SessionState = begun(policyWith(policy)).state;
  const does = (event: SessionEvent) => {
    ({ state } = step(state, event));
  };
  return {
    does,
    at(instant: Instant): SessionView {
      does({ type: 'clock.reached', at: instant });
      return viewOf('s1', state, instant);
    },
    extend: (at: Instant) => does({ type: 'session.extended', at, generation: 0 }),
    reauthenticate: (at: Instant) =>
      does({ type: 'user.reauthenticated', at, method: 'pwd', generation: 1, policy: state.context.policy }),
  };
}

/** What the browser does in the tab machine's name. */
export const effects = ['resume', 'signIn', 'extend', 'check', 'reauthenticate', 'restore', 'signOut'] as const;
export type Effect = (typeof effects)[number];

/** What the server answers an effect. */
export interface Answer {
  readonly view?: SessionView;
  readonly user?: User | null;
}

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (problem: unknown) => void;
}

const turns = async () => {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
};

/** A running tab whose effects wait until the test answers them. */
export function runningTab() {
  const pending = new Map<string, Pending>();
  const asked: [name: string, input: unknown][] = [];
  const did: string[] = [];
  const running = new Set<string>();
  let alarm: Instant | null = null;
  const deed = (name: string) => () => void did.push(name);
  /** An actor that goes on until it is stopped; what it is told is written down by a word. */
  const lasting = <Told extends EventObject>(name: string, word: (event: Told) => string) =>
    fromCallback<Told, never>(({ receive, input }) => {
      running.add(name);
      if (input !== undefined) did.push(`${name}: ${word(input)}`);
      receive((event) => did.push(`${name}: ${word(event)}`));
      return () => void running.delete(name);
    });
  const waiting = (name: string) =>
    fromPromise<never, never>(({ input }) => {
      asked.push([name, input]);
      return new Promise((resolve, reject) =>
        pending.set(name, { resolve: (value) => resolve(value as never), reject }),
      );
    });
  const machine = tabMachine.provide({
    actors: {
      ...(Object.fromEntries(effects.map((name) => [name, waiting(name)])) as object),
      alarm: fromCallback<{ type: 'alarm.set'; at: Instant | null }>(({ receive }) => {
        receive(({ at }) => (alarm = at));
      }),
      stream: fromCallback<StreamCommand, { session: string }>(({ receive, input }) => {
        running.add('stream');
        did.push(`stream: ${input.session}`);
        receive(({ type }) => did.push(type));
        return () => void running.delete('stream');
      }),
      leases: lasting<ViewTold>('leases', ({ view }) => view?.state ?? 'none') as never,
      renewal: lasting<ViewTold>('renewal', ({ view }) => view?.state ?? 'none') as never,
      warningReceipts: lasting<WarningTold>('warningReceipts', ({ stage }) => stage) as never,
    },
    actions: {
      flush: deed('flush'),
      revalidate: deed('revalidate'),
      clearTexts: deed('clearTexts'),
      clearWork: deed('clearWork'),
      clearActivity: deed('clearActivity'),
      deleteToken: ({ context }) => void did.push(`deleteToken: ${context.reason}`),
    },
  });
  const actor = createActor(machine).start();
  const tab = {
    asked,
    /** What was done by name, and what the actors were told, since this was last asked. */
    did: () => did.splice(0),
    runs: () => [...running].toSorted(),
    alarm: () => alarm,
    snapshot: () => actor.getSnapshot(),
    context: () => actor.getSnapshot().context,
    is: () => {
      const { session } = actor.getSnapshot().value;
      return typeof session === 'string'
        ? session
        : JSON.stringify(session).replaceAll(/[{}"]/g, '').replaceAll(':', '.');
    },
    child: () => {
      const child = actor.getSnapshot().children.session?.getSnapshot();
      return child && 'value' in child ? child.value : undefined;
    },
    send: (event: TabEvent) => actor.send(event),
    clock: (at: Instant) => actor.send({ type: 'clock.reached', at }),
    /** Answers what was asked: a view is told first, as the browser does it. */
    async answers(name: Effect, answer: Answer = {}, isShown = true) {
      if (answer.view) actor.send({ type: 'server.answered', isAsked: true, ...answer, view: answer.view });
      await tab.finishes(name, { isShown: isShown && isLiveView(answer.view ?? null) });
    },
    async finishes(name: Effect, output: Checked) {
      pending.get(name)?.resolve(output);
      pending.delete(name);
      await turns();
    },
    async refuses(name: Effect, code: string, members: object = {}) {
      pending.get(name)?.reject({ code, at: tab.context().now, ...members });
      pending.delete(name);
      await turns();
    },
  };
  return tab;
}
