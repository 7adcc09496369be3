import { Hono } from 'hono';
import { problem } from '../http/problem.ts';

/**
 * `/healthz` says that the process runs, `/readyz` whether it should get requests just now.
 *
 * @param whyNotReady resolves to `null` when it should; what it rejects with goes to the application's error handler
 */
export const healthRoutes = (whyNotReady: () => Promise<string | null>) =>
  new Hono()
    .get('/healthz', (c) => c.json({ status: 'ok' }, 200))
    .get('/readyz', async (c) => {
      const detail = await whyNotReady();
      return detail === null ? c.json({ status: 'ready' }, 200) : problem(c, 'unavailable', { detail });
    });
