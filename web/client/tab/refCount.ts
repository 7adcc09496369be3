import type { Timer } from '../device/timer.ts';

/** Something that runs for as long as anybody holds it. */
export interface RefCount {
  readonly isHeld: () => boolean;
  /** The first to hold it starts it; the answer lets go, and the last to let go stops it. */
  readonly hold: () => () => void;
}

/** @param start answers what stops it again. */
export function createRefCount(timer: Timer, start: () => () => void): RefCount {
  let [holders, isHeld] = [0, false];
  let stop = () => {};
  const end = () => {
    isHeld = false;
    stop();
  };
  return {
    isHeld: () => isHeld,
    hold() {
      if (holders++ === 0 && !isHeld) {
        isHeld = true;
        stop = start();
      }
      return () => {
        holders--;
        // React lets go and holds again at once when it checks itself.
        timer(() => holders === 0 && isHeld && end(), 0);
      };
    },
  };
}
