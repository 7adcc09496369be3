import { fromCallback, initialTransition, transition, type EventObject } from 'xstate';
import {
  currentGeneration,
  isLive,
  isLiveView,
  minutes,
  reasonOf,
  seconds,
  settle,
  stageAt,
  step,
  tabMachine,
  viewOf,
  type Duration,
  type Instant,
  type SessionEvent,
  type SessionState,
  type SessionView,
} from '../../../machines/index.ts';
import { begun, policyWith, t0 } from '../machines.ts';
import { pendingIn, type TabSnapshot } from './pending.ts';

/** Short ways to everything: an absolute limit that one late extension reaches at once. */
export const scenePolicy = { absoluteTimeout: minutes(57), tokenLifetime: minutes(57) };
const policy = policyWith(scenePolicy);

/** How long the browser waits for an answer. */
export const patience = seconds(10);

/** How long React shows at least that a page is being loaded. */
export const loadingShown: Duration = 300;

/** One tab, its server, and everything in between. */
export interface Scene {
  readonly now: Instant;
  readonly tab: TabSnapshot;
  readonly server: SessionState | null;
  /** How many sessions there were; views of another session are another session's. */
  readonly session: number;
  readonly hasCookie: boolean;
  readonly isOnline: boolean;
  readonly isUp: boolean;
  /** What this tab asks waits on its way. */
  readonly isHeld: boolean;
  /** Who is here was asked with a cookie that the browser has no more. */
  readonly isSigned: boolean;
  /** A sign-out that the server has not heard of; the next load tells it. */
  readonly isLeaving: boolean;
  /** A request of the application is on its way, and whether it carries a cookie. */
  readonly asking: 'no' | 'signed' | 'unsigned';
  /** What the person typed. */
  readonly asked: 'right' | 'wrong';
}

const machine = tabMachine.provide({ actors: { alarm: fromCallback(() => {}) } });

/** A tab that has just been loaded. */
export const loaded = (): TabSnapshot => initialTransition(machine)[0];

/** What becomes of a scene when the tab is given an event, and whether the tab asks the server because of it. */
export const asking = (scene: Scene, event: EventObject): { readonly scene: Scene; readonly revalidates: boolean } => {
  const [tab, actions] = transition(machine, scene.tab, event as never);
  return { scene: { ...scene, tab }, revalidates: actions.some(({ type }) => type === 'revalidate') };
};

/** What becomes of a scene when the tab is given an event. */
export const sent = (scene: Scene, event: EventObject): Scene => asking(scene, event).scene;

/** A browser that nobody has signed in to yet. */
export const opened = (now = t0): Scene => ({
  now,
  tab: loaded(),
  server: null,
  session: 0,
  hasCookie: false,
  isOnline: true,
  isUp: true,
  isHeld: false,
  isSigned: false,
  isLeaving: false,
  asking: 'no',
  asked: 'right',
});

const user = { id: 'u1', username: 'ada' };

/** What becomes of a scene when the server's session is given events. */
export const onServer = (scene: Scene, ...events: readonly SessionEvent[]): Scene => {
  if (!scene.server) return scene;
  let state = settle(scene.server, scene.now).state;
  for (const event of events) ({ state } = step(state, event));
  return { ...scene, server: state };
};

/** What the server tells of the session. */
export const viewIn = ({ server, session, now }: Scene): SessionView | null =>
  server && viewOf(`s${session}`, server, now);

/** The generation that is used now. */
export const generationOf = ({ context }: SessionState) => currentGeneration(context).generation;
export const isOver = ({ leaf }: SessionState) => leaf.startsWith('ended');
export const isOpen = ({ server, hasCookie }: Scene) => server !== null && hasCookie && isLive(server.leaf);

/** Somebody stays. */
export const extended = (scene: Scene): Scene => {
  if (!scene.server) return scene;
  const generation = generationOf(scene.server);
  const at = scene.now;
  return onServer(
    scene,
    { type: 'token.confirmed', at, generation },
    { type: 'session.extended', at, generation },
    { type: 'token.rotated', at, generation: generation + 1 },
  );
};

/** Somebody proves who they are. */
export const proved = (scene: Scene): Scene =>
  scene.server
    ? onServer(scene, {
        type: 'user.reauthenticated',
        at: scene.now,
        method: 'pwd',
        generation: generationOf(settle(scene.server, scene.now).state) + 1,
        policy,
      })
    : scene;

/** Somebody signs out. */
export const left = (scene: Scene): Scene => ({
  ...onServer(scene, { type: 'user.signedOut', at: scene.now }),
  hasCookie: false,
  isLeaving: false,
});

/** What the server tells of the session, and who is signed in. */
interface Told {
  readonly view: SessionView | null;
  readonly user?: typeof user;
}

type Outcome = { readonly scene: Scene } & ({ readonly told: Told | null } | { readonly code: string });

/** What the server makes of what the tab asks it for. */
function answer(before: Scene, effect: string): Outcome {
  if (!before.isOnline || !before.isUp)
    return { scene: effect === 'signOut' ? { ...before, isLeaving: true } : before, code: 'network' };
  const scene = onServer(before);
  const { server } = scene;
  switch (effect) {
    case 'signIn': {
      if (scene.asked === 'wrong') return { scene, code: 'invalid_credentials' };
      const fresh: Scene = {
        ...scene,
        server: begun(policy, scene.now).state,
        session: scene.session + 1,
        hasCookie: true,
        isLeaving: false,
      };
      return { scene: fresh, told: { user, view: viewIn(fresh) } };
    }
    case 'resume': {
      const here = scene.isLeaving && scene.hasCookie ? left(scene) : { ...scene, isLeaving: false };
      const found = here.hasCookie || here.isSigned ? viewIn(here) : null;
      return { scene: { ...here, isSigned: false }, told: found && { user, view: found } };
    }
    case 'signOut':
      return { scene: scene.hasCookie ? left(scene) : scene, told: null };
    case 'restore':
      return scene.hasCookie ? { scene, told: null } : { scene, code: 'unauthenticated' };
  }
  const view = viewIn(scene);
  if (!scene.hasCookie || !server || !view) return { scene, code: 'unauthenticated' };
  const over = isOver(server) ? 'session_ended' : 'session_lapsed';
  switch (effect) {
    case 'check':
      return { scene, told: { view } };
    case 'extend': {
      if (!isLive(server.leaf)) return { scene, code: over };
      if (!view.canExtend && view.state === 'expiring') return { scene, code: 'cannot_extend' };
      const done = extended(scene);
      return { scene: done, told: { view: viewIn(done) } };
    }
    case 'reauthenticate': {
      if (isOver(server)) return { scene, code: over };
      if (scene.asked === 'wrong') return { scene, code: 'invalid_credentials' };
      const done = proved(scene);
      return { scene: done, told: { user, view: viewIn(done) } };
    }
  }
  throw new Error(`the browser is never asked to ${effect}`);
}

function refused(scene: Scene, id: string, code: string): Scene {
  const reason = code.startsWith('session_') && scene.server ? reasonOf(scene.server) : null;
  const error = { code, reason, at: scene.now };
  return sent(scene, { type: `xstate.error.actor.${id}`, error, actorId: id } as EventObject);
}

function arrived(scene: Scene, id: string, answered: Told | null): Scene {
  // What the server said is told before the effect that asked is done.
  const now = answered ? sent(scene, { type: 'server.answered', isAsked: true, ...answered } as EventObject) : scene;
  if (!pendingIn(now.tab).some((pending) => pending.id === id)) return now;
  const output = { isShown: isLiveView(answered?.view ?? null) };
  return sent(now, { type: `xstate.done.actor.${id}`, output, actorId: id } as EventObject);
}

/** A refresh is told beside what it is for. */
function refreshed(scene: Scene, effect: string, type: 'refresh.began' | 'refresh.ended'): Scene {
  return effect === 'extend' ? sent(scene, { type, problem: null } as EventObject) : scene;
}

/** Lets everything that is on its way arrive. */
export function settled(scene: Scene): Scene {
  let now = scene;
  for (let turn = 0; turn < 20; turn++) {
    // What needs no server is not held back.
    const [pending] = now.isHeld && now.isOnline ? [] : pendingIn(now.tab);
    if (!pending) return now;
    const { id, effect } = pending;
    const outcome = answer(refreshed(now, effect, 'refresh.began'), effect);
    const then = refreshed(outcome.scene, effect, 'refresh.ended');
    now = 'code' in outcome ? refused(then, id, outcome.code) : arrived(then, id, outcome.told);
  }
  throw new Error('the tab asks without end');
}

/** Lets everything that is on its way fail. */
export function failed(scene: Scene): Scene {
  const [pending] = pendingIn(scene.tab);
  return pending ? settled(refused({ ...scene, isSigned: false }, pending.id, 'network')) : scene;
}

/** Where the tab is, as one word. */
export const phaseOf = ({ tab: { value } }: Pick<Scene, 'tab'>): string => {
  const { session } = value;
  return typeof session === 'string' ? session : JSON.stringify(session).replaceAll(/[{}"]/g, '').replaceAll(':', '.');
};

/** Whether the warning waits for its first answer. */
export const isCounting = (scene: Scene): boolean => phaseOf(scene) === 'signedIn.warning.counting';

/** What the person sees of the time. */
export const stageOf = ({ tab: { context }, now }: Scene) => (context.view ? stageAt(context.view, now) : 'none');

/** A tab hears of a view, from the server's stream or from another tab. */
export const hears = (scene: Scene): Scene => {
  const view = viewIn(scene);
  return view ? settled(sent(scene, { type: 'server.answered', view } as EventObject)) : scene;
};

/** What a tab that is looked at hears from the server's stream. */
export const streamed = (scene: Scene): Scene => {
  const isCut = !scene.isOnline || !scene.isUp || scene.isHeld;
  return !isCut && scene.hasCookie && phaseOf(scene).startsWith('signedIn') ? hears(scene) : scene;
};
