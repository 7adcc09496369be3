import type { Timer } from '../device/timer.ts';

/** Something that runs for as long as it is held. */
export interface RefCount {
  readonly isHeld: () => boolean;
  /** The first to hold it starts it. @returns what lets go of it; when the last has let go, it stops */
  readonly hold: () => () => void;
}

/** @param start starts it, and returns what stops it again */
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
