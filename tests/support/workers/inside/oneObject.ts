// A worker that runs the tests that were loaded, all in one object.
import { registered } from './registered.ts';
import { withStorage, type EmptiedStorage } from './storage.ts';

/** Runs one test on empty storage; `/3` is the fourth. */
export class TestsObject {
  readonly #storage: EmptiedStorage;

  constructor({ storage }: { storage: EmptiedStorage }) {
    this.#storage = storage;
  }

  async fetch(request: Request): Promise<Response> {
    const test = registered[Number(new URL(request.url).pathname.slice(1))];
    if (!test) return new Response('there is no such test', { status: 404 });
    try {
      await this.#storage.deleteAll();
      await withStorage(this.#storage, test.run);
      return Response.json(null);
    } catch (error) {
      return Response.json(error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
  }
}

interface Env {
  readonly OBJECTS: {
    idFromName(name: string): unknown;
    get(id: unknown): { fetch(request: Request): Promise<Response> };
  };
}

export const worker = {
  async fetch(request: Request, { OBJECTS }: Env): Promise<Response> {
    if (new URL(request.url).pathname === '/tests') return Response.json(registered.map(({ name }) => name));
    return OBJECTS.get(OBJECTS.idFromName('all')).fetch(request);
  },
};
