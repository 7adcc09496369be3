import { Hono, type MiddlewareHandler } from 'hono';
import { answerFailure } from '../http/failure.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { HttpDependencies } from '../http/dependencies.ts';
import type { LogLine } from '../session/logLine.ts';
import { routesWithout } from './describedRoutes.ts';
import { docsRoutes } from './docs.ts';
import { healthRoutes } from './health.ts';
import type { createMetrics } from './metrics.ts';
import type { StoreMeasures } from './watchStore.ts';

type Metrics = ReturnType<typeof createMetrics>;

/** Counts of what happens, which begin when somebody is to be told of them: nothing of them is even loaded before. */
export interface LateMetrics {
  /** Counts a line of the server's log, once counts have begun. */
  readonly line: (line: LogLine) => void;
  /** Counts requests by the pattern of their route, once counts have begun. */
  readonly count: MiddlewareHandler;
  /** Counts requests that a copy of the session let in, and those for which it was read, once counts have begun. */
  readonly copy: (isHit: boolean) => void;
  /** To be told how the store works, from the time it is opened on. */
  readonly store: StoreMeasures;
  readonly begin: (parts: Parameters<typeof createMetrics>[0]) => Promise<Metrics>;
}

/** @returns no counts yet */
export function lateMetrics(): LateMetrics {
  let beginning: Promise<Metrics> | null = null;
  let metrics: Metrics | null = null;
  let log: Parameters<StoreMeasures['opened']>[0] | null = null;
  let listening = 0;
  /** What happens while they are being loaded counts, too; should that fail, whoever asks for them is told. */
  const begun = async () => metrics ?? (await beginning?.catch(() => null)) ?? null;
  return {
    line(line) {
      if (metrics) metrics.line(line);
      else if (beginning) void begun().then((loaded) => loaded?.line(line));
    },
    count(c, next) {
      if (metrics) return metrics.count(c, next);
      // Nobody asks: it costs a request nothing.
      if (!beginning) return next();
      return begun().then((loaded) => (loaded ? loaded.count(c, next) : next()));
    },
    copy: (isHit) => metrics?.copy(isHit),
    store: {
      opened: (opened) => void (log = opened),
      appended: (...measured) => metrics?.store.appended(...measured),
      committed: (size) => metrics?.store.committed(size),
      listening(change) {
        listening += change;
        metrics?.store.listening(change);
      },
    },
    begin(parts) {
      beginning ??= import('./metrics.ts').then(({ createMetrics: create }) => {
        metrics = create(parts);
        if (log) metrics.store.opened(log);
        metrics.store.listening(listening);
        return metrics;
      });
      return beginning;
    },
  };
}

/**
 * What operators and machines ask: `/healthz`, `/readyz`, `/metrics`, `/openapi.json` and `/docs`, to be mounted by any
 * application in front of `protect`.
 *
 * @param whyNotReady resolves to `null` when the process should get requests
 */
export function operationRoutes(
  parts: HttpDependencies & { readonly accounts: Accounts; readonly warnings: () => Promise<readonly string[]> },
  metrics: LateMetrics,
  whyNotReady: () => Promise<string | null>,
): Hono {
  const { basePath, cookieName, sessionCookie, accounts } = parts;
  const routes = new Hono();
  metrics.begin(parts).catch(() => {});
  routes.onError(answerFailure(parts));
  return routes
    .route('/', healthRoutes(whyNotReady, parts.warnings))
    .route('/', docsRoutes({ basePath, cookieName, sessionCookie, without: routesWithout(accounts) }))
    .get('/metrics', async (c) => (await metrics.begin(parts)).routes.fetch(c.req.raw, c.env));
}
