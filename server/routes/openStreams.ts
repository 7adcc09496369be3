/**
 * How many streams of one session are open at once on one node. One more closes the oldest, so that the newest tab
 * hears, and nobody is locked out by connections that were lost without a word.
 */
export const mostStreams = 16;

/** Keeps the number of open streams of each session within its limit. */
export function openStreams() {
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
      if (open.size > mostStreams && oldest) {
        open.delete(oldest);
        oldest();
      }
      return () => {
        open.delete(close);
        // Whoever had to make room may be over long after the others, and has no part in those that came since.
        if (open.size === 0 && bySession.get(session) === open) bySession.delete(session);
      };
    },
  };
}
