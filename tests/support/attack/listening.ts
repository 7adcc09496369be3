import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { listen, type Timeouts } from '../../../server/node/listen.ts';
import { settled } from '../server/refusal.ts';

/** The server on a real socket, on the test's own clock, with somebody signed in. */
export async function listening(patience?: Timeouts) {
  const world = await settled('bearer');
  const port = await new Promise<number>((ready) => {
    const server = listen(world.app.fetch, { port: 0, host: '127.0.0.1', ...(patience && { patience }) }, ready);
    onTestFinished(() => void server.close());
  });
  return { ...world, port };
}

/** A connection of one's own, and everything that comes back on it until the server closes it. */
export function dial(port: number): { socket: Socket; answered: Promise<string> } {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
  const answered = new Promise<string>((resolve) => {
    // A connection that is reset has told what it had to tell.
    socket.on('error', () => {});
    socket.on('close', () => resolve(text));
  });
  return { socket, answered };
}

/** Sends exactly these bytes. @returns what came back until the server closed the connection. */
export function raw(port: number, text: string): Promise<string> {
  const { socket, answered } = dial(port);
  socket.write(Buffer.from(text, 'latin1'));
  return answered;
}

/** The statuses of all answers in a text. */
export const statusesIn = (text: string): number[] =>
  [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
