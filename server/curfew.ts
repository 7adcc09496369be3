import type { Hono } from 'hono';
import { seconds, type Duration, type Policy } from '../machines/index.ts';
import type { OpenStore } from './store/adapter.ts';
import { watchClock } from './clockWatch.ts';
import { prepareFolder } from './audit/checkpoints.ts';
import { createDependencies } from './dependencies.ts';
import { createHandlers, type CurfewRoutes } from './handlers.ts';
import { warningOfOrigin } from './http/origins.ts';
import { isOverPlainHttp } from './http/cookie.ts';
import type { Protect } from './http/protect.ts';
import { InvalidOption } from './invalidOption.ts';
import { lateMetrics, operationRoutes } from './operations/operations.ts';
import { readiness } from './operations/readiness.ts';
import { watchStore } from './operations/watchStore.ts';
import { checkOptions, checkSecret, type CheckedOptions, type CurfewOptions } from './options.ts';
import { policyWarnings } from './policyWarnings.ts';
import type { Dependencies } from './routes/dependencies.ts';
import type { LogLine } from './session/logLine.ts';
import { createEndTeller, tellingLog } from './session/tellEnds.ts';
import { UnopenableVaultKey } from './store/vault.ts';
import { sweepRegularly } from './sweeper.ts';
import { elapsedTime, stopwatch } from './systemClock.ts';
import { createVerbs, type Verbs } from './verbs/verbs.ts';

/** Curfew for one application. */
export interface Curfew extends Verbs {
  /**
   * Makes the middleware that lets only live sessions through to the routes behind it, and sets `c.var.session` and the
   * `Session-Status` header. A dead session gets a 401 that says why. What is Curfew's by method and path it has answered
   * by `routes`; it judges everything else, the application's own routes beneath `/api/auth`, `/api/drafts` and
   * `/api/admin` included, in whatever order they are mounted. It may stand twice before a route: the inner one can ask
   * for more.
   *
   * @throws TypeError with one line that names the option that cannot be
   */
  readonly protect: Protect;
  /** Sign-in, refresh, preserved work and the rest, under `/api/auth`, `/api/drafts` and `/api/admin`. */
  readonly routes: CurfewRoutes;
  /**
   * Has a request answered by the routes, for a server without Hono. What is none of theirs is a 404.
   *
   * @param env what the platform tells of the connection, as Hono's adapters pass it on; default nothing, and then no
   * address of the client is known
   */
  readonly fetch: (request: Request, env?: unknown) => Promise<Response>;
  /** Whether a request is for the routes, by its method and path: what `fetch` answers. */
  readonly owns: (request: Request) => boolean;
  /**
   * Health, readiness, counts and the description of the routes, to be mounted at `/` in front of `protect`: `/healthz`,
   * `/readyz`, `/metrics` (to this machine only), `/openapi.json` and `/docs`. What comes to `protect` or to the routes is
   * counted from the first use of this property on.
   */
  readonly operations: Hono;
  /**
   * The limits that bind new sessions, checked and clamped; `null` where a function tells those of each user: what binds
   * a session is in its view.
   */
  readonly policy: Policy | null;
  /**
   * Says why this process should get no requests just now, for a readiness probe.
   *
   * @returns one line, or `null` when it should get them; rejects when the store cannot answer.
   */
  readonly whyNotReady: () => Promise<string | null>;
  /**
   * Closes event streams, stops the sweeper, waits until every request has been answered, and closes the store, unless it
   * was given open. May be called more than once.
   *
   * @param drained resolves when the server has taken its last request; the store stays open at least until then
   */
  readonly close: (drained?: Promise<unknown>) => Promise<void>;
}

const longestPause: Duration = seconds(30);

async function warnAtStart({
  policy,
  origins,
  sessionCookie,
  write,
  whyNotReady,
  warnings: ofStore,
}: Dependencies): Promise<void> {
  const reasonOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
  const warnings = [
    ...(policy ? policyWarnings(policy) : []),
    ...(isOverPlainHttp(sessionCookie)
      ? [`the session cookie is the one for development, which is not secure: ${origins.join(', ')} alone`]
      : origins.map(warningOfOrigin)),
    await whyNotReady().catch(reasonOf),
    ...(await ofStore().catch(() => [])),
  ];
  for (const warning of warnings) if (warning !== null) write({ msg: 'warning', level: 'warn', warning });
}

async function prepareCheckpoints({ checkpoints }: CheckedOptions): Promise<void> {
  if (checkpoints === null) return;
  try {
    await prepareFolder(checkpoints);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InvalidOption(
      'checkpoints',
      `checkpoints.path must be a folder that can be written to: ${reason}`,
      error,
    );
  }
}

async function dependenciesOf(store: OpenStore, options: CheckedOptions): Promise<Dependencies> {
  const { secret } = options;
  try {
    return await createDependencies(store, {
      ...options,
      secret: typeof secret === 'string' ? secret : checkSecret(await secret()),
    });
  } catch (error) {
    if (!(error instanceof UnopenableVaultKey)) throw error;
    const line = `${error.message}; previousSecrets must hold every secret it may have been wrapped with`;
    throw new InvalidOption('previousSecrets', line, error);
  }
}

/** Has the application told of ends: of those that a process before left untold, too. */
function withTeller(parts: Dependencies): { dependencies: Dependencies; idle: () => Promise<void> } {
  if (!parts.onEnd) return { dependencies: parts, idle: async () => {} };
  const teller = createEndTeller(parts, parts.onEnd);
  void teller.tell();
  const log = tellingLog(parts.log, () => void teller.tell());
  return { dependencies: { ...parts, log, tellEnds: teller.tell }, idle: teller.idle };
}

/**
 * Opens the store and makes everything that stands before an application's own routes. Sweeps by itself from then on.
 *
 * @returns rejects with `InvalidOption` when an option cannot be used, and with `UnusableDatabase` when the store cannot;
 * each in one line, with nothing left open.
 */
export async function createCurfew(options: CurfewOptions): Promise<Curfew> {
  const checked = checkOptions(options);
  await prepareCheckpoints(checked);
  const metrics = lateMetrics();
  const write = (line: LogLine) => {
    metrics.line(line);
    checked.write(line);
  };
  const warn = (warning: string) => write({ msg: 'warning', level: 'warn', warning });
  const store = watchStore(await checked.store.open({ ...checked, stopwatch, warn }), metrics.store, elapsedTime);
  try {
    const stopping = new AbortController();
    const { dependencies, idle } = withTeller({
      ...(await dependenciesOf(store, { ...checked, write })),
      stopping: stopping.signal,
      countRequest: metrics.count,
      countCopy: metrics.copy,
    });
    const clockWatch = await watchClock({ ...dependencies, elapsed: elapsedTime });
    const whyNotReady = async () => clockWatch.trouble() ?? dependencies.whyNotReady();
    clockWatch.trouble();
    await warnAtStart(dependencies);
    const { protect, routes, fetch, owns, answered } = createHandlers(dependencies);
    const { policy } = dependencies;
    const pause: Duration = policy
      ? Math.min(longestPause, Math.max(seconds(1), policy.idleTimeout / 10))
      : longestPause;
    const stopSweeping = sweepRegularly({ ...dependencies, clockWatch }, pause);

    async function stop(drained: Promise<unknown>): Promise<void> {
      stopping.abort();
      await Promise.all([stopSweeping(), drained]);
      await answered();
      await idle();
      await store.close();
    }
    const ready = readiness({ ...dependencies, whyNotReady });
    let operations: Hono | null = null;
    let closed: Promise<void> | null = null;
    return {
      ...createVerbs(dependencies),
      protect,
      routes,
      fetch,
      owns,
      policy,
      get operations() {
        return (operations ??= operationRoutes(dependencies, metrics, ready));
      },
      whyNotReady: ready,
      close: (drained = Promise.resolve()) => (closed ??= stop(drained)),
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}
