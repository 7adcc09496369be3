import { Hono } from 'hono';
import { healthRoutes } from '../operations/health.ts';
import { attemptsOf, bindingsOf, objectOfNobody, secretOf, type CurfewEnv } from './env.ts';
import { unavailable } from './unavailable.ts';

/** Whether what is bound answers: an object of a user, which keeps nothing, and one of the directory. */
async function whyNotReady(env: CurfewEnv): Promise<null> {
  bindingsOf(env);
  secretOf(env);
  await Promise.all([objectOfNobody(env, 0).isReady(), attemptsOf(env, '').isReady()]);
  return null;
}

/**
 * `/healthz` and `/readyz`, to be mounted in front of `protect`: `app.route('/', health())`. Ready is a worker whose objects
 * answer; what is wrong otherwise is a line in the log.
 */
export function health(): Hono<{ Bindings: CurfewEnv }> {
  const routes = new Hono<{ Bindings: CurfewEnv }>();
  routes.onError((error) => unavailable(error));
  for (const path of ['/healthz', '/readyz'])
    routes.get(path, (c) =>
      healthRoutes(() => whyNotReady(c.env))
        .onError((error) => unavailable(error))
        .fetch(c.req.raw),
    );
  return routes;
}
