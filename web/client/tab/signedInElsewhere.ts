import { isLiveView, seconds, type Instant, type SessionView, type TabContext } from '../../../machines/index.ts';
import type { Listen } from '../device/lifecycle.ts';
import type { Timer } from '../device/timer.ts';
import type { Client } from '../http/client.types.ts';
import { Refused } from '../http/problem.ts';
import { channelName, problemTold, type Pipe } from './channel.ts';

/** By what a tab hears that its user has signed in on another page. */
export interface SignedInPorts {
  readonly client: Pick<Client, 'sessionInfo'>;
  readonly timer: Timer;
  readonly onWake: Listen;
  readonly onStored: Listen;
  readonly openPipe: (name: string) => Pipe;
  readonly context: () => Pick<TabContext, 'view'>;
  /** Called when what the tab shows has changed. */
  readonly subscribe: Listen;
  /** The server's clock. */
  readonly now: () => Instant;
}

/** How often the server is asked: what tells of a sign-in may not come through. */
const askEvery = seconds(5);

/** Whether the server says something that it did not say before: a user who has just signed in. */
const isNew = (view: SessionView | null, before: SessionView | null): boolean =>
  isLiveView(view) && (view.id !== before?.id || view.authenticatedAt > before.authenticatedAt);

/**
 * Waits until the user of a tab has signed in on another page: until the server says so, asked again at every sign of it.
 *
 * @param before how the session was when the user was sent there; `null` where there was none
 * @throws `Refused` when that page says that it did not work, or when the session has ended meanwhile
 */
export async function signedInElsewhere(
  { client, timer, onWake, onStored, openPipe, context, subscribe, now }: SignedInPorts,
  before: SessionView | null,
  signal: AbortSignal,
): Promise<void> {
  const pipe = openPipe(channelName);
  const done = Promise.withResolvers<void>();
  let cancelTimer = () => {};
  let isTold = false;
  const ask = () => {
    cancelTimer();
    cancelTimer = timer(ask, askEvery);
    // A session that lived is not moved by a proof that is no younger than its last.
    const isDone = (view: SessionView) => isNew(view, before) || (isTold && isLiveView(view));
    client.sessionInfo(true).then(
      (view) => {
        if (isDone(view)) done.resolve();
        else if (before && view.state === 'ended') done.reject(new Refused('session_ended', now(), { ...view }));
      },
      (error) => error instanceof Refused && error.code === 'session_mismatch' && done.reject(error),
    );
  };
  pipe.addEventListener('message', ({ data }) => {
    const problem = problemTold(data);
    if (problem === undefined) return;
    if (problem !== null) return done.reject(new Refused(problem, now()));
    isTold = true;
    ask();
  });
  signal.addEventListener('abort', () => done.resolve());
  const stops = [
    onWake(ask),
    // The token that a sign-in has stored can be seen here after the sign-in was told of.
    onStored(ask),
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
