import { Hono } from 'hono';
import { z } from 'zod';
import { body } from '../http/body.ts';
import { limitBody } from '../http/limit.ts';
import { guard, type SessionEnv } from '../http/judge.ts';
import type { Parts } from '../parts.ts';
import { declared } from './declared.ts';

const warning = z.strictObject({ stage: z.enum(['toast', 'dialog']), visible: z.boolean() });

/** A browser tells that a person was warned, once a stage; what comes too early is taken and not written. */
export const warningRoutes = (parts: Parts) =>
  new Hono<SessionEnv>().post('/warning', guard(parts, { counts: false }), limitBody(), body(warning), async (c) => {
    const shown = await declared(parts, c, (_, at) => ({ type: 'warning.shown', at, ...c.req.valid('json') }));
    return shown instanceof Response ? shown : c.body(null, 204);
  });
