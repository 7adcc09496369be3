import { createServer } from 'node:http';
import { createInspector, type StatelyInspectionEvent } from '@statelyai/inspect';
import { WebSocket, WebSocketServer } from 'ws';
import { isLeaf, sessionMachine, valueOf, type SessionContext } from '../../machines/index.ts';
import type { Change, EventLog } from '../store/eventLog.ts';

const hosted = 'https://stately.ai';
const kept = 200;

/** Pages of this machine and Stately's own page may connect; a page from any other origin must not read the events. */
const isWelcome = (origin: string | undefined): boolean =>
  origin === undefined || origin === hosted || /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(origin);

const page = (port: number) => `<!doctype html>
<html lang="en"><title>What the server decides</title>
<style>html, body, iframe { width: 100%; height: 100%; margin: 0; border: 0 }</style>
<iframe title="XState inspector" src="${hosted}/inspect"></iframe>
<script>
  const { contentWindow } = document.querySelector('iframe');
  const waiting = [];
  let isConnected = false;
  const tell = (event) => contentWindow.postMessage(event, '${hosted}');
  addEventListener('message', ({ origin, data }) => {
    if (origin !== '${hosted}' || data?.type !== '@statelyai.connected') return;
    isConnected = true;
    waiting.splice(0).forEach(tell);
  });
  new WebSocket('ws://localhost:${port}').onmessage = ({ data }) =>
    isConnected ? tell(JSON.parse(data)) : waiting.push(JSON.parse(data));
</script></html>`;

/** A context without who it is. */
const anonymous = (context: SessionContext): SessionContext => ({ ...context, user: '' });

/** Where the server's decisions can be watched. */
export interface Relay {
  readonly port: number;
  /** The same log; what is appended to it is shown. */
  readonly watched: (log: EventLog) => EventLog;
  readonly stop: () => void;
}

/**
 * For development: shows every committed decision to the XState inspector, over a WebSocket on the loopback interface.
 * Sessions are numbered; their users and devices are not sent.
 *
 * @param port 0 takes a free one
 * @see https://stately.ai/docs/inspector
 */
export function relayDecisions(port: number): Promise<Relay> {
  const sent: string[] = [];
  const numbers = new Map<string, number>();
  const http = createServer((request, response) => {
    const { localPort = 0 } = request.socket;
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(page(localPort));
  });
  const sockets = new WebSocketServer({
    server: http,
    verifyClient: ({ origin }: { origin?: string }) => isWelcome(origin),
  });
  sockets.on('connection', (socket) => {
    for (const message of sent) socket.send(message);
  });
  const inspector = createInspector(
    {
      send(event: StatelyInspectionEvent) {
        const message = JSON.stringify(event);
        sent.push(message);
        if (sent.length > kept) sent.shift();
        for (const socket of sockets.clients) if (socket.readyState === WebSocket.OPEN) socket.send(message);
      },
    },
    { serializationDepthLimit: 40 },
  );

  function show({ id, state, entries }: Change): void {
    const isNew = !numbers.has(id);
    const number = numbers.get(id) ?? numbers.size + 1;
    numbers.set(id, number);
    const actor = { sessionId: `session ${number}`, logic: sessionMachine, send: () => {}, getSnapshot: () => null };
    const context = anonymous(state.context);
    if (isNew) inspector.actor(actor, { value: valueOf(entries[0]?.from ?? state.leaf), context });
    for (const { type, at, to } of entries) {
      inspector.event(actor, { type, at });
      if (isLeaf(to)) inspector.snapshot(actor, { value: valueOf(to), context }, { event: { type, at } });
    }
  }

  const watched = (log: EventLog): EventLog => ({
    ...log,
    async append(changes, admission, writes) {
      const outcome = await log.append(changes, admission, writes);
      if (outcome === 'appended') changes.forEach(show);
      return outcome;
    },
  });

  return new Promise((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, '127.0.0.1', () => {
      const address = http.address();
      resolve({
        port: typeof address === 'object' && address !== null ? address.port : port,
        watched,
        stop() {
          for (const socket of sockets.clients) socket.terminate();
          sockets.close();
          http.close();
        },
      });
    });
  });
}
