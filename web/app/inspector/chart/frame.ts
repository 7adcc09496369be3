import type { Box } from './layout.ts';

/** Which part of a drawing is shown: where its corner is on the screen, and how large it is. */
export interface Frame {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const smallest = 0.15;
const largest = 3;
export const start: Frame = { x: 0, y: 0, scale: 1 };

export const moved = ({ x, y, scale }: Frame, dx: number, dy: number): Frame => ({ x: x + dx, y: y + dy, scale });

/** Changes the size; what is at the given point of the screen stays there. */
export function zoomed({ x, y, scale }: Frame, factor: number, at: { readonly x: number; readonly y: number }): Frame {
  const next = Math.min(largest, Math.max(Math.min(smallest, scale), scale * factor));
  const change = next / scale;
  return { x: at.x - (at.x - x) * change, y: at.y - (at.y - y) * change, scale: next };
}

/** The whole drawing in the middle, however small it is then. */
export function whole(drawing: Size, screen: Size): Frame {
  const scale = Math.min(1, screen.width / drawing.width, screen.height / drawing.height);
  return { x: (screen.width - drawing.width * scale) / 2, y: (screen.height - drawing.height * scale) / 2, scale };
}

/** What matters in the middle, as large as the drawing is. */
export const centred = ({ scale }: Frame, screen: Size, { x, y, width, height }: Box): Frame => ({
  x: screen.width / 2 - (x + width / 2) * scale,
  y: screen.height / 2 - (y + height / 2) * scale,
  scale,
});

/** Nearer to the edge something may be under the buttons, or have its neighbours out of sight. */
const edge = 56;

/** Whether what matters can be seen. */
export const shows = ({ x, y, scale }: Frame, screen: Size, { x: left, y: top, width, height }: Box): boolean =>
  left * scale + x >= edge &&
  top * scale + y >= edge &&
  (left + width) * scale + x <= screen.width - edge &&
  (top + height) * scale + y <= screen.height - edge;
