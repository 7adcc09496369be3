import { readFileSync, writeFileSync } from 'node:fs';
import { leaves, sessionEvents, sessionMachine, type Leaf } from '../../machines/index.ts';

interface Arrow {
  readonly from: string;
  readonly event: string;
  readonly to: string | null;
  readonly guard: string | null;
  readonly actions: readonly string[];
}

const nameOf = (part: unknown): string =>
  typeof part === 'object' && part !== null && 'type' in part ? String(part.type) : String(part);

/** Every arrow of the session machine, read from the machine itself, innermost states first. */
export function arrows(): readonly Arrow[] {
  const found: Arrow[] = [];
  const visit = (node: typeof sessionMachine.root) => {
    for (const child of Object.values(node.states)) visit(child);
    for (const [event, transitions] of node.transitions) {
      for (const { target, guard, actions } of transitions) {
        found.push({
          from: node.path.join('.'),
          event,
          to: target?.[0] ? target[0].path.join('.') : null,
          guard: guard === undefined ? null : nameOf(guard),
          actions: actions.map(nameOf),
        });
      }
    }
  };
  visit(sessionMachine.root);
  return found;
}

/** Whether an arrow writes its event, or takes it without a trace. */
export const isRecorded = ({ actions }: Arrow): boolean => actions.includes('record');

const ofLeaf = (leaf: Leaf, event: string): readonly Arrow[] => {
  const parent = leaf.split('.')[0];
  const all = arrows().filter((arrow) => arrow.event === event);
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
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

const id = (path: string) => path.replaceAll('.', '_');

/** The session machine as a Mermaid state diagram. */
export function diagram(): string {
  const groups = [...new Set(leaves.map((leaf) => leaf.split('.')[0] ?? ''))];
  const states = groups.flatMap((group) => [
    `  state ${group} {`,
    ...(group === 'active' ? ['    [*] --> active_fresh'] : []),
    ...leaves.filter((leaf) => leaf.startsWith(`${group}.`)).map((leaf) => `    ${id(leaf)}: ${leaf.split('.')[1]}`),
    '  }',
  ]);
  const lines = arrows()
    .filter(({ to, from }) => to !== null && to !== from)
    .map(({ from, to, event, guard }) => `  ${id(from)} --> ${id(to ?? '')}: ${event}${guard ? ` [${guard}]` : ''}`);
  return ['```mermaid', 'stateDiagram-v2', '  [*] --> active', ...states, ...lines, '  ended --> [*]', '```'].join(
    '\n',
  );
}

const readme = new URL('../../machines/README.md', import.meta.url);
const section = (name: string, text: string) =>
  `<!-- ${name} -->\n<!-- prettier-ignore-start -->\n\n${text}\n\n<!-- prettier-ignore-end -->\n<!-- /${name} -->`;
const place = (name: string) => new RegExp(`<!-- ${name} -->[\\s\\S]*?<!-- /${name} -->`);

/** The README of machines/ with what is drawn from the machine put in anew. */
export function redrawn(): { readonly now: string; readonly wanted: string } {
  const now = readFileSync(readme, 'utf8');
  const wanted = now
    .replace(place('diagram'), () => section('diagram', diagram()))
    .replace(place('table'), () => section('table', table()));
  return { now, wanted };
}

if (process.argv[1] && import.meta.url.endsWith('/drawing.ts') && process.argv[1].endsWith('drawing.ts'))
  writeFileSync(readme, redrawn().wanted);
