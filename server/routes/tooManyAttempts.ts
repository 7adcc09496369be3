import type { Context } from 'hono';
import type { Duration } from '../../machines/index.ts';
import { problem, type Refusal } from '../http/problem.ts';

/** Refuses an attempt that was not checked. @param wait in ms; `Retry-After` has it in whole seconds */
export const tooManyAttempts = (c: Context, wait: Duration): Refusal => {
  const seconds = Math.max(1, Math.ceil(wait / 1000));
  return problem(c, 'too_many_attempts', { headers: { 'Retry-After': String(seconds) }, retryAfter: wait });
};
