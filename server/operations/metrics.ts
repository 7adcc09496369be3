import { Hono, type Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { Counter, Histogram, Registry } from 'prom-client';
import type { LogLine } from '../session/logLine.ts';
import { addressReader } from '../http/address.ts';
import { problem } from '../http/problem.ts';
import { patternOf } from '../http/route.ts';
import type { HttpDependencies } from '../http/dependencies.ts';
import { sessionMetrics, storeMetrics } from './storeMetrics.ts';

const loopback = /^(127(\.\d+){3}|::1)$/;

/**
 * Whether the request comes from this machine, and not through a proxy on this machine. One whose address is not known
 * does not: behind some adapters no request has one.
 *
 * @see ASVS 5.0 13.4.5
 */
const isFromHere = (c: Context, addressOf: (c: Context) => string | null): boolean =>
  loopback.test(addressOf(c) ?? '') &&
  c.req.header('X-Forwarded-For') === undefined &&
  c.req.header('Forwarded') === undefined;

/** What counting needs. */
export interface MetricsOptions extends Pick<HttpDependencies, 'clock' | 'trustedProxies'> {
  /** The address of the client of a request, `null` where it is not known. Default by its connection. */
  readonly addressOf?: HttpDependencies['addressOf'];
}

/**
 * Counts what happens, by route, type and code: nothing in here is of one person or one session.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function createMetrics({
  clock,
  trustedProxies,
  addressOf = addressReader(trustedProxies).addressOf,
}: MetricsOptions) {
  const registry = new Registry();
  const registers = [registry];
  const sessions = sessionMetrics(registers);
  const requests = new Counter({
    name: 'curfew_requests_total',
    help: 'Requests that were answered.',
    labelNames: ['method', 'route', 'status'] as const,
    registers,
  });
  const copies = new Counter({
    name: 'curfew_session_copies_total',
    help: 'Requests to routes of the application that a copy of the session let in (hit), and those for which it was read (miss).',
    labelNames: ['outcome'] as const,
    registers,
  });
  const durations = new Histogram({
    name: 'curfew_request_duration_seconds',
    help: 'Time until an answer began.',
    labelNames: ['method', 'route'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  });
  const events = new Counter({
    name: 'curfew_session_events_total',
    help: 'Entries that were written to logs of sessions.',
    labelNames: ['type'] as const,
    registers,
  });
  const failures = new Counter({
    name: 'curfew_failures_total',
    help: 'Requests and sweeps that failed on our side.',
    labelNames: ['code'] as const,
    registers,
  });

  return {
    /** Counts a line of the server's log. */
    line(line: LogLine): void {
      const { msg, type, code } = line;
      sessions.line(line);
      if (msg === 'session' && typeof type === 'string') events.inc({ type });
      if (msg === 'failure') failures.inc({ code: typeof code === 'string' ? code : 'internal_error' });
    },
    /** Counts a request that a copy of the session let in, or one for which it was read. */
    copy: (isHit: boolean): void => copies.inc({ outcome: isHit ? 'hit' : 'miss' }),
    /** To be told how the store works. */
    store: storeMetrics(registers, clock),
    /** Counts requests by the pattern of their route. */
    count: createMiddleware(async (c, next) => {
      const begun = clock();
      await next();
      const of = { method: c.req.method, route: patternOf(c) };
      requests.inc({ ...of, status: String(c.res.status) });
      durations.observe(of, (clock() - begun) / 1000);
    }),
    routes: new Hono().get('/metrics', async (c) =>
      isFromHere(c, addressOf)
        ? c.body(await registry.metrics(), 200, { 'Content-Type': registry.contentType, 'Cache-Control': 'no-store' })
        : problem(c, 'not_found'),
    ),
  };
}
