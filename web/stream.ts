import { seconds, type Duration, type SessionView } from '../machines/index.ts';
import type { Timer } from './alarm.ts';
import { isView } from './wire.ts';

/** What the stream needs. */
export interface StreamPorts {
  readonly listen: (signal: AbortSignal) => Promise<Response>;
  readonly timer: Timer;
  /** Whether there is anything to hear: somebody is signed in, and the tab is on the screen. */
  readonly wanted: () => boolean;
  readonly onView: (view: SessionView) => void;
}

/** What keeps a tab informed while it is looked at. */
export interface Stream {
  /** Opens or closes the stream, whichever is right now. */
  readonly look: () => void;
  readonly stop: () => void;
}

const shortestPause = seconds(1);
const longestPause = seconds(60);

const parse = (data: string): unknown => {
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
};

/** Reads server-sent events with `fetch`, so that a bearer token can go along. */
async function read(body: ReadableStream<Uint8Array>, onData: (data: unknown) => void): Promise<void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const events = `${rest}${decoder.decode(value, { stream: true })}`.split('\n\n');
    rest = events.pop() ?? '';
    for (const event of events) {
      const data = event.split('\n').filter((line) => line.startsWith('data:'));
      if (data.length > 0) onData(parse(data.map((line) => line.slice(5).trim()).join('\n')));
    }
  }
}

/**
 * The server's event stream: a courtesy that makes other tabs and devices known at once. A tab that is not looked at has
 * none, for browsers allow few connections; what it misses it asks for when it is looked at again.
 */
export function createStream({ listen, timer, wanted, onView }: StreamPorts): Stream {
  let open: AbortController | null = null;
  let pause: Duration = shortestPause;
  let cancel = () => {};

  async function follow(controller: AbortController): Promise<void> {
    try {
      const response = await listen(controller.signal);
      if (response.ok && response.body) {
        pause = shortestPause;
        await read(response.body, (data) => isView(data) && onView(data));
      }
    } catch {
      // Whatever it was, the next try comes soon; nothing depends on it.
    }
    if (open !== controller) return;
    open = null;
    cancel = timer(look, pause);
    pause = Math.min(pause * 2, longestPause);
  }

  function close(): void {
    cancel();
    open?.abort();
    open = null;
  }

  function look(): void {
    if (!wanted()) close();
    else if (open === null) {
      cancel();
      open = new AbortController();
      void follow(open);
    }
  }

  return { look, stop: close };
}
