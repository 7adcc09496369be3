import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { minutes, seconds, type Duration } from '../../machines/index.ts';
import { UnopenableVaultKey } from '../store/vault.ts';
import { createApp } from './app.ts';
import { openAppStore } from './store/open.ts';
import { prepareFolder } from '../audit/checkpoints.ts';
import { notListening, notWritable, readConfig } from '../node/config.ts';
import type { LogLine } from '../session/logLine.ts';
import { listen } from '../node/listen.ts';
import { loadOrCreateSecret } from '../node/secret.ts';
import { shutdown } from '../node/shutdown.ts';
import { openStores } from '../node/openStores.ts';
import { sweepRegularly } from '../sweeper.ts';

const clock = () => Date.now();
const write = ({ msg, level = 'info', ...fields }: LogLine) =>
  process.stdout.write(`${JSON.stringify({ time: new Date(clock()).toISOString(), level, msg, ...fields })}\n`);

function refuse(line: string): never {
  process.stderr.write(`curfew: ${line}\n`);
  process.exit(1);
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const read = readConfig(process.env);
if (!read.ok) refuse(read.line);
const { config } = read;
for (const warning of config.warnings) write({ msg: 'warning', level: 'warn', warning });

async function open({ database }: typeof config) {
  try {
    const stores = await openStores(database);
    const appStore = await openAppStore(stores);
    return {
      stores,
      appStore,
      secret: config.secret ?? (database.kind === 'sqlite' ? loadOrCreateSecret(database.path) : ''),
    };
  } catch (error) {
    return refuse(reasonOf(error));
  }
}

const { checkpoints } = config;
if (checkpoints) await prepareFolder(checkpoints).catch((error: Error) => refuse(notWritable(checkpoints, error)));
const { stores, appStore, secret } = await open(config);
const embedded = await stores
  .parts({ ...config, secret, clock, write, deleteUserData: (user) => appStore.deleteUserData(user) })
  .catch((error: unknown) =>
    refuse(
      error instanceof UnopenableVaultKey
        ? `${error.message}; CURFEW_PREVIOUS_SECRETS must hold every secret it may have been wrapped with`
        : reasonOf(error),
    ),
  );
/** Nothing of this is even loaded unless it is asked for. */
async function watchedOn(port: number): Promise<Pick<typeof embedded, 'log'>> {
  const { relayDecisions } = await import('./inspect.ts');
  const relay = await relayDecisions(port);
  write({ msg: 'inspecting', url: `http://localhost:${relay.port}` });
  return { log: relay.watched(embedded.log) };
}

const notReady = await embedded.whyNotReady().catch(reasonOf);
if (notReady !== null) write({ msg: 'warning', level: 'warn', warning: notReady });

const parts = { ...embedded, ...(config.inspectPort !== null && (await watchedOn(config.inspectPort))) };
const built = join(import.meta.dirname, '..', '..', 'dist', 'app');
// The build this process started with: a newer one is swapped in beside it, under the same link.
const root = existsSync(join(built, 'index.html')) ? realpathSync(built) : null;
const ending = new AbortController();
const app = createApp({ ...parts, stopping: ending.signal }, appStore, root);
const server = listen(app.fetch, config, (port) => {
  if (root === null) write({ msg: 'warning', level: 'warn', warning: 'the pages are not built: run npm run build' });
  write({
    msg: 'listening',
    url: `http://${config.host === '127.0.0.1' ? 'localhost' : config.host}:${port}`,
    policy: config.policy,
  });
});
server.on('error', (error: Error) => refuse(notListening(config, error)));

const sweepEvery: Duration = Math.min(seconds(30), Math.max(seconds(1), config.policy.idleTimeout / 10));
const stopSweeping = sweepRegularly(parts, sweepEvery);

let stopping = false;
async function stop(signal: string) {
  if (stopping) return;
  stopping = true;
  write({ msg: 'stopping', signal });
  ending.abort();
  await shutdown(server, (after, call) => setTimeout(call, Math.min(after, minutes(1))).unref());
  await stopSweeping();
  await stores.close();
  write({ msg: 'stopped' });
  process.exit(0);
}
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal));
