import { get } from 'node:http';
import type { Visitor } from './visitor.ts';

/** A server-sent event. */
export interface Heard {
  readonly event: string;
  readonly data: any;
}

/** An event stream that is open. */
export interface Events {
  /** The next event, heartbeats left out. @throws when the stream is over */
  readonly next: () => Promise<Heard>;
  readonly close: () => void;
}

/** Opens an event stream as a visitor; @see HTML §9.2.6 */
export async function events(visitor: Visitor, path: string): Promise<Events> {
  const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const request = get(`${visitor.url}${path}`, {
    agent: false,
    headers: { Cookie: cookie, Accept: 'text/event-stream' },
  });
  const response = await new Promise<NodeJS.ReadableStream>((resolve, reject) => {
    request.on('response', resolve).on('error', reject);
  });
  const chunks = response.setEncoding('utf8')[Symbol.asyncIterator]();
  let text = '';

  async function next(): Promise<Heard> {
    for (;;) {
      const end = text.indexOf('\n\n');
      if (end >= 0) {
        const block = text.slice(0, end);
        text = text.slice(end + 2);
        const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1];
        const data = field('data');
        if (data !== undefined && data !== '') return { event: field('event') ?? 'message', data: JSON.parse(data) };
        continue;
      }
      const { value, done } = await chunks.next();
      if (done) throw new Error(`the stream is over, after ${JSON.stringify(text)}`);
      text += String(value);
    }
  }
  return { next, close: () => void request.destroy() };
}
