import { Hono } from 'hono';
import { z } from 'zod';
import { body } from '../http/body.ts';
import { limitBody } from '../http/limit.ts';
import { requireSession, type SessionEnv } from '../http/requireSession.ts';
import type { Dependencies } from './dependencies.ts';
import { declareEvent } from './declareEvent.ts';

const warning = z.strictObject({ stage: z.enum(['toast', 'dialog']), visible: z.boolean() });

/** A browser tells that a person was warned, once a stage; what comes too early is taken and not written. */
export const warningRoutes = (parts: Dependencies) =>
  new Hono<SessionEnv>().post(
    '/warning',
    requireSession(parts, { counts: false }),
    limitBody(),
    body(warning),
    async (c) => {
      const shown = await declareEvent(parts, c, (_, at) => ({ type: 'warning.shown', at, ...c.req.valid('json') }));
      return shown instanceof Response ? shown : c.body(null, 204);
    },
  );
