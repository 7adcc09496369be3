import { SSEStreamingApi } from 'hono/streaming';
import { heartbeat } from '../routes/stream.ts';
import { askForStream, followStream } from './streamSocket.ts';

/** Those of a socket, which is none outside. */
const ofSocket = ['Upgrade', 'Connection', 'Sec-WebSocket-Accept', 'Sec-WebSocket-Extensions'];

/**
 * Answers a request for an event stream: by server-sent events here, which the object of the user tells through a socket.
 * So the object sleeps while nothing happens. A socket that is lost ends the answer, and the browser asks again.
 */
export async function answerStream(object: Parameters<typeof askForStream>[0], request: Request): Promise<Response> {
  const { answer, socket } = await askForStream(object, request, 'browser');
  if (!socket) return answer;
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const stream = new SSEStreamingApi(writable, readable);
  const close = followStream(socket, {
    told: (event) => void (event ? stream.writeSSE({ ...event }) : stream.write(heartbeat)),
    closed: () => void stream.close(),
  });
  stream.onAbort(close);
  const headers = new Headers(answer.headers);
  for (const name of ofSocket) headers.delete(name);
  return new Response(stream.responseReadable, { status: 200, headers });
}
