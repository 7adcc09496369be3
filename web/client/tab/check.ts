import {
  isLiveView,
  nearestDeadline,
  seconds,
  type Checked,
  type Reason,
  type SessionView,
} from '../../../machines/index.ts';
import type { Timer } from '../device/timer.ts';
import type { Client } from '../http/client.types.ts';
import type { Entering, TellAnswer } from './entering.ts';
import type { Leaving } from './leaving.ts';
import type { Work } from '../work/work.types.ts';

/** What a check is done with. */
export interface CheckPorts {
  readonly client: Client;
  readonly work: Work;
  readonly timer: Timer;
  readonly leaving: Leaving;
  readonly entering: Entering;
  /** The session this tab is about. */
  readonly known: () => { readonly id: string } | null;
}

/** What is asked of one check. */
export interface CheckRequest {
  /** Why the session is over, as far as is known. */
  readonly reason: Reason | null;
  /** Aborts when the answer is not waited for any more. */
  readonly signal: AbortSignal;
  readonly tell: TellAnswer;
}

const nearly = seconds(2);
const looks = 3;

/** The one question at the end: encrypts the work, asks without extending, and shows the content again or locks it. */
export function createCheck({ client, work, timer, leaving, entering, known }: CheckPorts) {
  /** Asks how the session is; when it has only a moment left, asks again once that is over. */
  async function ask(): Promise<SessionView> {
    for (let look = 1; ; look++) {
      const view = await client.sessionInfo(true);
      const left = nearestDeadline(view) - view.serverNow;
      if (!isLiveView(view) || left > nearly || look === looks) return view;
      await new Promise<void>((resolve) => void timer(resolve, left + 1));
    }
  }

  /** What a check before this one has begun to bring back. */
  let reopening: Promise<void> = Promise.resolve();

  async function reopen(view: SessionView): Promise<void> {
    await entering.unlock(view);
    await work.restore();
  }

  return async function check({ reason, signal, tell }: CheckRequest): Promise<Checked> {
    // The sign-out has deleted everything; nothing that this tab saved meanwhile may stay or come back.
    if (reason === 'signed_out') await work.delete(known()?.id);
    else await work.hide();
    let isShown = false;
    try {
      await leaving.finish();
      const view = await ask();
      tell(view);
      if (isLiveView(view) && !signal.aborted) {
        await reopening.catch(() => {});
        if (work.isOpen()) work.show();
        else await (reopening = reopen(view));
        isShown = true;
      }
      return { isShown };
    } finally {
      if (!isShown && !signal.aborted) await work.lock();
    }
  };
}
