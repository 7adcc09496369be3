import type { Duration } from '../../machines/index.ts';
import { heartbeatEvery } from '../routes/stream.ts';
import { systemClock } from '../systemClock.ts';
import type { WorkerSocket } from './platform.ts';
import { closed, listenerHeader, look, ping, pong, readMessage, type Listener } from './streamMessages.ts';
import type { SentEvent } from '../routes/streamed.ts';

/** What answers requests: the object of a user. */
interface Answering {
  fetch(request: Request): Promise<Response>;
}

const isSocket = (value: unknown): value is WorkerSocket =>
  typeof value === 'object' && value !== null && 'accept' in value;

/** @returns the socket that an answer carries, `null` for an answer without. */
const socketIn = (answer: Response): WorkerSocket | null =>
  'webSocket' in answer && isSocket(answer.webSocket) ? answer.webSocket : null;

/** Asks the object for a stream. @returns the answer, and the socket where it was let in */
export async function askForStream(
  object: Answering,
  request: Request,
  listener: Listener,
): Promise<{ readonly answer: Response; readonly socket: WorkerSocket | null }> {
  const headers = new Headers(request.headers);
  headers.set('Upgrade', 'websocket');
  headers.set(listenerHeader, listener);
  const answer = await object.fetch(new Request(request.url, { headers }));
  return { answer, socket: socketIn(answer) };
}

/** Who follows a stream. */
export interface Follower {
  /** With `null` the object is still there, and nothing has changed. */
  readonly told: (event: SentEvent | null) => void;
  /** Called once. @param isOver whether the object has closed it because the session, or the token, is over */
  readonly closed: (isOver: boolean) => void;
}

/**
 * Follows a stream through its socket. Asks the object to look when something is due, and now and then whether the socket
 * still leads to it; what does not answer is closed.
 *
 * @returns how to close it
 */
export function followStream(socket: WorkerSocket, { told, closed: isClosed }: Follower): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOpen = true;
  let dueAt = Infinity;

  function close(isOver: boolean): void {
    if (!isOpen) return;
    isOpen = false;
    clearTimeout(timer);
    try {
      socket.close();
    } catch {
      // It is closed already.
    }
    isClosed(isOver);
  }

  /** What is asked for has to be answered before the next would be asked. */
  function ask(question: string): void {
    timer = setTimeout(() => close(false), heartbeatEvery);
    try {
      socket.send(question);
    } catch {
      close(false);
    }
  }

  function wait(): void {
    clearTimeout(timer);
    const due: Duration = Math.max(0, dueAt - systemClock());
    timer = due < heartbeatEvery ? setTimeout(ask, due, look) : setTimeout(ask, heartbeatEvery, ping);
  }

  socket.addEventListener('message', ({ data }) => {
    if (!isOpen) return;
    const said = data === pong ? null : readMessage(data);
    if (said) dueAt = systemClock() + said.next;
    else if (data !== pong) return close(false);
    told(said?.event ?? null);
    wait();
  });
  socket.addEventListener('close', ({ code }) => close(code === closed.over));
  socket.addEventListener('error', () => close(false));
  socket.accept();
  wait();
  return () => close(false);
}
