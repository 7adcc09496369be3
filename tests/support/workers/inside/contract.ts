import { registered } from './registered.ts';
import { withStorage, type EmptiedStorage } from './storage.ts';
import '../../../contract/eventLog.together.test.ts';
import '../../../contract/lostRows.test.ts';
import '../../../contract/stores.test.ts';
import '../../../server/routes/drafts.test.ts';
import '../../../server/store/securityLog.test.ts';
import '../../../server/store/vault.test.ts';
import '../../../server/workers/database.inside.ts';

/** The names of all tests. */
const list = '/tests';

/** Runs one test of the suites on its own storage; `/3` is the fourth. */
export class ContractObject {
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
    const { pathname } = new URL(request.url);
    if (pathname === list) return Response.json(registered.map(({ name }) => name));
    return OBJECTS.get(OBJECTS.idFromName(pathname)).fetch(request);
  },
};
