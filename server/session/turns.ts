import type { EventLog } from '../store/eventLog.ts';

/** How many appends have begun or are over in this process, to whatever log. */
let appends = 0;

/** Counts when it begins and when it is over: what was read in between may be from before. */
async function counted<Result>(append: () => Promise<Result>): Promise<Result> {
  appends += 1;
  try {
    return await append();
  } finally {
    appends += 1;
  }
}

/** A log whose appends are counted. */
export const countedAppends = (log: EventLog): EventLog => ({
  ...log,
  append: (...given) => counted(() => log.append(...given)),
  revokeAll: (revocation) => counted(() => log.revokeAll(revocation)),
});

let turns = 0;
let isWatched = false;

/** Which turn of the event loop this is. One watch does for all who ask in it. */
function presentTurn(): number {
  if (!isWatched) {
    isWatched = true;
    setImmediate(() => {
      turns += 1;
      isWatched = false;
    });
  }
  return turns;
}

/**
 * Remembers this moment. As long as the event loop has not turned, nothing has come from outside; and as long as nothing
 * was appended either, what was read of a session just before is as good as what would be read now.
 *
 * @returns whether something may have happened since.
 */
export function sinceNow(): () => boolean {
  const [turn, before] = [presentTurn(), appends];
  return () => turns !== turn || appends !== before;
}
