import { origin, type Client, type World } from './world.ts';

/** A request whose body arrives when the test says so, after the server has begun to wait for it. */
export function heldBody(app: Pick<World['app'], 'fetch'>, client: Client, method: string, path: string, json: object) {
  let give: () => void = () => {};
  let waits: () => void = () => {};
  const waiting = new Promise<void>((resolve) => (waits = resolve));
  const body = new ReadableStream<Uint8Array>(
    {
      pull: (controller) =>
        new Promise((resolve) => {
          waits();
          give = () => {
            controller.enqueue(new TextEncoder().encode(JSON.stringify(json)));
            controller.close();
            resolve();
          };
        }),
    },
    { highWaterMark: 0 },
  );
  const headers = { ...client.headers, 'Content-Type': 'application/json' };
  // The types of the DOM do not know that a body may still be on its way.
  const init = { method, headers, body, duplex: 'half' } as RequestInit;
  const response = Promise.resolve(app.fetch(new Request(`${origin}${path}`, init)));
  return {
    /** Resolves when the server has begun to wait. */
    waiting,
    async arrive() {
      give();
      const answer = await response;
      const text = await answer.text();
      return {
        status: answer.status,
        session: answer.headers.get('Session-Status'),
        body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>,
      };
    },
  };
}
