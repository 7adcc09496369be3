import { Hono } from 'hono';
import { z } from 'zod';
import { body } from '../http/body.ts';
import { limitBody } from '../http/limit.ts';
import { requireSession, type RouteEnv } from '../http/requireSession.ts';
import type { Dependencies } from './dependencies.ts';
import { declareEvent } from './declareEvent.ts';

const warning = z.strictObject({ stage: z.enum(['toast', 'dialog']), visible: z.boolean() });

/** Records that the user was warned, once a stage; a report that comes too early is accepted and not written. */
export const warningRoutes = (parts: Dependencies) =>
  new Hono<RouteEnv>().post(
    '/warning',
    requireSession(parts, { counts: false }),
    limitBody(),
    body(warning),
    async (c) => {
      const shown = await declareEvent(parts, c, (_, at) => ({ type: 'warning.shown', at, ...c.req.valid('json') }));
      return shown instanceof Response ? shown : c.body(null, 204);
    },
  );
