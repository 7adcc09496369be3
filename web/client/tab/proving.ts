import { isLiveView, seconds, type Prove, type SessionView, type TabContext } from '../../../machines/index.ts';
import type { Listen } from '../device/lifecycle.ts';
import type { Timer } from '../device/timer.ts';
import type { Client } from '../http/client.types.ts';
import { parseJson } from '../http/parseJson.ts';
import { Refused, refusalIn } from '../http/problem.ts';
import type { TokenStore } from '../http/tokens.ts';
import { isRecord } from '../http/wire.ts';
import { problemTold, type Pipe } from './channel.ts';
import type { ProofTab, ProveElsewhere } from './proof.types.ts';

/** What proofs other than a password are made with. */
export interface ProvingPorts {
  readonly client: Client;
  readonly tokens: TokenStore | null;
  readonly timer: Timer;
  readonly onWake: Listen;
  readonly openPipe: () => Pipe;
  readonly context: () => TabContext;
  /** Called when what the tab shows has changed. */
  readonly subscribe: Listen;
  /** The server's clock. */
  readonly now: () => number;
  /** Saves the work. @returns whether all of it is kept outside of this page */
  readonly keepAll: () => Promise<boolean>;
}

/** The proofs of one tab; one at a time. */
export interface Proving {
  /** A proof as the tab's machine takes it. */
  readonly bind: (proof: ProveElsewhere) => Prove;
  /** Gives up the proof that is under way; it is refused as `cancelled`. */
  readonly cancel: () => void;
}

/** How often the server is asked while the user signs in on another page: what tells of it may not come through. */
const askEvery = seconds(5);

/** Takes what a route of the application answered. @throws `Refused` */
export async function takeResponse(
  response: Response,
  { tokens, now }: Pick<ProvingPorts, 'tokens' | 'now'>,
): Promise<void> {
  if (!response.ok) throw await refusalIn(response, now());
  if (tokens === null || response.bodyUsed) return;
  const body = parseJson(await response.text());
  if (isRecord(body) && typeof body['token'] === 'string') tokens.write(body['token']);
}

/** What was thrown, as a refusal: a user who closes the browser's own dialog has cancelled. */
function refusalOf(error: unknown, now: number): Refused {
  if (error instanceof Refused) return error;
  const name = error instanceof Error ? error.name : '';
  if (name === 'AbortError' || name === 'NotAllowedError') return new Refused('cancelled', now);
  return new Refused('not_signed_in', now, { detail: String(error) });
}

/** @returns the proofs of a tab; none is under way. */
export function createProving(ports: ProvingPorts): Proving {
  const { client, timer, onWake, openPipe, context, subscribe, now } = ports;
  let underWay = new AbortController();

  /** Whether the server says something that it did not say before: a user who has just signed in. */
  const isNew = (view: SessionView | null, before: SessionView | null): boolean =>
    isLiveView(view) && (view.id !== before?.id || view.authenticatedAt > before.authenticatedAt);

  async function signedIn(before: SessionView | null, signal: AbortSignal): Promise<void> {
    const pipe = openPipe();
    const done = Promise.withResolvers<void>();
    let cancelTimer = () => {};
    const ask = () => {
      cancelTimer();
      cancelTimer = timer(ask, askEvery);
      client.sessionInfo(true).then(
        (view) => isNew(view, before) && done.resolve(),
        (error) => error instanceof Refused && error.code === 'session_mismatch' && done.reject(error),
      );
    };
    pipe.addEventListener('message', ({ data }) => {
      const problem = problemTold(data);
      if (problem === undefined) return;
      if (problem === null) ask();
      else done.reject(new Refused(problem, now()));
    });
    signal.addEventListener('abort', () => done.resolve());
    const stops = [
      onWake(ask),
      // Another tab may tell it, which has signed in.
      subscribe(() => isNew(context().view, before) && done.resolve()),
    ];
    cancelTimer = timer(ask, askEvery);
    try {
      await done.promise;
    } finally {
      cancelTimer();
      for (const stop of stops) stop();
      pipe.close();
    }
  }

  return {
    bind: (proof) => async (before) => {
      underWay.abort();
      underWay = new AbortController();
      const { signal } = underWay;
      const { view } = context();
      const tab: ProofTab = {
        fetch: async (input, init) => {
          await before;
          return client.proofFetch(input, init);
        },
        session: view?.id ?? null,
        signal,
        async flush() {
          if (!(await ports.keepAll())) throw new Refused('not_saved', now());
        },
        signedIn: () => signedIn(view, signal),
      };
      const aborted = new Promise<never>((_, reject) =>
        signal.addEventListener('abort', () => reject(new Refused('cancelled', now()))),
      );
      const prevented = before.then(() => new Promise<never>(() => {}));
      const controller = underWay;
      try {
        const answer = await Promise.race([proof(tab), aborted, prevented]);
        if (answer instanceof Response) await takeResponse(answer, ports);
      } catch (error) {
        throw refusalOf(error, now());
      } finally {
        controller.abort();
      }
    },
    cancel: () => underWay.abort(),
  };
}
