import { seconds, type Duration, type Instant } from '../../../machines/index.ts';

/** The two clocks of a device: the wall's, which may be wrong or jump, and a steady one, which may stop in sleep. */
export interface DeviceClock {
  /** Epoch ms as the device has it. */
  readonly wall: () => Instant;
  /** Milliseconds since some moment; never runs backwards. */
  readonly steady: () => Duration;
}

/** The clocks of this browser. */
export const deviceClock: DeviceClock = { wall: () => Date.now(), steady: () => performance.now() };

/** A moment by both clocks of the device. */
export interface Reading {
  readonly wall: Instant;
  readonly steady: Duration;
}

/** The server's clock, as this tab reckons it from what the server said. */
export interface ServerClock {
  readonly now: () => Instant;
  /** A reading of the device, to be taken before a request. */
  readonly read: () => Reading;
  /** Learns from an answer: at some moment between `sentAt` and now it was `serverNow` there. */
  readonly learn: (serverNow: Instant, sentAt: Reading) => void;
  /** Whether the device slept or its clock was set since the last answer, so that the server should be asked. */
  readonly inDoubt: () => boolean;
}

interface Sample {
  readonly server: Instant;
  readonly at: Reading;
  readonly roundTrip: Duration;
}

/** How far a device's clock may have gone astray since an answer: far more than any quartz does. */
const drift = 1 / 1_000;
const tolerance = seconds(2);

/**
 * Reckons the server's clock: offset = `serverNow` − midpoint of the request, from the answer that says it most exactly:
 * the one with the smallest round trip, until the device may have drifted by more than another's. An answer during which
 * the device slept says nothing. Between answers the faster of both device clocks counts: the wall's goes on through
 * sleep, the steady one does not follow when the wall's is set back. Running fast is harmless, for the server is
 * asked before anything is believed to be over.
 */
export function createServerClock(device: DeviceClock): ServerClock {
  const read = (): Reading => ({ wall: device.wall(), steady: device.steady() });
  const start = read();
  let best: Sample = { server: start.wall, at: start, roundTrip: Infinity };

  const since = (from: Reading, to: Reading) => ({ wall: to.wall - from.wall, steady: to.steady - from.steady });
  const longer = (from: Reading, to: Reading): Duration => {
    const { wall, steady } = since(from, to);
    return Math.max(0, wall, steady);
  };
  const at = (sample: Sample, then: Reading): Instant => sample.server + longer(sample.at, then);
  const isTorn = (from: Reading, to: Reading): boolean => {
    const { wall, steady } = since(from, to);
    return Math.abs(wall - steady) > tolerance;
  };
  const isUnsure = (then: Reading): boolean => best.roundTrip === Infinity || isTorn(best.at, then);

  return {
    read,
    // In whole milliseconds, as every instant is.
    now: () => Math.round(at(best, read())),
    learn(serverNow, sentAt) {
      const here = read();
      if (best.roundTrip < Infinity && isTorn(sentAt, here)) return;
      const roundTrip = longer(sentAt, here);
      const sample = { server: serverNow + roundTrip / 2, at: here, roundTrip };
      const isAsExact = roundTrip <= best.roundTrip + longer(best.at, here) * drift;
      const disagrees = Math.abs(at(best, here) - sample.server) > (best.roundTrip + roundTrip) / 2;
      if (isAsExact || disagrees || isUnsure(here)) best = sample;
    },
    inDoubt: () => isUnsure(read()),
  };
}
