import type { Context, ErrorHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { Parts } from '../parts.ts';
import { StoreUnavailable } from '../sqlite/failure.ts';
import { problem } from './problem.ts';

const describe = (error: Error): string => error.stack ?? `${error.name}: ${error.message}`;

/**
 * Answers for whatever was thrown: a broken store is a 503, never a success; anything else is our bug, and its stack
 * goes to the log, never to the client.
 *
 * @see ASVS 5.0 16.5.2–16.5.3
 */
export const answerFailure =
  ({ write }: Pick<Parts, 'write'>): ErrorHandler =>
  (error: Error, c: Context) => {
    if (error instanceof HTTPException && error.status < 500) return problem(c, 'malformed_json');
    const unavailable = error instanceof StoreUnavailable;
    write({
      msg: 'failure',
      level: 'error',
      code: unavailable ? 'unavailable' : 'internal_error',
      error: describe(error),
    });
    return unavailable ? problem(c, 'unavailable', { headers: { 'Retry-After': '5' } }) : problem(c, 'internal_error');
  };
