import type { ElkExtendedEdge, ElkNode } from 'elkjs/lib/elk-api.js';
import type { Chart, ChartState, ChartTransition } from '../../../../machines/index.ts';

/** A place in the drawing. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A transition's words, and where they stand. */
export interface PlacedLabel {
  readonly transition: ChartTransition;
  readonly lines: readonly string[];
  readonly x: number;
  readonly y: number;
}

export interface PlacedState extends Box {
  readonly state: ChartState;
  /** Transitions that do not leave the state. */
  readonly inside: readonly PlacedLabel[];
}

/** All transitions from one state to another: one line, with a label for each. */
export interface PlacedEdge {
  readonly id: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  readonly labels: readonly PlacedLabel[];
}

/** A chart with a place for everything, in pixels from its upper left corner. */
export interface Placed {
  readonly width: number;
  readonly height: number;
  readonly states: readonly PlacedState[];
  readonly edges: readonly PlacedEdge[];
}

/** Of one line of words. */
export const lineHeight = 14;
const padding = 12;
const titleHeight = 28;
const widthOf = (text: string): number => Math.ceil(text.length * 6.7);

const options = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.json.shapeCoords': 'ROOT',
  'elk.json.edgeCoords': 'ROOT',
  'elk.edgeLabels.inline': 'false',
  'elk.spacing.nodeNode': '28',
  'elk.spacing.edgeLabel': '6',
  'elk.spacing.edgeEdge': '14',
  'elk.spacing.edgeNode': '18',
  'elk.layered.spacing.nodeNodeBetweenLayers': '32',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '14',
  'elk.layered.spacing.edgeNodeBetweenLayers': '18',
};

interface Edge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly transitions: readonly ChartTransition[];
}

function edgesOf({ transitions }: Chart): readonly Edge[] {
  const edges = new Map<string, Edge>();
  for (const transition of transitions) {
    const { from, to } = transition;
    if (to === null) continue;
    const id = `${from} ${to}`;
    edges.set(id, { id, from, to, transitions: [...(edges.get(id)?.transitions ?? []), transition] });
  }
  return [...edges.values()];
}

const nodeId = (id: string): string => `state ${id}`;

/** The words for a transition, line by line. */
type LinesOf = (transition: ChartTransition) => readonly string[];

/** The transitions that do not leave a state. */
const insideOf = ({ transitions }: Chart, { id }: ChartState): readonly ChartTransition[] =>
  transitions.filter(({ from, to }) => from === id && to === null);

function nodeOf(chart: Chart, linesOf: LinesOf, state: ChartState): ElkNode {
  const inside = insideOf(chart, state).flatMap(linesOf);
  const top = titleHeight + (inside.length + state.invokes.length) * lineHeight;
  const width = Math.max(widthOf(state.name) + 24, ...[...inside, ...state.invokes].map((text) => widthOf(text) + 40));
  const children = chart.states
    .filter(({ parent }) => parent === state.id)
    .map((child) => nodeOf(chart, linesOf, child));
  if (children.length === 0) return { id: nodeId(state.id), width: width + padding, height: top + padding };
  return {
    id: nodeId(state.id),
    children,
    layoutOptions: {
      'elk.padding': `[top=${top + padding},left=${padding},bottom=${padding},right=${padding}]`,
      'elk.nodeSize.constraints': 'MINIMUM_SIZE',
      'elk.nodeSize.minimum': `(${width + padding},${top + padding})`,
    },
  };
}

const elkEdge = ({ id, from, to, transitions }: Edge, linesOf: LinesOf): ElkExtendedEdge => ({
  id,
  sources: [nodeId(from)],
  targets: [nodeId(to)],
  labels: [
    {
      id: `${id} label`,
      text: id,
      width: Math.max(...transitions.flatMap(linesOf).map(widthOf)),
      height: transitions.flatMap(linesOf).length * lineHeight,
    },
  ],
});

/** Where the nodes of a drawing are, by their ids. */
function boxesOf({ children = [] }: ElkNode): ReadonlyMap<string, Box> {
  const boxes = new Map<string, Box>();
  const collect = ({ id, x = 0, y = 0, width = 0, height = 0, children: within = [] }: ElkNode) => {
    boxes.set(id, { x, y, width, height });
    for (const child of within) collect(child);
  };
  for (const child of children) collect(child);
  return boxes;
}

/**
 * Lays a chart out.
 *
 * @param linesOf the words for a transition, line by line
 */
export async function layOut(chart: Chart, linesOf: LinesOf): Promise<Placed> {
  const {
    default: { default: Elk },
  } = await import('elkjs/lib/elk.bundled.js');
  const edges = edgesOf(chart);
  const [root] = chart.states;
  if (!root) throw new Error('a machine has at least one state');
  const graph: ElkNode = {
    id: 'chart',
    layoutOptions: options,
    children: [nodeOf(chart, linesOf, root)],
    edges: edges.map((edge) => elkEdge(edge, linesOf)),
  };
  const placed = await new Elk().layout(graph);

  const boxes = boxesOf(placed);
  const found = new Map((placed.edges ?? []).map((edge) => [edge.id, edge]));
  const stack = (transitions: readonly ChartTransition[], x: number, top: number): readonly PlacedLabel[] =>
    transitions.map((transition, index) => {
      const above = transitions.slice(0, index).flatMap(linesOf).length;
      return { transition, lines: linesOf(transition), x, y: top + above * lineHeight + 12 };
    });

  return {
    width: placed.width ?? 0,
    height: placed.height ?? 0,
    states: chart.states.map((state) => {
      const box = boxes.get(nodeId(state.id)) ?? { x: 0, y: 0, width: 0, height: 0 };
      const top = box.y + titleHeight + state.invokes.length * lineHeight;
      return { state, ...box, inside: stack(insideOf(chart, state), box.x + padding, top) };
    }),
    edges: edges.map(({ id, transitions }) => {
      const { sections: [section] = [], labels: [at] = [] } = found.get(id) ?? {};
      return {
        id,
        points: section ? [section.startPoint, ...(section.bendPoints ?? []), section.endPoint] : [],
        labels: stack(transitions, at?.x ?? 0, at?.y ?? 0),
      };
    }),
  };
}
