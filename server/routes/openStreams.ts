/**
 * How many streams of one session are open at once on one node. One more closes the oldest, so that the newest tab
 * is served, and lost connections that were never closed keep no tab out.
 */
export const mostStreams = 16;

/**
 * Keeps the number of open streams of each session, or of whatever they are counted by, within its limit.
 *
 * @param most how many there may be. Default 16
 */
export function openStreams(most = mostStreams) {
  const bySession = new Map<string, Set<() => void>>();
  return {
    /**
     * Counts one more stream of a session.
     *
     * @param close called when it has to make room
     * @returns how to say that it is over.
     */
    enter(session: string, close: () => void): () => void {
      const open = bySession.get(session) ?? new Set();
      bySession.set(session, open.add(close));
      const [oldest] = open;
      if (open.size > most && oldest) {
        open.delete(oldest);
        oldest();
      }
      return () => {
        open.delete(close);
        // A stream that was closed for another one may end long after the others, when `open` is not the current set
        // any more.
        if (open.size === 0 && bySession.get(session) === open) bySession.delete(session);
      };
    },
  };
}
