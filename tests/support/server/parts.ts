import { presets } from '../../../machines/index.ts';
import type { Argon2Cost } from '../../../server/accounts/passwords.ts';
import { passwordAccounts } from '../../../server/accounts/passwordAccounts.ts';
import type { StoreAdapter } from '../../../server/store/adapter.ts';
import type { OidcProvider } from '../../../server/app/oidc/provider.ts';
import { createApp } from '../../../server/app/app.ts';
import { exportUserData } from '../../../server/app/exportUserData.ts';
import { policyOfUser } from '../../../server/app/longerWarning.ts';
import type { AppStore } from '../../../server/app/store/appStore.ts';
import { waysOf } from '../../../server/app/ways.ts';
import { createDependencies } from '../../../server/dependencies.ts';
import { createHandlers } from '../../../server/handlers.ts';
import { createMetrics } from '../../../server/operations/metrics.ts';
import { readiness } from '../../../server/operations/readiness.ts';
import { checkOptions, type CurfewOptions } from '../../../server/options.ts';
import type { Dependencies } from '../../../server/routes/dependencies.ts';
import { stopwatch } from '../../../server/systemClock.ts';
import { createVerbs } from '../../../server/verbs/verbs.ts';

/** What a test may say of a server beyond what an application may. */
export interface PartsOptions extends Omit<CurfewOptions, 'store' | 'secret' | 'accounts'> {
  readonly secret: string;
  readonly cost?: Argon2Cost;
  /** Whether people may make their own accounts. Default `true`. */
  readonly register?: boolean;
  readonly wake?: Dependencies['wake'];
}

/** What a server on a store is made of, with nothing running by itself. */
export async function partsOn(
  store: StoreAdapter,
  { cost, wake, register = true, ...options }: PartsOptions,
): Promise<Dependencies> {
  const accounts = passwordAccounts({ ...(cost && { cost }), register });
  const checked = checkOptions({ ...options, store, accounts });
  const more = { secret: options.secret, ...(wake && { wake }) };
  return createDependencies(await store.open({ ...checked, stopwatch }), { ...checked, ...more });
}

/** The reference application on parts. */
export function appOn(
  given: Dependencies,
  store: AppStore,
  root: string | null = null,
  provider: OidcProvider | null = null,
) {
  const metrics = createMetrics(given);
  const parts: Dependencies = {
    ...given,
    policyOf: given.policy ? policyOfUser(given.policy, store) : given.policyOf,
    exportUserData: given.exportUserData ?? exportUserData(store),
    ways: given.ways ?? (({ id }) => waysOf({ store, provider }, id)),
    write(line) {
      metrics.line(line);
      given.write(line);
    },
  };
  const { protect, routes, fetch, owns } = createHandlers(parts);
  const curfew = {
    ...createVerbs(parts),
    protect,
    routes,
    fetch,
    owns,
    whyNotReady: readiness(parts),
  };
  const canRegister = parts.accounts.register !== undefined;
  return createApp(
    { ...parts, policy: parts.policy ?? presets.standard, curfew, store, canRegister, provider, metrics },
    root,
  );
}
