import type { ReactNode } from 'react';
import { lineHeight, type Placed, type PlacedEdge, type PlacedLabel, type PlacedState } from './layout.ts';

interface DrawingProps {
  readonly placed: Placed;
  /** The states it is in, by id, parents included. */
  readonly active: ReadonlySet<string>;
  /** The transitions it took last, by id. */
  readonly traced: ReadonlySet<string>;
}

const Words = ({
  label: { transition, lines, x, y },
  traced,
}: {
  readonly label: PlacedLabel;
  readonly traced: ReadonlySet<string>;
}): ReactNode => (
  <text x={x} y={y} data-transition={transition.id} data-traced={traced.has(transition.id)}>
    {lines.map((line, index) => (
      <tspan key={line} x={index === 0 ? x : x + 8} dy={index === 0 ? 0 : lineHeight}>
        {line}
      </tspan>
    ))}
  </text>
);

function State({ placed, active, traced }: { readonly placed: PlacedState } & Omit<DrawingProps, 'placed'>): ReactNode {
  const { state, x, y, width, height, inside } = placed;
  return (
    <g data-state={state.id} data-type={state.type} data-active={active.has(state.id)}>
      <rect x={x} y={y} width={width} height={height} rx={8} />
      {state.type === 'final' && <rect x={x + 3} y={y + 3} width={width - 6} height={height - 6} rx={6} />}
      <text className="app-chart-name" x={x + 12} y={y + 19}>
        {active.has(state.id) ? `● ${state.name}` : state.name}
      </text>
      {state.invokes.map((name, index) => (
        <text key={name} x={x + 12} y={y + 38 + index * lineHeight}>
          runs {name}
        </text>
      ))}
      {inside.map((label) => (
        <Words key={label.transition.id} label={label} traced={traced} />
      ))}
    </g>
  );
}

function Edge({
  edge: { points, labels },
  traced,
}: {
  readonly edge: PlacedEdge;
  readonly traced: ReadonlySet<string>;
}): ReactNode {
  return (
    <g data-traced={labels.some(({ transition }) => traced.has(transition.id))}>
      <polyline points={points.map(({ x, y }) => `${x},${y}`).join(' ')} markerEnd="url(#app-chart-arrow)" />
      {labels.map((label) => (
        <Words key={label.transition.id} label={label} traced={traced} />
      ))}
    </g>
  );
}

/** A chart that has been laid out: every state a box, every transition its words and a line where it leads. */
export const Drawing = ({ placed, active, traced }: DrawingProps): ReactNode => (
  <>
    <defs>
      <marker
        id="app-chart-arrow"
        viewBox="0 0 8 8"
        refX={8}
        refY={4}
        markerWidth={8}
        markerHeight={8}
        markerUnits="userSpaceOnUse"
        orient="auto"
      >
        <path d="M0,0 L8,4 L0,8 Z" />
      </marker>
    </defs>
    {placed.states.map((each) => (
      <State key={each.state.id} placed={each} active={active} traced={traced} />
    ))}
    {placed.edges.map((edge) => (
      <Edge key={edge.id} edge={edge} traced={traced} />
    ))}
  </>
);
