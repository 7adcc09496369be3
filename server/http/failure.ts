import type { Context, ErrorHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { HttpDependencies } from './dependencies.ts';
import { reportFailure } from '../session/reportFailure.ts';
import { problem } from './problem.ts';

/**
 * Answers for whatever was thrown: a broken store is a 503, never a success; anything else is our bug, and its stack
 * goes to the log, never to the client.
 *
 * @see ASVS 5.0 16.5.2–16.5.3
 */
export const answerFailure =
  (parts: Pick<HttpDependencies, 'write'>): ErrorHandler =>
  (error: Error, c: Context) => {
    if (error instanceof HTTPException && error.status < 500) return problem(c, 'malformed_json');
    const code = reportFailure(parts, error);
    return problem(c, code, code === 'unavailable' ? { headers: { 'Retry-After': '5' } } : {});
  };
