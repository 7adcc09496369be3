import { passwordAccounts } from '../accounts/passwordAccounts.ts';
import { areForDevelopment } from '../http/origins.ts';
import type { CurfewOptions } from '../options.ts';
import { checkedConfig, type Config } from './config.ts';
import type { Environment } from './environment.ts';
import { loadOrCreateSecret } from './secret.ts';
import { storeOf } from './store.ts';

/** The options that a configuration asks for. A secret that is kept beside a SQLite file is made at its first use. */
export function optionsOf(config: Config): CurfewOptions {
  const { database, secret, previousSecrets, algorithm, policy, retention, checkpoints, origins, trustedProxies } =
    config;
  const accounts = passwordAccounts({ register: config.registration === 'open' });
  return {
    store: storeOf(database),
    secret: secret ?? (() => (database.kind === 'sqlite' ? loadOrCreateSecret(database.path) : '')),
    previousSecrets,
    algorithm,
    policy,
    accounts,
    retention,
    trustedProxies,
    origins,
    developmentCookie: areForDevelopment(origins),
    ...(checkpoints !== null && { checkpoints }),
  };
}

/**
 * The options of the reference application, read from the variables of `docs/operations.md`: `CURFEW_DATABASE`,
 * `CURFEW_SECRET`, `CURFEW_POLICY` and the rest.
 *
 * @param env such as `process.env`
 * @throws InvalidVariable with one line: the variable, its value and what is allowed
 */
export const configFromEnvironment = (env: Environment): CurfewOptions => optionsOf(checkedConfig(env));
