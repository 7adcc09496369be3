/** A window with the XState inspector in it. */
export interface InspectorWindow {
  readonly target: Window;
  readonly origin: string;
  /** Until it can hear. */
  readonly ready: Promise<void>;
}

const isConnection = (data: unknown): boolean =>
  typeof data === 'object' && data !== null && 'type' in data && data.type === '@statelyai.connected';

/**
 * Opens the inspector's window. It says once that it can hear, however soon that is, so that this listens from the
 * beginning.
 *
 * @returns `null` when the browser opens none.
 */
export function openInspector({ href, origin }: URL): InspectorWindow | null {
  const target = window.open(href, 'xstateinspector');
  if (!target) return null;
  const ready = new Promise<void>((resolve) => {
    window.addEventListener('message', ({ source, origin: from, data }) => {
      if (source === target && from === origin && isConnection(data)) resolve();
    });
  });
  return { target, origin, ready };
}
