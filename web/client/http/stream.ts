import { seconds, type Duration, type SessionView, type StreamCommand } from '../../../machines/index.ts';
import type { Locks } from '../device/locks.ts';
import type { Timer } from '../device/timer.ts';
import { parseJson } from './parseJson.ts';
import type { Listen } from '../device/lifecycle.ts';
import { isView } from './wire.ts';

/** What the stream needs. */
export interface StreamPorts {
  readonly listen: (signal: AbortSignal) => Promise<Response>;
  readonly timer: Timer;
  /** Keeps the streams of one browser few; without it every tab on the screen has its own. */
  readonly locks: Locks | undefined;
  /** Whether the stream is to be open now. */
  readonly wanted: () => boolean;
  /** Whose session it is about: the tabs of one session share its streams. */
  readonly session: () => string | undefined;
  /** Called when other tabs listen for this one: what they told before it heard them has to be asked for. */
  readonly onWaiting: () => void;
  /** Called after each try that told nothing, and now and then during one: a tab that cannot listen has to ask. */
  readonly onSilent: () => void;
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
/** How long a stream may take to tell the first view: what lies between may keep it back. */
const beginsWithin = seconds(10);

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
      if (data.length > 0) onData(parseJson(data.map((line) => line.slice(5).trim()).join('\n')));
    }
  }
}

/**
 * The server's event stream: a courtesy that makes other tabs and devices known at once. Browsers allow few connections,
 * so a tab that is not looked at has none, and two at most are open for a session; the other tabs hear from these, and
 * one of them takes over when one goes. A tab that hangs can keep one only, and the others have the second. Where nothing
 * comes through, the tab asks after each try, and once a minute beside one that is kept back.
 */
export function createStream(ports: StreamPorts): Stream {
  const { listen, timer, locks, wanted, session, onWaiting, onSilent, onView } = ports;
  let open: AbortController | null = null;
  let pause: Duration = shortestPause;
  let cancel = () => {};

  /** Asks for as long as nothing comes. @returns what stops it. */
  function askMeanwhile(): () => void {
    const ask = () => {
      onSilent();
      cancelAsking = timer(ask, longestPause);
    };
    let cancelAsking = timer(ask, beginsWithin);
    return () => cancelAsking();
  }

  async function follow(controller: AbortController): Promise<void> {
    const stopAsking = askMeanwhile();
    let isSilent = true;
    try {
      const response = await listen(controller.signal);
      // A refusal has been told already.
      isSilent = response.status !== 401;
      if (!response.ok || !response.body) return;
      await read(response.body, (data) => {
        if (!isView(data)) return;
        stopAsking();
        isSilent = false;
        pause = shortestPause;
        onView(data);
      });
    } finally {
      stopAsking();
      if (isSilent && open === controller) onSilent();
    }
  }

  /** Never waits for both at once, so that a tab that hangs can have one only. */
  async function take(controller: AbortController): Promise<void> {
    if (!locks) return follow(controller);
    const name = `curfew.stream.${session()}`;
    const isDone = await locks.request(name, { ifAvailable: true }, async (lock) => {
      if (lock) await follow(controller);
      return lock !== null;
    });
    if (isDone) return;
    const waiting = locks.request(`${name}.2`, { signal: controller.signal }, () => follow(controller));
    onWaiting();
    await waiting;
  }

  async function keep(controller: AbortController): Promise<void> {
    try {
      await take(controller);
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
      void keep(open);
    }
  }

  return { look, stop: close };
}

/** What the tab machine's stream is made of. */
export interface StreamActorPorts extends Pick<StreamPorts, 'listen' | 'timer' | 'locks' | 'onView'> {
  readonly isShown: () => boolean;
  readonly onWake: Listen;
  readonly onLeave: Listen;
}

/** The actor by which the tab machine invokes the stream. */
interface StreamActor {
  readonly input: { readonly session: string };
  readonly receive: (listener: (command: StreamCommand) => void) => void;
  readonly sendBack: (event: { readonly type: 'revalidation.asked' }) => void;
}

/** The stream while a user is signed in: open while the page is looked at. @returns what stops it */
export const runStream =
  (ports: StreamActorPorts) =>
  ({ input: { session }, receive, sendBack }: StreamActor) => {
    let isPaused = false;
    const revalidate = () => sendBack({ type: 'revalidation.asked' });
    const stream = createStream({
      ...ports,
      session: () => session,
      wanted: () => !isPaused && ports.isShown(),
      onWaiting: revalidate,
      onSilent: revalidate,
    });
    const stops = [ports.onWake(stream.look), ports.onLeave(stream.stop), stream.stop];
    receive(({ type }) => {
      isPaused = type === 'stream.pause';
      stream.look();
    });
    stream.look();
    return () => {
      for (const stop of stops) stop();
    };
  };
