// What Workers starts: see wrangler.jsonc.
import type { Hono } from 'hono';
import type { WorkersSessionEnv } from '../workers/index.ts';
import { unavailable } from '../workers/unavailable.ts';
import { createApp } from './workers/app.ts';
import type { AppEnv } from './workers/env.ts';

export { CurfewDirectory } from '../workers/index.ts';
export { User } from './workers/user.ts';

let app: Hono<WorkersSessionEnv> | null = null;

export default {
  async fetch(request: Request, env: AppEnv): Promise<Response> {
    try {
      return await (app ??= createApp(env)).fetch(request, env);
    } catch (error) {
      return unavailable(error);
    }
  },
};
