import { Hono, type Context, type MiddlewareHandler } from 'hono';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { createCurfew } from '../curfew.ts';
import { answerFailure } from '../http/failure.ts';
import { discardRest } from '../http/limit.ts';
import { dispatchTo } from '../http/ownRoutes.ts';
import { logRequests } from '../http/requestLog.ts';
import { problem } from '../http/problem.ts';
import type { Dependencies } from '../routes/dependencies.ts';
import { readiness } from '../operations/readiness.ts';
import { conversationRoutes } from './conversations.ts';
import { docsRoutes } from '../operations/docs.ts';
import { healthRoutes } from '../operations/health.ts';
import { createMetrics } from '../operations/metrics.ts';
import { pages } from './pages.ts';
import { applicationDescription } from './routeDescriptions.ts';
import { settingsRoutes } from './settings.ts';
import type { AppStore } from './store/appStore.ts';

/** No answer is ever taken for another kind of content than it says. @see ASVS 5.0 3.4.4 */
const noSniffing: MiddlewareHandler = async (c, next) => {
  await next();
  c.header('X-Content-Type-Options', 'nosniff');
};

type Metrics = ReturnType<typeof createMetrics>;

/** The reference application's API: Curfew before conversations and settings. */
function createApi(parts: Dependencies, store: AppStore, metrics: Metrics) {
  const curfew = createCurfew(parts);
  const api = new Hono();
  const whyNotReady = readiness(parts);
  const onMethodNotAllowed = (c: Context, allow: string[]) =>
    problem(c, 'method_not_allowed', { headers: { Allow: allow.join(', ') } });
  return api
    .use(methodNotAllowed({ app: api, onMethodNotAllowed }))
    .route('/', metrics.routes)
    .route('/', docsRoutes(applicationDescription))
    .route('/', healthRoutes(whyNotReady))
    .get('/api/policy', (c) => c.json({ policy: parts.policy }, 200, { 'Cache-Control': 'no-store' }))
    .use('/api/*', curfew.protect)
    .route('/', curfew.routes)
    .route('/api/conversations', conversationRoutes(store, parts))
    .route('/api/settings', settingsRoutes(store));
}

/** The reference application's API, for a typed client. */
export type App = ReturnType<typeof createApi>;

/**
 * The reference application: its API and, beside it, the pages that use it.
 *
 * @param root the folder of the built pages; without it there is only the API
 */
export function createApp(given: Dependencies, store: AppStore, root: string | null = null): Hono {
  const app = new Hono();
  const metrics = createMetrics(given);
  const parts: Dependencies = {
    ...given,
    write(line) {
      metrics.line(line);
      given.write(line);
    },
  };
  app.use(metrics.count, logRequests(parts), discardRest, noSniffing);
  app.route('/', createApi(parts, store, metrics));
  app.onError(answerFailure(parts));
  const show = root === null ? null : dispatchTo(pages(root));
  // What no route takes is a page, but beneath the API.
  app.notFound((c) => (show && !/^\/api(\/|$)/.test(c.req.path) ? show(c) : problem(c, 'not_found')));
  return app;
}
