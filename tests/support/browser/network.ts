import { serve, type HttpBindings, type ServerType } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** Answers a request. */
export type Handle = (request: Request, env: HttpBindings) => Response | Promise<Response>;

interface Held {
  readonly release: () => void;
  /** Answered, or nobody waits any more. */
  readonly closed: Promise<void>;
  readonly isStream: boolean;
  readonly isOwn: () => boolean;
}

/** Says of a request that it is not the watched tab's: nothing is done to it. */
export const elsewhere = 'X-Elsewhere';

const latest = Number(process.env['CURFEW_TEST_LATE'] ?? 0);

/** Every second request is on its way for up to `CURFEW_TEST_LATE` ms, and so is every second answer. */
async function late(): Promise<void> {
  if (latest > 0 && Math.random() < 0.5) await pause(Math.random() * latest);
}

/** The network between a page and its server, which a test can cut, slow down or hold back. */
export async function createNetwork() {
  let handle: Handle = () => new Response(null, { status: 503 });
  let isUp = true;
  let isHeld = false;
  let held: Held[] = [];
  let running = 0;
  let streams = 0;
  let silent: { readonly over: Promise<void>; readonly end: () => void } | null = null;
  let standstill: Promise<void> | null = null;
  const waiting = new Set<() => void>();

  const tellAll = () => {
    for (const call of waiting) call();
    waiting.clear();
  };
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await new Promise<void>((resolve) => waiting.add(resolve));
  };
  const hush = () => {
    let end = () => {};
    silent ??= { over: new Promise((resolve) => (end = resolve)), end: () => end() };
  };
  const unhush = () => {
    if (!isUp || isHeld) return;
    silent?.end();
    silent = null;
  };
  /** A stream that says nothing while nothing gets through, as a connection that is cut in the middle does. */
  const silenceable = (response: Response) =>
    new Response(
      response.body?.pipeThrough(
        new TransformStream({
          async transform(chunk, controller) {
            await silent?.over;
            controller.enqueue(chunk);
          },
        }),
      ),
      response,
    );

  async function pass(request: Request, env: HttpBindings): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (!/^(\/\w+)?\/api\//.test(pathname) || request.headers.has(elsewhere)) return handle(request, env);
    if (standstill) {
      running += 1;
      await standstill;
      running -= 1;
      tellAll();
    }
    // Given up while the time passed: nobody waits for it any more.
    if (env.outgoing.destroyed) return new Response(null, { status: 503 });
    if (!isUp) {
      env.incoming.socket.destroy();
      return new Response(null, { status: 503 });
    }
    const isStream = pathname.endsWith('/stream');
    if (isHeld) {
      const answered = new Promise<void>((resolve) => env.outgoing.once('close', () => resolve()));
      const closed = isStream ? Promise.resolve() : answered;
      // What a tab tells by the way is nothing that it waits for.
      const isAsked = pathname.startsWith('/api/auth/') && !isStream && !pathname.endsWith('/warning');
      const isOwn = () => isAsked && !env.outgoing.destroyed;
      await new Promise<void>((release) => {
        held.push({ release, closed, isStream, isOwn });
        tellAll();
      });
      if (env.outgoing.destroyed) return new Response(null, { status: 503 });
    }
    if (isStream) {
      running += 1;
      const response = await handle(request, env);
      running -= 1;
      tellAll();
      if (response.ok) {
        streams += 1;
        env.outgoing.once('close', () => (streams -= 1));
        tellAll();
      }
      return silenceable(response);
    }
    running += 1;
    env.outgoing.once('close', () => {
      running -= 1;
      tellAll();
    });
    await late();
    const answer = await handle(request, env);
    await late();
    return answer;
  }

  const server: ServerType = await new Promise((resolve) => {
    const started: ServerType = serve({ fetch: (request, env) => pass(request, env as HttpBindings), port: 0 }, () =>
      resolve(started),
    );
  });
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    serve(next: Handle) {
      handle = next;
      isUp = true;
      isHeld = false;
      held = [];
      unhush();
    },
    hush,
    unhush,
    /** What is asked while this goes on is answered when it is over. */
    async standsStill(during: () => Promise<void>) {
      let end = () => {};
      standstill = new Promise((resolve) => (end = resolve));
      try {
        await during();
      } finally {
        standstill = null;
        end();
      }
    },
    goes() {
      isUp = false;
      hush();
    },
    comesBack() {
      isUp = true;
      unhush();
    },
    holds() {
      isHeld = true;
      hush();
    },
    /** Lets everything arrive in the order in which it was asked, what has no end last; streams are silent still. */
    async releases() {
      isHeld = false;
      const inOrder = held.splice(0).toSorted((a, b) => Number(a.isStream) - Number(b.isStream));
      for (const { release, closed } of inOrder) {
        release();
        await closed;
      }
    },
    isQuiet: () => running === 0,
    /** Until nothing that was asked is without an answer. */
    quiet: () => until(() => running === 0),
    /** Until the tab hears of what happens on the server. */
    listens: () => until(() => streams > 0),
    /** Until something that the tab itself asked waits on its way. */
    holdsSomething: () => until(() => held.some(({ isOwn }) => isOwn())),
    stop() {
      if ('closeAllConnections' in server) server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

export type Network = Awaited<ReturnType<typeof createNetwork>>;
