import { renderToStaticMarkup } from 'react-dom/server';
import type { Chart, Policy } from '../../../../machines/index.ts';
import { Drawing } from './Drawing.tsx';
import { linesOf } from './labels.ts';
import { layOut } from './layout.ts';

const style = `
svg { color-scheme: light dark; background: Canvas; }
text { font: 11px ui-monospace, monospace; fill: GrayText; }
.app-chart-name { font: bold 13px ui-monospace, monospace; fill: CanvasText; }
rect { fill: none; stroke: GrayText; }
polyline { fill: none; stroke: GrayText; }
marker path { fill: GrayText; }
`;

/** A chart as a picture that stands for itself. */
export async function svgOf(chart: Chart, policy: Policy | null): Promise<string> {
  const placed = await layOut(chart, (transition) => linesOf(transition, policy));
  const nothing: ReadonlySet<string> = new Set();
  const [width, height] = [Math.ceil(placed.width), Math.ceil(placed.height)];
  return renderToStaticMarkup(
    <svg xmlns="http://www.w3.org/2000/svg" viewBox={`0 0 ${width} ${height}`} width={width} height={height}>
      <title>{`The ${chart.id} machine`}</title>
      <style>{style}</style>
      <Drawing placed={placed} active={nothing} traced={nothing} />
    </svg>,
  );
}
