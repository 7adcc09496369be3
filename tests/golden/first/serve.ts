import { serve } from '@hono/node-server';
import { firstHouse } from './house.ts';

// A server of the first build in a process of its own, in real time. It says where it listens.
const { CURFEW_DATABASE: place = '', CURFEW_SECRET: secret = '', CURFEW_MAX_SESSIONS: most } = process.env;
const { openNode } = await firstHouse();
const { application } = await openNode({
  database: place.startsWith('file:')
    ? { kind: 'sqlite', path: place.slice('file:'.length) }
    : { kind: 'postgres', address: place },
  secret,
  policy: { maxSessions: Number(most) },
  clock: () => Date.now(),
  wake(at, call) {
    const timer = setTimeout(call, at - Date.now());
    return () => clearTimeout(timer);
  },
  write: () => {},
});
serve({ fetch: application.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) =>
  process.stdout.write(`${JSON.stringify({ msg: 'listening', url: `http://127.0.0.1:${port}` })}\n`),
);
