import { seconds, type SessionView } from '../../../machines/index.ts';
import type { Client } from '../http/client.ts';
import type { ServerClock } from '../device/clock.ts';
import type { TabState } from './tab.types.ts';

/** What doubts need. */
export interface RevalidationPorts {
  readonly client: Client;
  readonly clock: ServerClock;
  readonly state: () => TabState;
  /** The live session of this tab, `null` when there is none. */
  readonly live: () => SessionView | null;
}

/** What a tab does when it has reason to doubt what it knows. */
export interface Revalidation {
  /** Asks the server how the session is, where that matters. */
  readonly ask: () => void;
  /** Asks because the clock is not to be trusted: not with every move of a hand. */
  readonly askForTime: () => void;
  /** Looks again whether there is something to ask; called whenever the tab moved. */
  readonly look: () => void;
}

const askAgainAfter = seconds(5);

export function createRevalidation({ client, clock, state, live }: RevalidationPorts): Revalidation {
  let timeAskedAt = -Infinity;
  let isOpen = false;

  /** What a check has asked may be from before the doubt, so that it is asked once more after that. */
  function ask(): void {
    const { phase } = state();
    isOpen = phase === 'checking';
    if (live() || phase === 'locked') client.sessionInfo().catch(() => {});
  }

  return {
    ask,
    askForTime() {
      if (Math.abs(clock.now() - timeAskedAt) < askAgainAfter) return;
      timeAskedAt = clock.now();
      ask();
    },
    look() {
      if (isOpen && state().phase !== 'checking') ask();
    },
  };
}
