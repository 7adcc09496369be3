import type { ServerType } from '@hono/node-server';
import { seconds, type Duration } from '../machines/index.ts';

const patience: Duration = seconds(10);

/**
 * Stops a server without breaking a promise: no new connections, what has been taken is answered, and then, or after a
 * while, the streams that would stay open for ever are closed.
 */
export function stopGently(server: ServerType, wake: (after: Duration, call: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    if ('closeIdleConnections' in server) {
      server.closeIdleConnections();
      wake(patience, () => server.closeAllConnections());
    }
  });
}
