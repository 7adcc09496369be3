import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Above the ports of services, and below those that the system gives to whoever connects or asks for any port. */
const [lowest, above] = [20_000, 32_000] as const;

const isFree = (port: number) =>
  new Promise<boolean>((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

/** @returns a port of this machine that nobody listens on, and that nobody gets who does not ask for this very one. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(lowest, above);
    if (await isFree(port)) return port;
  }
}
