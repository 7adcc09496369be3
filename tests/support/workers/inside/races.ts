// The worker that plays the races of the suites, all in one object.
import { races } from '../../server/races/races.ts';
import { registered } from './registered.ts';
import { withStorage, type EmptiedStorage } from './storage.ts';

races('sqlite');

/** Runs one test; `/3` is the fourth. */
export class RacesObject {
  readonly #storage: EmptiedStorage;

  constructor({ storage }: { storage: EmptiedStorage }) {
    this.#storage = storage;
  }

  async fetch(request: Request): Promise<Response> {
    const test = registered[Number(new URL(request.url).pathname.slice(1))];
    if (!test) return new Response('there is no such test', { status: 404 });
    try {
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

// What workerd looks for.
// oxlint-disable-next-line import/no-default-export
export default {
  async fetch(request: Request, { OBJECTS }: Env): Promise<Response> {
    if (new URL(request.url).pathname === '/tests') return Response.json(registered.map(({ name }) => name));
    return OBJECTS.get(OBJECTS.idFromName('all')).fetch(request);
  },
};
