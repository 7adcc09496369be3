import { Hono } from 'hono';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { createCurfew } from '../curfew.ts';
import { answerFailure } from '../http/failure.ts';
import { logRequests } from '../http/requestLog.ts';
import { problem } from '../http/problem.ts';
import type { Parts } from '../parts.ts';
import { conversationRoutes } from './conversations.ts';
import { pages } from './pages.ts';
import { settingsRoutes } from './settings.ts';
import type { AppStore } from './store.ts';

/** The reference application: Curfew before an API of conversations and settings, and the pages that use it. */
export function createApp(parts: Parts, store: AppStore, root: string | null) {
  const curfew = createCurfew(parts);
  const app = new Hono();
  const routed = app
    .use(logRequests(parts))
    .use(methodNotAllowed({ app, onMethodNotAllowed: (c, allow) => problem(c, 'method_not_allowed', { headers: { Allow: allow.join(', ') } }) }))
    .get('/healthz', (c) => c.json({ status: 'ok' }, 200))
    .get('/readyz', async (c) => {
      await parts.log.due(0, 1);
      return c.json({ status: 'ready' }, 200);
    })
    .get('/api/policy', (c) => c.json({ policy: parts.policy }, 200, { 'Cache-Control': 'no-store' }))
    .use('/api/*', curfew.protect)
    .route('/', curfew.routes)
    .route('/api/conversations', conversationRoutes(store, parts))
    .route('/api/settings', settingsRoutes(store));
  app.all('/api/*', (c) => problem(c, 'not_found'));
  app.onError(answerFailure(parts));
  app.notFound((c) => problem(c, 'not_found'));
  if (root !== null) app.route('/', pages(root));
  return routed;
}

/** The reference application's API, for a typed client. */
export type App = ReturnType<typeof createApp>;
