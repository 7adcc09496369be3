import { once } from 'node:events';
import { createConnection } from 'node:net';
import { answerIn, type Answer } from './answer.ts';

/** A connection that is asked one thing after another. */
export interface Connection {
  /** Rejects when the connection is gone before the answer was whole. */
  readonly ask: (request: Buffer) => Promise<Answer>;
  readonly close: () => void;
}

/** Connects to a server on this machine. */
export async function connect(port: number): Promise<Connection> {
  const socket = createConnection({ host: '127.0.0.1', port, noDelay: true });
  await once(socket, 'connect');
  let waiting: PromiseWithResolvers<Answer> | null = null;
  let received = Buffer.alloc(0);
  const fail = (error: Error) => {
    waiting?.reject(error);
    waiting = null;
  };
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('the server has closed the connection')));
  socket.on('data', (bytes) => {
    received = received.length === 0 ? bytes : Buffer.concat([received, bytes]);
    const answer = answerIn(received);
    if (answer === null) return;
    received = received.subarray(answer.size);
    waiting?.resolve(answer);
    waiting = null;
  });
  return {
    ask(request) {
      waiting = Promise.withResolvers<Answer>();
      const { promise } = waiting;
      socket.write(request);
      return promise;
    },
    close: () => socket.destroy(),
  };
}
