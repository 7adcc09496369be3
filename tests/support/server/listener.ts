import { expect } from 'vitest';
import type { SessionView } from '../../../machines/index.ts';
import { origin, type Client, type World } from './world.ts';

/** One message of a stream; a comment has no event. */
interface Message {
  readonly event: string | null;
  readonly id: string | null;
  readonly view: SessionView | null;
}

const messageOf = (text: string): Message => {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1] ?? null;
  const data = field('data');
  return { event: field('event'), id: field('id'), view: data === null ? null : (JSON.parse(data) as SessionView) };
};

/** Reads a stream message by message. */
export class Listener {
  #text = '';
  readonly #reader: ReadableStreamDefaultReader<string>;
  readonly response: Response;

  constructor(response: Response) {
    this.response = response;
    this.#reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** @returns the next message, or `null` when the stream has ended. */
  async next(): Promise<Message | null> {
    for (;;) {
      const end = this.#text.indexOf('\n\n');
      if (end >= 0) {
        const message = messageOf(this.#text.slice(0, end));
        this.#text = this.#text.slice(end + 2);
        return message;
      }
      const { done, value } = await this.#reader.read();
      if (done) {
        if (this.#text !== '') throw new Error(`cut off after ${this.#text}`);
        return null;
      }
      this.#text += value;
    }
  }

  /** The next message that tells of the session. */
  async view(): Promise<SessionView | null> {
    for (;;) {
      const message = await this.next();
      if (message === null) return null;
      if (message.event === 'session') return message.view;
    }
  }

  hangUp(): Promise<void> {
    return this.#reader.cancel();
  }
}

/** Opens the stream of a client's session. */
export async function listen({ app }: Pick<World, 'app'>, client: Client, more: object = {}): Promise<Listener> {
  const response = await app.request(`${origin}/api/auth/stream`, { headers: { ...client.headers, ...more } });
  expect(response.status).toBe(200);
  return new Listener(response);
}

/** How many listen to the log just now. */
export function listeningTo({ parts: { log } }: World): () => number {
  let open = 0;
  const subscribe = log.subscribe.bind(log);
  log.subscribe = (listener) => {
    const stop = subscribe(listener);
    open++;
    return () => {
      open--;
      stop();
    };
  };
  return () => open;
}
