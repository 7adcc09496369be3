import type { Context, ErrorHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { Dependencies } from '../dependencies.ts';
import { StoreUnavailable } from '../store/unavailable.ts';
import { problem } from './problem.ts';

const describe = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? `${error.name}: ${error.message}`) : String(error);

/** Writes down what went wrong, and `where`: the only place where its stack is shown. */
export function reportFailure(
  { write }: Pick<Dependencies, 'write'>,
  error: unknown,
  where: { readonly session?: string } = {},
): 'unavailable' | 'internal_error' {
  const code = error instanceof StoreUnavailable ? 'unavailable' : 'internal_error';
  write({ msg: 'failure', level: 'error', code, ...where, error: describe(error) });
  return code;
}

/**
 * Answers for whatever was thrown: a broken store is a 503, never a success; anything else is our bug, and its stack
 * goes to the log, never to the client.
 *
 * @see ASVS 5.0 16.5.2–16.5.3
 */
export const answerFailure =
  (parts: Pick<Dependencies, 'write'>): ErrorHandler =>
  (error: Error, c: Context) => {
    if (error instanceof HTTPException && error.status < 500) return problem(c, 'malformed_json');
    const code = reportFailure(parts, error);
    return problem(c, code, code === 'unavailable' ? { headers: { 'Retry-After': '5' } } : {});
  };
