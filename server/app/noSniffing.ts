import type { MiddlewareHandler } from 'hono';

/** No answer is ever taken for another kind of content than it says. @see ASVS 5.0 3.4.4 */
export const noSniffing: MiddlewareHandler = async (c, next) => {
  await next();
  c.header('X-Content-Type-Options', 'nosniff');
};
