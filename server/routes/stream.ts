import { Hono, type MiddlewareHandler } from 'hono';
import { streamSSE } from 'hono/streaming';
import { seconds, type Duration, type Instant } from '../../machines/index.ts';
import { reportFailure } from '../session/reportFailure.ts';
import { requireSession, type RouteEnv } from '../http/requireSession.ts';
import type { Stored } from '../store/eventLog.ts';
import type { Dependencies } from './dependencies.ts';
import { openStreams } from './openStreams.ts';
import { whatToTell } from './streamed.ts';

/** A line now and then, so that nothing between us and the browser takes the stream for dead. */
export const heartbeatEvery: Duration = seconds(25);

/** That line. */
export const heartbeat = ': here\n\n';

/** Waits for a change of a session, an instant, or the end of the stream. Rings at any change until it knows which. */
function createChangeSignal(parts: Pick<Dependencies, 'log' | 'wake'>) {
  let id: string | null = null;
  let rung = false;
  let ring = () => {};
  const call = () => {
    rung = true;
    ring();
  };
  const stop = parts.log.subscribe((changed) => (id === null || changed === id) && call(), call);
  return {
    call,
    stop,
    /** Rings for this session only from now on. @returns whether anything has changed before. */
    follow(session: string): boolean {
      const hasRung = rung;
      id = session;
      rung = false;
      return hasRung;
    },
    async until(at: Instant) {
      const forget = parts.wake(at, call);
      await new Promise<void>((resolve) => {
        ring = resolve;
        if (rung) resolve();
      });
      rung = false;
      forget();
    },
  };
}

/** What is handed on to the stream, which takes it. */
interface StreamEnv {
  Variables: RouteEnv['Variables'] & { signal: ReturnType<typeof createChangeSignal> | null };
}

/** Listens before the session is judged, so that nothing goes unheard between the two. */
const listenFirst =
  (parts: Pick<Dependencies, 'log' | 'wake'>): MiddlewareHandler<StreamEnv> =>
  async (c, next) => {
    const signal = createChangeSignal(parts);
    c.set('signal', signal);
    try {
      await next();
    } finally {
      if (c.get('signal') === signal) signal.stop();
    }
  };

/**
 * The session as it changes, deadlines included, as server-sent events. Background by nature: it keeps nothing alive,
 * and it closes at the lapse, the end, a re-authentication, the token's `exp`, when newer ones of the session are too
 * many, and when the server stops.
 */
export const streamRoutes = (parts: Dependencies) => {
  const open = openStreams();
  return new Hono<StreamEnv>().get('/stream', listenFirst(parts), requireSession(parts, { counts: false }), (c) => {
    const { claims } = c.get('who');
    const streamed = { session: claims.sid, generation: claims.gen, expires: claims.exp * 1000 };
    const bell = c.get('signal');
    c.header('X-Accel-Buffering', 'no');
    // Nobody would ever read, or hang up on, the answer to a HEAD.
    if (c.req.method === 'HEAD' || bell === null || parts.takeStream?.(streamed))
      return c.body(null, 200, { 'Content-Type': 'text/event-stream' });
    c.set('signal', null);
    let known: Stored | null = bell.follow(claims.sid) ? null : c.get('stored');
    return streamSSE(c, async (stream) => {
      stream.onAbort(bell.call);
      const leave = open.enter(claims.sid, () => stream.abort());
      parts.stopping?.addEventListener('abort', bell.call);
      try {
        for (let sent = 0; !stream.aborted && !parts.stopping?.aborted;) {
          const told = await whatToTell(parts, streamed, sent, known);
          if (!told) return;
          known = null;
          if (told.event) await stream.writeSSE(told.event);
          else await stream.write(heartbeat);
          sent = told.version;
          if (told.isOver) return;
          await bell.until(Math.min(told.next, told.at + heartbeatEvery));
        }
      } catch (error) {
        reportFailure(parts, error);
      } finally {
        parts.stopping?.removeEventListener('abort', bell.call);
        bell.stop();
        leave();
      }
    });
  });
};
