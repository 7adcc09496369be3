import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';

/** A state of a machine, as it is drawn. */
export interface ChartState {
  /** The path from the root, dotted: `active.fresh`. The root itself is `''`. */
  readonly id: string;
  /** The last part of the path; the machine's own id for the root. */
  readonly name: string;
  readonly parent: string | null;
  readonly type: 'atomic' | 'compound' | 'parallel' | 'final' | 'history';
  /** The child it begins in, by id. */
  readonly initial: string | null;
  /** What runs while it is entered: the names of its actors. */
  readonly invokes: readonly string[];
  readonly entry: readonly string[];
  readonly exit: readonly string[];
}

/** A transition of a machine, as it is drawn. */
export interface ChartTransition {
  /** The same in every run of the same machine: `active|clock.reached|1`. */
  readonly id: string;
  readonly from: string;
  readonly event: string;
  /** `null` when the state is not left. */
  readonly to: string | null;
  readonly guard: string | null;
  readonly actions: readonly string[];
}

/** A machine as a drawing, an export or a test sees it. */
export interface Chart {
  readonly id: string;
  /** Parents before their children, the root first. */
  readonly states: readonly ChartState[];
  /** In the order in which the machine tries them. */
  readonly transitions: readonly ChartTransition[];
}

/** A state's id in its chart. */
export const stateIdOf = (node: Pick<AnyStateNode, 'path'>): string => node.path.join('.');

const nameOf = (part: unknown): string =>
  typeof part === 'object' && part !== null && 'type' in part ? String(part.type) : String(part);

const actorAnswer = /^xstate\.(done|error)\.actor\./;

function childrenOf(node: AnyStateNode): readonly AnyStateNode[] {
  return Object.values<AnyStateNode>(node.states);
}

/**
 * What a transition's event is called in a chart: an invoked actor's answers are `done(resume)` and `error(resume)`,
 * everything else is the event's own type.
 */
function eventNameOf(node: AnyStateNode, event: string): string {
  const answer = actorAnswer.exec(event);
  if (!answer) return event;
  const invoked = node.invoke.find(({ id }) => event.endsWith(`.${id}`));
  return `${answer[1]}(${nameOf(invoked?.src ?? '?')})`;
}

/** A transition's id in its chart, from what XState's inspection tells of a step. */
export function transitionIdOf(taken: AnyTransitionDefinition): string {
  const candidates = taken.source.transitions.get(String(taken.eventType)) ?? [];
  return `${stateIdOf(taken.source)}|${eventNameOf(taken.source, String(taken.eventType))}|${candidates.indexOf(taken)}`;
}

const stateOf = (node: AnyStateNode): ChartState => ({
  id: stateIdOf(node),
  name: node.key,
  parent: node.parent ? stateIdOf(node.parent) : null,
  type: node.type,
  initial: node.initial.target[0] ? stateIdOf(node.initial.target[0]) : null,
  invokes: node.invoke.map(({ src }) => nameOf(src)),
  entry: node.entry.map(nameOf),
  exit: node.exit.map(nameOf),
});

const transitionsOf = (node: AnyStateNode): readonly ChartTransition[] =>
  [...node.transitions.values()].flat().map((each) => ({
    id: transitionIdOf(each),
    from: stateIdOf(node),
    event: eventNameOf(node, String(each.eventType)),
    to: each.target?.[0] ? stateIdOf(each.target[0]) : null,
    guard: each.guard === undefined ? null : nameOf(each.guard),
    actions: each.actions.map(nameOf),
  }));

/** Reads a machine's states and transitions from the machine itself, so that a drawing cannot differ from it. */
export function chartOf(machine: AnyStateMachine): Chart {
  const nodes: AnyStateNode[] = [];
  const visit = (node: AnyStateNode) => {
    nodes.push(node);
    for (const child of childrenOf(node)) visit(child);
  };
  visit(machine.root);
  return { id: machine.id, states: nodes.map(stateOf), transitions: nodes.flatMap(transitionsOf) };
}
