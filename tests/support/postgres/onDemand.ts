import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { startPostgres, type PostgresServer } from './server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where to ask for the address of this run's PostgreSQL. */
    postgresDesk: string;
  }
}

/** Starts one PostgreSQL for all files of a run when the first of them asks for it, and erases it after the last. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  let server: Promise<PostgresServer> | undefined;
  const given = process.env['CURFEW_TEST_POSTGRES'];

  const desk = createServer((_request, response) => {
    const url = given ? Promise.resolve(given) : (server ??= startPostgres()).then((started) => started.url);
    url.then(
      (text) => response.end(text),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  }).listen(0, '127.0.0.1');
  await once(desk, 'listening');
  project.provide('postgresDesk', `http://127.0.0.1:${(desk.address() as AddressInfo).port}`);

  return async () => {
    desk.close();
    desk.closeAllConnections();
    await (await server?.catch(() => undefined))?.erase();
  };
}
