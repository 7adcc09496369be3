import type { StoreAdapter } from '../store/adapter.ts';
import type { EventLog } from '../store/eventLog.ts';
import type { Overview } from '../store/overview.ts';

/** What is used of a span of OpenTelemetry. */
export interface TracedSpan {
  setAttribute(name: string, value: string | number): unknown;
  setStatus(status: { code: number; message?: string }): unknown;
  recordException(error: Error): void;
  end(): void;
}

/** What is used of a tracer of OpenTelemetry: what `trace.getTracer('my application')` returns is one. */
export interface SpanMaker {
  startActiveSpan<Result>(
    name: string,
    options: { attributes: Record<string, string | number> },
    work: (span: TracedSpan) => Result,
  ): Result;
}

/** `SpanStatusCode.ERROR` of OpenTelemetry. */
const failed = 2;

const systems = { sqlite: 'sqlite', postgres: 'postgresql' } as const;

async function within<Result>(span: TracedSpan, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const reason = error instanceof Error ? error : new Error(String(error));
    span.recordException(reason);
    span.setStatus({ code: failed, message: reason.message });
    throw error;
  } finally {
    span.end();
  }
}

type Trace = <Result>(name: string, work: (span: TracedSpan) => Promise<Result>) => Promise<Result>;

function tracedLog(log: EventLog, trace: Trace): EventLog {
  return {
    ...log,
    load: (...given) => trace('load', () => log.load(...given)),
    append: (changes, ...rest) =>
      trace('append', async (span) => {
        span.setAttribute('curfew.events', changes.flatMap(({ entries }) => entries.map(({ type }) => type)).join());
        const outcome = await log.append(changes, ...rest);
        span.setAttribute('curfew.outcome', outcome);
        return outcome;
      }),
    read: (...given) => trace('read', () => log.read(...given)),
    sessionsOf: (...given) => trace('sessionsOf', () => log.sessionsOf(...given)),
    pageOf: (...given) => trace('pageOf', () => log.pageOf(...given)),
    revokeAll: (...given) => trace('revokeAll', () => log.revokeAll(...given)),
  };
}

const tracedOverview = (overview: Overview, trace: Trace): Overview => ({
  search: (...given) => trace('search', () => overview.search(...given)),
  revoked: (...given) => trace('revoked', () => overview.revoked(...given)),
  due: (...given) => trace('due', () => overview.due(...given)),
  ended: (...given) => trace('ended', () => overview.ended(...given)),
});

/**
 * Makes a span of OpenTelemetry of whatever is read and written of sessions: `curfew.load`, `curfew.append` and so on,
 * beneath the span of the request. They say which events were appended and with which outcome, and nothing of who.
 *
 * ```ts
 * store: traced(sqlite('./curfew.db'), trace.getTracer('my application'))
 * ```
 *
 * A request that changes nothing reads nothing, and so makes none.
 *
 * @returns the same store. Without this nothing of tracing is loaded or asked for.
 * @see https://opentelemetry.io/docs/specs/semconv/database/database-spans/
 */
export function traced(store: StoreAdapter, tracer: SpanMaker): StoreAdapter {
  const attributes = store.place ? { 'db.system.name': systems[store.place.kind] } : {};
  return {
    ...store,
    async open(given) {
      const opened = await store.open(given);
      const trace: Trace = (name, work) =>
        tracer.startActiveSpan(`curfew.${name}`, { attributes }, (span) => within(span, () => work(span)));
      return { ...opened, log: tracedLog(opened.log, trace), overview: tracedOverview(opened.overview, trace) };
    },
  };
}
