// First: it refuses a Node that is too old.
import '../store/nodeVersion.ts';
export { logRequests } from '../http/requestLog.ts';
export type { ApplicationDescription } from './describedRoutes.ts';
export { docsRoutes } from './docs.ts';
export { healthRoutes } from './health.ts';
export { createMetrics } from './metrics.ts';
export { traced, type SpanMaker, type TracedSpan } from './traced.ts';
export type { RouteDescription, RouteDescriptions } from './routeDescriptions.ts';
