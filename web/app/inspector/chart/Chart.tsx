import { useCallback, useEffect, useRef, useState, useSyncExternalStore, type ReactNode } from 'react';
import type { Chart as Charted, Policy } from '../../../../machines/index.ts';
import { Disclosure } from '../../Disclosure.tsx';
import '../../styles/chart.css';
import { Drawing } from './Drawing.tsx';
import { linesOf } from './labels.ts';
import { layOut, type Placed } from './layout.ts';
import { onPanAndZoom } from './panAndZoom.ts';
import { StateList } from './StateList.tsx';
import { centred, moved, shows, start, whole, zoomed, type Frame } from './frame.ts';

interface ChartProps {
  readonly chart: Charted;
  /** Whose durations are shown beside the guards. */
  readonly policy: Policy | null;
  readonly active: ReadonlySet<string>;
  readonly traced: ReadonlySet<string>;
  readonly label: string;
}

const narrow = matchMedia('(max-width: 40rem)');
const onNarrow = (listener: () => void) => {
  narrow.addEventListener('change', listener);
  return () => narrow.removeEventListener('change', listener);
};

const sizeOf = (element: Element | null) => ({
  width: element?.clientWidth ?? 0,
  height: element?.clientHeight ?? 0,
});

/** Where it is, as closely as can be said: the last active state that has no active state in it. */
const innermost = ({ states }: Placed, active: ReadonlySet<string>) =>
  states.findLast(({ state }) => active.has(state.id));

/** A statechart: drawn, to be moved about by hand, wheel and keys; on a narrow screen with its list, which can be read there. */
export function Chart({ chart, policy, active, traced, label }: ChartProps): ReactNode {
  const isNarrow = useSyncExternalStore(onNarrow, () => narrow.matches);
  const list = <StateList chart={chart} policy={policy} active={active} traced={traced} />;
  return (
    <>
      <Stage chart={chart} policy={policy} active={active} traced={traced} label={label} />
      {isNarrow ? (
        list
      ) : (
        <Disclosure name={label} summary={`${label} as a list`} className="app-chart-list">
          {list}
        </Disclosure>
      )}
    </>
  );
}

/** @returns where everything of a chart is drawn; `null` until that is known */
function usePlaced(chart: Charted, policy: Policy | null): Placed | null {
  const [placed, setPlaced] = useState<Placed | null>(null);
  useEffect(() => {
    let isWanted = true;
    void layOut(chart, (transition) => linesOf(transition, policy)).then((found) => {
      if (isWanted) setPlaced(found);
    });
    return () => {
      isWanted = false;
    };
  }, [chart, policy]);
  return placed;
}

function Stage({ chart, policy, active, traced, label }: ChartProps): ReactNode {
  const placed = usePlaced(chart, policy);
  const [frame, setFrame] = useState<Frame>(start);
  const svg = useRef<SVGSVGElement>(null);
  /** Until the user moves the drawing, all of it is shown. */
  const isWhole = useRef(true);

  // Where the machine goes, the drawing follows, if it has to.
  useEffect(() => {
    const there = placed && innermost(placed, active);
    const screen = sizeOf(svg.current);
    if (there && !isWhole.current)
      setFrame((last) => (shows(last, screen, there) ? last : centred(last, screen, there)));
  }, [placed, active]);

  const zoom = useCallback((factor: number, at?: { readonly x: number; readonly y: number }) => {
    const { width, height } = sizeOf(svg.current);
    isWhole.current = false;
    setFrame((last) => zoomed(last, factor, at ?? { x: width / 2, y: height / 2 }));
  }, []);
  const fit = useCallback(() => {
    isWhole.current = true;
    if (placed) setFrame(whole(placed, sizeOf(svg.current)));
  }, [placed]);
  useEffect(() => {
    if (!svg.current) return;
    const sizes = new ResizeObserver(() => isWhole.current && fit());
    sizes.observe(svg.current);
    return () => sizes.disconnect();
  }, [fit]);
  useEffect(() => {
    if (!svg.current) return;
    return onPanAndZoom(svg.current, {
      onMove: (dx, dy) => {
        isWhole.current = false;
        setFrame((last) => moved(last, dx, dy));
      },
      onZoom: zoom,
      onFit: fit,
    });
  }, [zoom, fit]);
  const inWords = [...active].filter((id) => id !== '').join(', ') || 'not running';

  return (
    <div className="app-chart">
      <div className="app-chart-tools">
        <button type="button" onClick={() => zoom(1.25)} aria-label={`Make ${label} larger`}>
          +
        </button>
        <button type="button" onClick={() => zoom(0.8)} aria-label={`Make ${label} smaller`}>
          −
        </button>
        <button type="button" onClick={fit}>
          Fit
        </button>
      </div>
      <svg
        ref={svg}
        role="img"
        aria-label={`${label}, now in ${inWords}. Arrow keys move it, plus and minus change its size.`}
        tabIndex={0}
        style={placed ? { aspectRatio: `${placed.width} / ${placed.height}` } : undefined}
      >
        {placed && (
          <g transform={`translate(${frame.x} ${frame.y}) scale(${frame.scale})`}>
            <Drawing placed={placed} active={active} traced={traced} />
          </g>
        )}
      </svg>
      {!placed && <p className="app-quiet">Drawing…</p>}
    </div>
  );
}
