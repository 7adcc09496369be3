import { StateMachine, type AnyMachineSnapshot, type AnyStateNode, type AnyTransitionDefinition } from 'xstate';
import { chartOf, stateIdOf, transitionIdOf } from '../../../machines/index.ts';

/** What of a machine has been walked, by the ids of its chart. */
export interface Walked {
  readonly states: ReadonlySet<string>;
  /** Taken; of a guarded one, the guard said yes. */
  readonly taken: ReadonlySet<string>;
  /** Tried and not taken: the guard said no. */
  readonly refused: ReadonlySet<string>;
}

type Asked = (snapshot: AnyMachineSnapshot, event: { type: string }) => AnyTransitionDefinition[];

const nodesOf = ({ _nodes: nodes }: AnyMachineSnapshot): readonly AnyStateNode[] => nodes;

/** Guarded transitions that were tried before the one taken, in every part of the machine that is active. */
function refusedIn(snapshot: AnyMachineSnapshot, event: { type: string }, taken: AnyTransitionDefinition[]) {
  const refused: AnyTransitionDefinition[] = [];
  const leaves = nodesOf(snapshot).filter(({ type }) => type === 'atomic' || type === 'final');
  for (const leaf of leaves) {
    for (let node: AnyStateNode | undefined = leaf; node; node = node.parent) {
      const tried: AnyTransitionDefinition[] = node.transitions.get(event.type) ?? [];
      const found = tried.findIndex((each) => taken.includes(each));
      // A parallel state is asked only when none of its regions has an answer.
      if (found === -1 && node.type === 'parallel' && taken.length > 0) break;
      refused.push(...tried.slice(0, found === -1 ? tried.length : found).filter(({ guard }) => guard !== undefined));
      if (found !== -1) break;
    }
  }
  return refused;
}

/**
 * Watches every step that any machine of this name takes in this process, by whomever it is run: XState asks the
 * machine itself which transitions are enabled, and that is where this listens. What happens while `isSystem` says no is
 * the test's own reckoning and is not counted.
 */
export function watch(id: string, isSystem: () => boolean = () => true): Walked & { readonly stop: () => void } {
  const walked = { states: new Set<string>(), taken: new Set<string>(), refused: new Set<string>() };
  const prototype = StateMachine.prototype as unknown as { getTransitionData: Asked };
  const { getTransitionData } = prototype;
  prototype.getTransitionData = function asked(this: { id: string }, snapshot, event) {
    const taken = getTransitionData.call(this, snapshot, event);
    if (this.id === id && isSystem()) {
      for (const node of nodesOf(snapshot)) walked.states.add(stateIdOf(node));
      for (const each of taken) {
        walked.taken.add(transitionIdOf(each));
        for (const target of each.target ?? []) walked.states.add(stateIdOf(target));
      }
      for (const each of refusedIn(snapshot, event, taken)) walked.refused.add(transitionIdOf(each));
    }
    return taken;
  };
  return { ...walked, stop: () => void (prototype.getTransitionData = getTransitionData) };
}

/** Something of a chart that a system cannot reach, and why. */
export type Unreachable = Readonly<Record<string, string>>;

const atDeadlines = 'the driver asks the clock at a deadline only, and there it never says no';

const withoutStep = 'what has no effect is answered without a step of the machine, and a test compares the two';

/** What no driver can reach, on any system. */
export const notByDriver: Unreachable = {
  'active.fresh|clock.reached|0: no': atDeadlines,
  'active|clock.reached|2: no': atDeadlines,
  'lapsed|clock.reached|0: no': atDeadlines,
  'active.fresh|activity.seen|0: no': withoutStep,
  'active.fresh|activity.seen|1': withoutStep,
  'active.fresh|lease.released|0: no': withoutStep,
  'active.fresh|lease.released|1': withoutStep,
  'active.fresh|warning.shown|0': withoutStep,
  'active.expiring|activity.seen|0': withoutStep,
  'active.expiring|warning.shown|0: no': withoutStep,
  'active.expiring|warning.shown|1': withoutStep,
  'active|token.confirmed|1': withoutStep,
  'active|client.heard|0: no': withoutStep,
  'active|client.heard|1': withoutStep,
  'active|policy.applied|0: no': withoutStep,
  'active|policy.applied|1': withoutStep,
  'lapsed|policy.applied|0: no': withoutStep,
  'lapsed|policy.applied|1': withoutStep,
  'lapsed|session.usedAfterEnd|0: no': withoutStep,
  'lapsed|session.usedAfterEnd|1': withoutStep,
  'ended|session.usedAfterEnd|0: no': withoutStep,
  'ended|session.usedAfterEnd|1': withoutStep,
};

/** What is missing of full coverage; ids of guards that never said no end with `: no`. */
export function missing(machine: Parameters<typeof chartOf>[0], walked: Walked, unreachable: Unreachable = {}) {
  const { states, transitions } = chartOf(machine);
  return [
    ...states.map(({ id }) => id).filter((id) => !walked.states.has(id)),
    ...transitions.map(({ id }) => id).filter((id) => !walked.taken.has(id)),
    ...transitions.filter(({ id, guard }) => guard !== null && !walked.refused.has(id)).map(({ id }) => `${id}: no`),
  ].filter((id) => !Object.hasOwn(unreachable, id));
}

/** One row of the table: how much of a machine a system has walked. */
export function coverageRow(
  system: string,
  machine: Parameters<typeof chartOf>[0],
  walked: Walked,
  unreachable: Unreachable = {},
): string {
  const { states, transitions } = chartOf(machine);
  const guarded = transitions.filter(({ guard }) => guard !== null);
  const share = (found: number, all: number) => `${found} of ${all}`.padStart(9);
  const saidBoth = guarded.filter(({ id }) => walked.taken.has(id) && walked.refused.has(id)).length;
  const lines = Object.entries(unreachable).map(([id, why]) => `    not reachable: ${id} (${why})`);
  return [
    `${system.padEnd(28)} ${machine.id.padEnd(8)} states ${share(states.filter(({ id }) => walked.states.has(id)).length, states.length)}` +
      `   transitions ${share(transitions.filter(({ id }) => walked.taken.has(id)).length, transitions.length)}` +
      `   guards both ways ${share(saidBoth, guarded.length)}`,
    ...lines,
  ].join('\n');
}

/** Everything that was walked, in one list; of guards that say no the ids end with `: no`. */
export const walksOf = ({ states, taken, refused }: Walked): readonly string[] => [
  ...states,
  ...taken,
  ...[...refused].map((id) => `${id}: no`),
];

/** What some paths have walked together. */
export function walkedBy(paths: readonly { readonly walks: ReadonlySet<string> }[]): Walked {
  const all = new Set(paths.flatMap(({ walks }) => [...walks]));
  const refused = [...all].filter((id) => id.endsWith(': no')).map((id) => id.slice(0, -': no'.length));
  return { states: all, taken: all, refused: new Set(refused) };
}

/** A few paths that walk all that any of them walks: always the one next that brings most that is new. */
export function fewest<Path extends { readonly deeds: readonly unknown[]; readonly walks: ReadonlySet<string> }>(
  paths: readonly Path[],
): readonly Path[] {
  const found = new Set<string>();
  const chosen: Path[] = [];
  for (;;) {
    const gain = ({ walks, deeds: { length } }: Path) => [...walks].filter((id) => !found.has(id)).length / length;
    const best = paths.reduce((a, b) => (gain(b) > gain(a) ? b : a));
    if (gain(best) === 0) return chosen;
    for (const id of best.walks) found.add(id);
    chosen.push(best);
  }
}
