import { createMiddleware } from 'hono/factory';
import type { UserEnv } from '../serving.ts';

/** Asks a function whose the token in `Authorization` is. */
export const bearer = (userOf: (token: string) => string | Promise<string>) =>
  createMiddleware<UserEnv>(async (c, next) => {
    const header = c.req.header('Authorization') ?? '';
    try {
      c.set('user', await userOf(header.slice('Bearer '.length)));
    } catch {
      return c.json({ error: 'unauthorized' }, 401);
    }
    return next();
  });
