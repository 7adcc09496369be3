import { fromTransition, type TransitionSnapshot } from 'xstate';
import { TestModel } from 'xstate/graph';
import { walksOf, watch, type Unreachable } from './coverage.ts';
import { after } from './deeds.ts';
import { deeds, isOffered, keyOf, type SceneDeed } from './offers.ts';
import { opened, settled, type Scene } from './scene.ts';

/** A way through the graph of scenes. */
export interface ScenePath {
  readonly deeds: readonly SceneDeed[];
  /** What each deed leads to. */
  readonly scenes: readonly Scene[];
  /** What of the tab machine it walks: ids of its chart; of guards that say no they end with `: no`. */
  readonly walks: ReadonlySet<string>;
}

type Edge = { readonly type: SceneDeed };

/** The first scene: the application is open, and nobody is signed in. */
export const beginning = (): Scene => settled(opened());

/** One path for every edge of the graph of scenes: the shortest way to where it starts, and then the edge. */
export function scenePaths(): readonly ScenePath[] {
  const begin = beginning();
  const walked = new Map<Scene, readonly string[]>();
  const known = new Map<Scene, Map<SceneDeed, Scene>>();
  const does = (scene: Scene, { type }: Edge): Scene => {
    const before = known.get(scene)?.get(type);
    if (before) return before;
    const here = watch('tab');
    const then = { ...after(scene, type) };
    here.stop();
    walked.set(then, walksOf(here));
    known.set(scene, (known.get(scene) ?? new Map<SceneDeed, Scene>()).set(type, then));
    return then;
  };
  const model = new TestModel<TransitionSnapshot<Scene>, Edge, undefined>(fromTransition(does, begin) as never, {
    events: (({ context }: TransitionSnapshot<Scene>) =>
      deeds.filter((deed) => isOffered(context, deed)).map((type) => ({ type }))) as never,
    serializeState: ({ context }) => keyOf(context),
    serializeEvent: ({ type }) => type,
  });
  const ways = model.getShortestPaths({ allowDuplicatePaths: true }).map((way) => {
    const steps = way.steps.filter(({ event }) => deeds.includes(event.type));
    const scenes = [...way.steps.slice(1).map(({ state }) => state.context), way.state.context];
    return { key: keyOf(way.state.context), deeds: steps.map(({ event }) => event.type), scenes };
  });
  const wayTo = new Map(ways.map((way) => [way.key, way]));
  return Object.entries(model.getAdjacencyMap()).flatMap(([key, { transitions }]) => {
    const way = wayTo.get(key);
    const edges: readonly { readonly event: Edge }[] = Object.values(transitions);
    return edges.map(({ event }) => {
      const whole = [...(way?.deeds ?? []), event.type];
      let scene = begin;
      const scenes = whole.map((deed) => (scene = does(scene, { type: deed })));
      return { deeds: whole, scenes, walks: new Set(scenes.flatMap((each) => walked.get(each) ?? [])) };
    });
  });
}

/** For everything that can be walked, the shortest path that does. */
export function onePerEdge(paths: readonly ScenePath[]): readonly ScenePath[] {
  const shortest = new Map<string, ScenePath>();
  for (const path of paths.toSorted((a, b) => a.deeds.length - b.deeds.length))
    for (const id of path.walks) if (!shortest.has(id)) shortest.set(id, path);
  return [...new Set(shortest.values())];
}

const oneAnswer =
  'answers are held back and arrive all at once, so that nothing happens between the requests of a start';
const elsewhere =
  'a scene has one user, who types a password; tests/recipes/oidc drives one who comes back from a provider, and another';

/** What the application does not bring the tab machine to in any browser, and why. */
export const unreachableInBrowser: Unreachable = {
  'session.ended|signIn.asked|0': 'the screen that says it is over offers the way to the form, not the form',
  'session.signedIn.warning.counting|extend.asked|0: no': 'the button is not there when it is no',
  'session.signedIn.warning.reauthenticating|error(reauthenticate)|0': elsewhere,
  'session.lapsed.reauthenticating|error(reauthenticate)|1': elsewhere,
  'session.starting|signIn.failed|0': elsewhere,
  'session.starting.asking|error(resume)|0': oneAnswer,
  'session.starting.asking|server.refused|0': oneAnswer,
  'session.starting.confirming': oneAnswer,
  'session.starting.confirming|done(resume)|0': oneAnswer,
  'session.starting.confirming|done(resume)|0: no': oneAnswer,
  'session.starting.confirming|done(resume)|1': oneAnswer,
  'session.starting.confirming|done(resume)|1: no': oneAnswer,
  'session.starting.confirming|done(resume)|2': oneAnswer,
  'session.starting.confirming|done(resume)|2: no': oneAnswer,
  'session.starting.confirming|done(resume)|3': oneAnswer,
  'session.starting.confirming|error(resume)|0': oneAnswer,
};
