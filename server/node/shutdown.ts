import type { ServerType } from '@hono/node-server';
import { seconds, type Duration } from '../../machines/index.ts';

/** How long an answer that is under way may take, in ms; less than the 10 s that container engines wait. */
const patience: Duration = seconds(8);

/**
 * Stops a server without breaking a promise: no new connections, what has been taken is answered, and then, or after a
 * while, whatever is still open is closed.
 */
export function shutdown(server: ServerType, wake: (after: Duration, call: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    if (!('closeIdleConnections' in server)) return;
    // Browsers keep a connection open after the answer; each is to close when its last answer is out.
    server.prependListener('request', (_, response) => response.setHeader('Connection', 'close'));
    const tick: Duration = 50;
    const closeIdle = () => {
      server.closeIdleConnections();
      wake(tick, closeIdle);
    };
    closeIdle();
    wake(patience, () => server.closeAllConnections());
  });
}
