import type { Duration } from '../../machines/index.ts';

/** Waits for what is heard. */
export interface Hearing {
  /** Something is heard. */
  readonly hear: (payload: string) => void;
  /** @returns whether something of the kind was heard within a time in ms. */
  readonly heard: (isIt: (payload: string) => boolean, within: Duration) => Promise<boolean>;
}

/** @returns what hears nothing by itself. */
export function createHearing(): Hearing {
  const waiting = new Set<(payload: string) => void>();
  return {
    hear(payload) {
      for (const each of waiting) each(payload);
    },
    heard: (isIt, within) =>
      new Promise((resolve) => {
        const end = (was: boolean) => {
          clearTimeout(timer);
          waiting.delete(listen);
          resolve(was);
        };
        const listen = (payload: string) => isIt(payload) && end(true);
        const timer = setTimeout(() => end(false), within);
        waiting.add(listen);
      }),
  };
}
