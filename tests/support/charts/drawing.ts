import type { AnyStateMachine } from 'xstate';
import { chartOf, sessionEvents, sessionMachine, type ChartTransition, type Leaf } from '../../../machines/index.ts';
import { tableOf } from '../section.ts';

/** Whether a transition writes its event, or takes it without a trace. */
export const isRecorded = ({ actions }: ChartTransition): boolean => actions.includes('record');

const { transitions: arrows } = chartOf(sessionMachine);

const ofLeaf = (leaf: Leaf, event: string): readonly ChartTransition[] => {
  const parent = leaf.split('.')[0];
  const all = arrows.filter((arrow) => arrow.event === event);
  const mine = [...all.filter(({ from }) => from === leaf), ...all.filter(({ from }) => from === parent)];
  const unguarded = mine.findIndex(({ guard }) => guard === null);
  return unguarded === -1 ? mine : mine.slice(0, unguarded + 1);
};

const cell = (leaf: Leaf, event: string): string =>
  ofLeaf(leaf, event)
    .map((arrow) => {
      const what = arrow.to ? `→ ${arrow.to}` : isRecorded(arrow) ? 'recorded' : 'unchanged';
      return arrow.guard ? `${what} if ${arrow.guard}` : what;
    })
    .join('; ') || '–';

const shown: readonly Leaf[] = ['active.fresh', 'active.expiring', 'lapsed.idle', 'ended.expired'];
const heads: Partial<Record<Leaf, string>> = { 'lapsed.idle': 'lapsed.*', 'ended.expired': 'ended.*' };

/** State × event, as Markdown. All lapsed leaves behave alike, and so do all ended ones. */
export function table(): string {
  const head = ['event', ...shown.map((leaf) => heads[leaf] ?? leaf)];
  const rows = Object.keys(sessionEvents).map((event) => [`\`${event}\``, ...shown.map((leaf) => cell(leaf, event))]);
  return tableOf(head, rows);
}

const idOf = (path: string) => path.replaceAll('.', '_') || 'root';

/** A machine as a Mermaid state diagram; transitions that stay where they are are left to the table. */
export function mermaidOf(machine: AnyStateMachine): string {
  const { states, transitions } = chartOf(machine);
  const within = (parent: string, depth: number): readonly string[] => {
    const pad = '  '.repeat(depth);
    const owner = states.find(({ id }) => id === parent);
    const children = states.filter((state) => state.parent === parent);
    return [
      ...(owner?.initial ? [`${pad}[*] --> ${idOf(owner.initial)}`] : []),
      ...children.flatMap(({ id, name, type }, index) => [
        ...(owner?.type === 'parallel' && index > 0 ? [`${pad}--`] : []),
        ...(type === 'atomic' || type === 'final'
          ? [`${pad}state "${name}" as ${idOf(id)}`]
          : [`${pad}state "${name}" as ${idOf(id)} {`, ...within(id, depth + 1), `${pad}}`]),
        ...(type === 'final' ? [`${pad}${idOf(id)} --> [*]`] : []),
      ]),
    ];
  };
  const lines = transitions
    .filter(({ to }) => to !== null)
    .map(
      ({ from, to, event, guard }) => `  ${idOf(from)} --> ${idOf(to ?? '')}: ${event}${guard ? ` [${guard}]` : ''}`,
    );
  return ['stateDiagram-v2', ...within('', 1), ...lines].join('\n');
}

/** A machine as JSON: its configuration, with guards, actions and actors by name, as an editor takes it. */
export const jsonOf = (machine: AnyStateMachine): string => `${JSON.stringify(machine.config, null, 2)}\n`;
