import type { SessionDependencies } from './dependencies.ts';
import { StoreUnavailable } from '../store/unavailable.ts';

const describe = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? `${error.name}: ${error.message}`) : String(error);

/** Writes down what went wrong, and `where`: the only place where its stack is shown. */
export function reportFailure(
  { write }: Pick<SessionDependencies, 'write'>,
  error: unknown,
  where: { readonly session?: string } = {},
): 'unavailable' | 'internal_error' {
  const code = error instanceof StoreUnavailable ? 'unavailable' : 'internal_error';
  write({ msg: 'failure', level: 'error', code, ...where, error: describe(error) });
  return code;
}
