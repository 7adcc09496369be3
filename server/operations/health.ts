import { Hono } from 'hono';
import { problem } from '../http/problem.ts';

/**
 * `/healthz` says that the process runs, `/readyz` whether it should get requests just now.
 *
 * @param whyNotReady resolves to `null` when it should; what it rejects with goes to the application's error handler
 * @param warnings resolves to what an operator should know all the same, which `/readyz` says, too; default nothing
 */
export const healthRoutes = (
  whyNotReady: () => Promise<string | null>,
  warnings: () => Promise<readonly string[]> = async () => [],
) =>
  new Hono()
    .get('/healthz', (c) => c.json({ status: 'ok' }, 200))
    .get('/readyz', async (c) => {
      const detail = await whyNotReady();
      if (detail !== null) return problem(c, 'unavailable', { detail });
      const said = await warnings();
      return c.json({ status: 'ready', ...(said.length > 0 && { warnings: said }) }, 200);
    });
