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
/** Below this the words cannot be read, so a drawing begins no smaller. */
const readable = 0.85;

export const start: Frame = { x: 0, y: 0, scale: 1 };

export const moved = ({ x, y, scale }: Frame, dx: number, dy: number): Frame => ({ x: x + dx, y: y + dy, scale });

/** Changes the size; what is at the given point of the screen stays there. */
export function zoomed({ x, y, scale }: Frame, factor: number, at: { readonly x: number; readonly y: number }): Frame {
  const next = Math.min(largest, Math.max(smallest, scale * factor));
  const change = next / scale;
  return { x: at.x - (at.x - x) * change, y: at.y - (at.y - y) * change, scale: next };
}

/**
 * The whole drawing in the middle.
 *
 * @param atLeast no smaller than this, even if not all of it fits then. Default: as small as can be read
 */
export function centred(drawing: Size, screen: Size, atLeast = readable): Frame {
  const fitting = Math.min(1, screen.width / drawing.width, screen.height / drawing.height);
  const scale = Math.max(fitting, atLeast, smallest);
  return {
    x: Math.max(8, (screen.width - drawing.width * scale) / 2),
    y: Math.max(8, (screen.height - drawing.height * scale) / 2),
    scale,
  };
}
