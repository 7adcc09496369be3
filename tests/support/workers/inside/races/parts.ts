// In place of server/parts.ts inside of workerd.
import { Hono } from 'hono';
import { createDependencies } from '../../../../../server/dependencies.ts';
import { createHandlers } from '../../../../../server/handlers.ts';
import { checkOptions } from '../../../../../server/options.ts';
import type { Dependencies } from '../../../../../server/routes/dependencies.ts';
import type { StoreAdapter } from '../../../../../server/store/adapter.ts';
import { passwords } from '../../../../../server/workers/passwords.ts';
import type { PartsOptions } from '../../../server/parts.ts';

/** What a server on a store is made of, with nothing running by itself. */
export async function partsOn(
  store: StoreAdapter,
  { cost, wake, register = true, ...options }: PartsOptions,
): Promise<Dependencies> {
  const accounts = passwords({ ...(cost && { cost }), register });
  const checked = checkOptions({ ...options, store, accounts });
  const opened = await store.open({ ...checked });
  return createDependencies(opened, { ...checked, secret: options.secret, ...(wake && { wake }) });
}

/** The routes alone. */
export const appOn = (parts: Dependencies) => new Hono().route('/', createHandlers(parts).routes);
