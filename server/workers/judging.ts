import { setTimeout as wait } from 'node:timers/promises';
import { seconds, type Duration } from '../../machines/index.ts';
import type { ActiveSession } from '../http/activeSession.ts';
import { judgedElsewhere } from '../http/judgedSession.ts';
import type { ProblemCode, RefusalStatus } from '../http/problem.ts';
import type { CurfewEnv } from './env.ts';
import { objectFor, streamPath, type RouteOptions } from './route.ts';
import { askForStream, followStream } from './streamSocket.ts';
import { unavailable } from './unavailable.ts';

/** What is known of a session in another object than its own. */
export type PlainSession = Omit<ActiveSession, 'signal' | 'check'>;

/** How a request is judged. */
export interface JudgeOptions {
  /** Whether it can keep the session alive. */
  readonly counts: boolean;
  readonly optional?: boolean;
  readonly recent?: Duration;
}

/** What the object of a user says of a request. */
export type Judged =
  | {
      readonly ok: true;
      /** `null` with `optional`, where none is live. */
      readonly session: PlainSession | null;
      /** To be set on the answer. */
      readonly headers: readonly (readonly [name: string, value: string])[];
    }
  | {
      readonly ok: false;
      readonly code: ProblemCode;
      readonly status: RefusalStatus;
      readonly headers: readonly (readonly [name: string, value: string])[];
      readonly response: Response;
    };

/** The object needs no body to judge a request. */
export const withoutBody = ({ url, method, headers }: Request): Request => new Request(url, { method, headers });

/** Has the object of its user judge a request. */
export async function judge(
  request: Request,
  env: CurfewEnv,
  route: RouteOptions,
  options: JudgeOptions,
): Promise<Judged> {
  try {
    return await objectFor(request, env, route).judge(withoutBody(request), options);
  } catch (error) {
    return notJudged(error);
  }
}

/** What is said of a request that could not be judged. */
export function notJudged(error: unknown): Judged {
  const response = unavailable(error);
  return { ok: false, code: 'unavailable', status: 503, headers: [['Retry-After', '5']], response };
}

/** How long to wait before an object that did not answer is asked again. */
const pause: Duration = seconds(1);

/** Aborts once the session is over, or let in no more: a socket to its object is closed then, or it is judged again. */
function signalOf(request: Request, env: CurfewEnv, route: RouteOptions): AbortSignal {
  const over = new AbortController();

  /** @returns whether the session is over. */
  async function untilClosed(): Promise<boolean> {
    const asked = new Request(new URL(streamPath(route), request.url), { headers: request.headers });
    const { answer, socket } = await askForStream(objectFor(request, env, route), asked, 'signal');
    if (socket) return new Promise((closed) => void followStream(socket, { told: () => {}, closed }));
    await answer.body?.pipeTo(new WritableStream());
    return false;
  }

  async function watch(): Promise<void> {
    for (;;) {
      if (await untilClosed().catch(() => false)) return over.abort();
      // It was lost, or never opened: it is for the object to say whether the session is over.
      const judged = await judge(request, env, route, { counts: false });
      if (!judged.ok && judged.code !== 'unavailable') return over.abort();
      await wait(pause);
    }
  }

  void watch();
  return over.signal;
}

/** The session for the application's code, which can have the request judged again. */
export function withCheck(session: PlainSession, request: Request, env: CurfewEnv, route: RouteOptions): ActiveSession {
  let signal: AbortSignal | null = null;
  return judgedElsewhere({
    ...session,
    get signal() {
      return (signal ??= signalOf(request, env, route));
    },
    async check() {
      const again = await judge(request, env, route, { counts: false });
      return again.ok ? null : again.response;
    },
  });
}
