import { createActor, fromCallback, fromPromise } from 'xstate';
import {
  step,
  tabMachine,
  viewOf,
  type Instant,
  type Policy,
  type SessionEvent,
  type SessionState,
  type SessionView,
  type TabEvent,
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
  let alarm: Instant | null = null;
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
    },
  });
  const actor = createActor(machine).start();
  const tab = {
    asked,
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
    async answers(name: Effect, value?: unknown) {
      pending.get(name)?.resolve(value);
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
