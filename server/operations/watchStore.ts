import type { Duration } from '../../machines/index.ts';
import type { OpenStore } from '../store/adapter.ts';
import type { Appended } from '../store/eventLog.ts';
import type { Overview } from '../store/overview.ts';

/** What is told of a store while it works. */
export interface StoreMeasures {
  /** Where to look for what is due. */
  readonly opened: (overview: Pick<Overview, 'due'>) => void;
  /** @param took in ms */
  readonly appended: (outcome: Appended | 'failed', took: number) => void;
  /** How many appends have shared a commit. */
  readonly committed: (appends: number) => void;
  /** So many more listen for changes of sessions; fewer where it is negative. */
  readonly listening: (change: number) => void;
}

/**
 * @param elapsed time that nobody can set, in ms since some moment
 * @returns the store, which tells how it works.
 */
export function watchStore(store: OpenStore, tell: StoreMeasures, elapsed: () => Duration): OpenStore {
  const { log, overview } = store;
  tell.opened(overview);
  store.watchCommits?.(tell.committed);
  return {
    ...store,
    log: {
      ...log,
      async append(...given) {
        const begun = elapsed();
        let outcome: Appended | 'failed' = 'failed';
        try {
          return (outcome = await log.append(...given));
        } finally {
          tell.appended(outcome, elapsed() - begun);
        }
      },
      subscribe(...given) {
        let stop: (() => void) | null = log.subscribe(...given);
        tell.listening(1);
        return () => {
          if (!stop) return;
          stop();
          stop = null;
          tell.listening(-1);
        };
      },
    },
  };
}
