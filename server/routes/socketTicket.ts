import { Hono } from 'hono';
import { issueTicket } from '../http/socketTicket.ts';
import { requireSession, type RouteEnv } from '../http/requireSession.ts';
import type { Dependencies } from './dependencies.ts';

/**
 * A ticket that opens one socket: pages can add no header to a WebSocket, and a token stands in no URL.
 *
 * @see ASVS 5.0 4.4.4
 */
export const socketTicketRoutes = (parts: Dependencies) =>
  new Hono<RouteEnv>().post('/socket-ticket', requireSession(parts, { counts: false, alarmed: true }), async (c) =>
    c.json({ ticket: await issueTicket(parts, c.get('who').claims) }, 200),
  );
