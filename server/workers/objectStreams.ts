import { AsyncLocalStorage } from 'node:async_hooks';
import { z } from 'zod';
import { mostStreams } from '../routes/openStreams.ts';
import { whatToTell, type Streamed, type Told } from '../routes/streamed.ts';
import type { CommandDependencies } from '../session/command.ts';
import { reportFailure } from '../session/reportFailure.ts';
import type { ObjectSocket, ObjectState } from './platform.ts';
import { closed, listenerHeader, listeners, look, ping, pong, written } from './streamMessages.ts';
import { unavailable } from './unavailable.ts';

/** What a socket is of: it outlives the object in memory. */
const attachment = z
  .object({
    form: z.literal(1),
    listener: z.enum(listeners),
    session: z.string(),
    generation: z.number(),
    expires: z.number(),
    /** The version that was told last. */
    sent: z.number(),
    /** Which of two sockets is older. */
    number: z.number(),
  })
  .readonly();
type Attachment = z.infer<typeof attachment>;

/** @returns `null` for what another version has attached. */
const attachedTo = (socket: ObjectSocket): Attachment | null =>
  attachment.safeParse(socket.deserializeAttachment()).data ?? null;

const prefix = 'curfew ';
const open = 1;

const isOurs = (ctx: ObjectState, socket: ObjectSocket): boolean =>
  ctx.getTags(socket).some((tag) => tag.startsWith(prefix));

/** The open sockets of a session, or of all. */
const socketsOf = (ctx: ObjectState, session: string | null): readonly ObjectSocket[] =>
  (session === null ? ctx.getWebSockets() : ctx.getWebSockets(prefix + session)).filter(
    (socket) => socket.readyState === open && isOurs(ctx, socket),
  );

function close(socket: ObjectSocket, code: number, reason: string): void {
  try {
    socket.close(code, reason);
  } catch {
    // It is closed already.
  }
}

/** A request for a socket, while it is judged. */
interface Upgrade {
  readonly listener: Attachment['listener'];
  pair: WebSocketPair | null;
}
const upgrades = new AsyncLocalStorage<Upgrade>();

const never = Number.MAX_SAFE_INTEGER;

/** Closes the oldest of a session that there is no room for. Signals have none that they take from browsers. */
function makeRoom(ctx: ObjectState, session: string): void {
  const browsers = socketsOf(ctx, session)
    .flatMap((socket) => {
      const attached = attachedTo(socket);
      return attached?.listener === 'browser' ? [{ socket, ...attached }] : [];
    })
    .toSorted((a, b) => b.number - a.number);
  for (const { socket } of browsers.slice(mostStreams)) close(socket, closed.noRoom, 'there are newer ones');
}

/** Makes what takes the stream of a request for a socket, once it was let in: the object may sleep from then on. */
export const takeStreamIn =
  (ctx: ObjectState) =>
  ({ session, generation, expires }: Streamed): boolean => {
    const upgrade = upgrades.getStore();
    if (!upgrade) return false;
    const pair = new WebSocketPair();
    const { 1: socket } = pair;
    const { listener } = upgrade;
    const numbers = socketsOf(ctx, session).map((each) => attachedTo(each)?.number ?? 0);
    ctx.acceptWebSocket(socket, [prefix + session]);
    // There is one for all sockets of the object: one of the application stays.
    if (!ctx.getWebSocketAutoResponse()) ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(ping, pong));
    const attached: Attachment = {
      form: 1,
      listener,
      session,
      // A signal is of the session, with whatever token.
      ...(listener === 'signal' ? { generation: never, expires: never } : { generation, expires }),
      sent: 0,
      number: 1 + Math.max(0, ...numbers),
    };
    socket.serializeAttachment(attached);
    upgrade.pair = pair;
    makeRoom(ctx, session);
    return true;
  };

/** The event streams that are held open by sockets to one object. */
export interface ObjectStreams {
  /** Answers a request for a stream: with a socket where one is asked for, and as it is answered anywhere else. */
  readonly answer: (request: Request, judge: (request: Request) => Promise<Response>) => Promise<Response>;
  /** A message that has come. */
  readonly hear: (socket: ObjectSocket, message: unknown) => Promise<void>;
}

/** Tells a socket that is still open. */
function tell(socket: ObjectSocket, attached: Attachment, told: Told | null, isAsked: boolean): void {
  if (socket.readyState !== open) return;
  if (!told) return close(socket, closed.over, 'there is no such session');
  // Another look may have told it meanwhile.
  const { sent } = attachedTo(socket) ?? attached;
  const event = told.version > sent ? told.event : null;
  if (event || isAsked) socket.send(written({ event, next: Math.min(never, Math.max(0, told.next - told.at)) }));
  if (event) socket.serializeAttachment({ ...attached, sent: told.version } satisfies Attachment);
  if (told.isOver) close(socket, closed.over, 'it is over');
}

/** Tells the sockets of an object, and closes them. An object that has slept finds them as they were. */
export function objectStreams(ctx: ObjectState, parts: CommandDependencies): ObjectStreams {
  async function lookAt(socket: ObjectSocket, isAsked: boolean): Promise<void> {
    const attached = attachedTo(socket);
    if (!attached) return close(socket, closed.again, 'it was opened by another version');
    try {
      tell(socket, attached, await whatToTell(parts, attached, attached.sent), isAsked);
    } catch (error) {
      reportFailure(parts, error, { session: attached.session });
      close(socket, closed.again, 'it failed');
    }
  }

  const lookAtAll = (session: string | null): void => {
    for (const socket of socketsOf(ctx, session)) void lookAt(socket, false);
  };
  parts.log.subscribe(lookAtAll, () => lookAtAll(null));

  return {
    async answer(request, judge) {
      const { headers } = request;
      const listener = listeners.find((each) => each === headers.get(listenerHeader));
      if (!listener || headers.get('Upgrade') !== 'websocket') return judge(request);
      const asked = new Headers(headers);
      for (const name of ['Upgrade', 'Connection', listenerHeader]) asked.delete(name);
      const upgrade: Upgrade = { listener, pair: null };
      const answer = await upgrades.run(upgrade, () => judge(new Request(request.url, { headers: asked })));
      if (!upgrade.pair) return answer;
      const { 0: webSocket, 1: socket } = upgrade.pair;
      if (answer.status !== 200) {
        close(socket, closed.again, 'it was refused');
        return answer;
      }
      await lookAt(socket, true);
      const init = { status: 101, headers: answer.headers, webSocket };
      return new Response(null, init);
    },
    async hear(socket, message) {
      if (!isOurs(ctx, socket)) return;
      if (message === ping) socket.send(pong);
      else if (message === look) await lookAt(socket, true);
      else close(socket, closed.malformed, 'this is no message');
    },
  };
}

/** Closes a socket from here, too: one that was closed, or whose object cannot be opened. */
export function loseSocket(ctx: ObjectState, socket: ObjectSocket, error?: unknown): void {
  if (!isOurs(ctx, socket)) return;
  if (error !== undefined) unavailable(error);
  close(socket, closed.again, 'it is lost');
}
