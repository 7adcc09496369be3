import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { minutes } from '../../machines/index.ts';
import type { StoreAdapter } from '../store/adapter.ts';
import { createCurfew } from '../curfew.ts';
import { InvalidOption } from '../invalidOption.ts';
import { notListening, notWritable, readConfig, type Config } from '../node/config.ts';
import { optionsOf } from '../node/configFromEnvironment.ts';
import { InvalidVariable, type Environment } from '../node/environment.ts';
import { listen } from '../node/listen.ts';
import { shutdown } from '../node/shutdown.ts';
import { createMetrics } from '../operations/metrics.ts';
import { watchStore } from '../operations/watchStore.ts';
import { randomId } from '../options.ts';
import { policyWarnings } from '../policyWarnings.ts';
import { writeLine } from '../writeLine.ts';
import type { LogLine } from '../session/logLine.ts';
import { elapsedTime, systemClock } from '../systemClock.ts';
import { createApp } from './app.ts';
import { exportUserData } from './exportUserData.ts';
import { longerWarnings, policyOfUser } from './longerWarning.ts';
import { withLocalOrigin } from './localOrigin.ts';
import { createProvider, type OidcProvider } from './oidc/provider.ts';
import { oidcSettingsOf } from './oidc/settings.ts';
import { waysOf } from './ways.ts';
import { openWithOwnTables } from './store/open.ts';

function refuse(line: string): never {
  process.stderr.write(`curfew: ${line}\n`);
  process.exit(1);
}

/** Why the server cannot start, in a line that names the variable where there is one. */
function reasonOf(error: unknown, { checkpoints }: Config): string {
  if (!(error instanceof InvalidOption)) return error instanceof Error ? error.message : String(error);
  const { option, cause } = error;
  const reason = cause instanceof Error ? cause : error;
  if (option === 'checkpoints' && checkpoints) return notWritable(checkpoints, reason);
  if (option === 'previousSecrets')
    return `${reason.message}; CURFEW_PREVIOUS_SECRETS must hold every secret it may have been wrapped with`;
  return error.message;
}

const isLocal = process.argv.includes('--local');
const read = readConfig(isLocal ? withLocalOrigin(process.env) : process.env);
if (!read.ok) refuse(read.line);
const { config } = read;
const metrics = createMetrics({ clock: systemClock, trustedProxies: config.trustedProxies });
const write = (line: LogLine) => {
  metrics.line(line);
  writeLine(line);
};
for (const warning of config.warnings) write({ msg: 'warning', level: 'warn', warning });

/** Has the decisions on sessions watched. Nothing of this is even loaded unless it is asked for. */
async function watchedOn(port: number, store: StoreAdapter): Promise<StoreAdapter> {
  const { relayDecisions } = await import('./inspect.ts');
  const relay = await relayDecisions(port);
  write({ msg: 'inspecting', url: `http://localhost:${relay.port}` });
  return {
    async open(given) {
      const opened = await store.open(given);
      return { ...opened, log: relay.watched(opened.log) };
    },
  };
}

/** The OpenID provider that the environment names. */
function providerOf(env: Environment): OidcProvider | null {
  try {
    const settings = oidcSettingsOf(env);
    return settings && createProvider(settings, { clock: systemClock });
  } catch (error) {
    if (error instanceof InvalidVariable) refuse(error.message);
    throw error;
  }
}

const provider = providerOf(process.env);

/** Has the store measured. */
const measured = (store: StoreAdapter): StoreAdapter => ({
  ...store,
  open: async (given) => watchStore(await store.open(given), metrics.store, elapsedTime),
});

async function start() {
  const { inspectPort } = config;
  const database = await openWithOwnTables(config.database);
  const store = measured(inspectPort === null ? database.store : await watchedOn(inspectPort, database.store));
  const ways = ({ id }: { readonly id: string }) => waysOf({ store: database.appStore, provider }, id);
  const own = { ways, exportUserData: exportUserData(database.appStore) };
  const { policy } = config;
  // Limits that are too short to be chosen from are given as they are: from them the server knows how often to sweep.
  const limits = longerWarnings(policy).length > 0 && { policy: policyOfUser(policy, database.appStore) };
  if (limits) for (const warning of policyWarnings(policy)) write({ msg: 'warning', level: 'warn', warning });
  return { database, curfew: await createCurfew({ ...optionsOf(config), ...own, ...limits, store, write }) };
}

const { database, curfew } = await start().catch((error: unknown) => refuse(reasonOf(error, config)));
const built = join(import.meta.dirname, '..', '..', 'dist', 'app');
// The build this process started with: a newer one is swapped in beside it, under the same link.
const root = existsSync(join(built, 'index.html')) ? realpathSync(built) : null;
const app = createApp(
  {
    curfew,
    policy: config.policy,
    store: database.appStore,
    canRegister: config.registration === 'open',
    provider,
    origins: config.origins,
    metrics,
    clock: systemClock,
    newId: randomId,
    write,
  },
  root,
);
const server = listen(app.fetch, config, (port) => {
  if (root === null) write({ msg: 'warning', level: 'warn', warning: 'the pages are not built: run npm run build' });
  write({
    msg: 'listening',
    url: `http://${config.host === '127.0.0.1' ? 'localhost' : config.host}:${port}`,
    policy: config.policy,
  });
});
server.on('error', (error: Error) => refuse(notListening(config, error)));

let stopping = false;
async function stop(signal: string) {
  if (stopping) return;
  stopping = true;
  write({ msg: 'stopping', signal });
  await curfew.close(shutdown(server, (after, call) => setTimeout(call, Math.min(after, minutes(1))).unref()));
  await database.close();
  write({ msg: 'stopped' });
  process.exit(0);
}
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));
