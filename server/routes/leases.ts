import { Hono } from 'hono';
import { z } from 'zod';
import { body } from '../http/body.ts';
import { limitBody } from '../http/limit.ts';
import { requireSession, type RouteEnv } from '../http/requireSession.ts';
import { problem } from '../http/problem.ts';
import type { Dependencies } from './dependencies.ts';
import { answerSession } from './answer.ts';
import { declareEvent } from './declareEvent.ts';

const lease = z.strictObject({ ms: z.int().min(1) });
const kind = /^[a-z][a-z0-9-]{0,31}$/;

/**
 * Declared activities with an end: a call, an upload, a playback. The session lasts at least until then, but never past
 * the absolute limit; during the warning a person has to answer first.
 */
export const leaseRoutes = (parts: Dependencies) => {
  const own = requireSession(parts, { counts: false });
  return new Hono<RouteEnv>()
    .put('/leases/:kind', own, limitBody(), body(lease), async (c) => {
      const name = c.req.param('kind');
      if (!kind.test(name)) return problem(c, 'invalid_input', { fields: [{ field: 'kind', message: kind.source }] });
      const { ms } = c.req.valid('json');
      const taken = await declareEvent(parts, c, (_, at) => ({ type: 'lease.taken', at, kind: name, until: at + ms }));
      return taken instanceof Response ? taken : c.json(answerSession(c, taken, taken.at), 200);
    })
    .delete('/leases/:kind', own, async (c) => {
      const name = c.req.param('kind');
      const released = await declareEvent(parts, c, (_, at) => ({ type: 'lease.released', at, kind: name }));
      return released instanceof Response ? released : c.body(null, 204);
    });
};
