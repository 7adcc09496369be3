/** What is called when the user moves the drawing or changes its size. */
export interface PanAndZoom {
  readonly onMove: (dx: number, dy: number) => void;
  /** `at` is a point of the element; the middle when there is none. */
  readonly onZoom: (factor: number, at?: { readonly x: number; readonly y: number }) => void;
  readonly onFit: () => void;
}

const step = 60;
const zoomStep = 1.25;

/**
 * Listens to dragging, the wheel with Ctrl, and keys: arrows move, plus and minus zoom, 0 shows all of it.
 *
 * @returns a function that stops listening.
 */
export function onPanAndZoom(element: Element, { onMove, onZoom, onFit }: PanAndZoom): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const held = new Set<number>();
  const keys: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => onMove(step, 0),
    ArrowRight: () => onMove(-step, 0),
    ArrowUp: () => onMove(0, step),
    ArrowDown: () => onMove(0, -step),
    '+': () => onZoom(zoomStep),
    '-': () => onZoom(1 / zoomStep),
    '0': onFit,
  };
  const listen = <Kind extends Event>(type: string, is: new (type: string) => Kind, listener: (event: Kind) => void) =>
    element.addEventListener(type, (event) => event instanceof is && listener(event), { signal, passive: false });

  listen('keydown', KeyboardEvent, (event) => {
    const act = keys[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  });
  listen('wheel', WheelEvent, (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    onZoom(event.deltaY < 0 ? zoomStep : 1 / zoomStep, { x: event.offsetX, y: event.offsetY });
  });
  listen('pointerdown', PointerEvent, ({ pointerId }) => {
    element.setPointerCapture(pointerId);
    held.add(pointerId);
  });
  listen('pointermove', PointerEvent, ({ pointerId, movementX, movementY }) => {
    if (held.has(pointerId)) onMove(movementX, movementY);
  });
  for (const type of ['pointerup', 'pointercancel'])
    listen(type, PointerEvent, ({ pointerId }) => held.delete(pointerId));
  return () => stop.abort();
}
