import { Hono } from 'hono';
import { answerFailure } from '../http/failure.ts';
import type { HttpDependencies } from '../http/dependencies.ts';
import type { LogLine } from '../session/logLine.ts';
import { docsRoutes } from './docs.ts';
import { healthRoutes } from './health.ts';
import type { createMetrics } from './metrics.ts';

type Metrics = ReturnType<typeof createMetrics>;

/** Counts of what happens, which begin when they are first asked for: nothing of them is even loaded before. */
export interface LateMetrics {
  /** Counts a line of the server's log, once counts have begun. */
  readonly line: (line: LogLine) => void;
  readonly begin: (parts: Parameters<typeof createMetrics>[0]) => Promise<Metrics>;
}

/** @returns no counts yet */
export function lateMetrics(): LateMetrics {
  let beginning: Promise<Metrics> | null = null;
  let metrics: Metrics | null = null;
  return {
    line: (line) => metrics?.line(line),
    begin(parts) {
      beginning ??= import('./metrics.ts').then(({ createMetrics: create }) => (metrics = create(parts)));
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
  parts: HttpDependencies,
  metrics: LateMetrics,
  whyNotReady: () => Promise<string | null>,
): Hono {
  const routes = new Hono();
  routes.onError(answerFailure(parts));
  return routes
    .route('/', healthRoutes(whyNotReady))
    .route('/', docsRoutes())
    .get('/metrics', async (c) => (await metrics.begin(parts)).routes.fetch(c.req.raw, c.env));
}
