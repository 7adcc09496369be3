import type { SessionDependencies } from './dependencies.ts';
import { StoreUnavailable } from '../store/unavailable.ts';
import { UserDataUnavailable } from './applicationData.ts';
import { PolicyUnavailable } from './policyOf.ts';

/** Whether an error says that something cannot be done just now, and that nothing was changed. */
export const isUnavailable = (error: unknown): boolean =>
  error instanceof StoreUnavailable || error instanceof PolicyUnavailable || error instanceof UserDataUnavailable;

const describe = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? `${error.name}: ${error.message}`) : String(error);

/**
 * Writes a log line with the error, its stack and `where`: the stack is shown nowhere else.
 *
 * @returns the problem code to answer with: `unavailable` for trouble of the store, of a user's policy or of the application's data, else `internal_error`.
 */
export function reportFailure(
  { write }: Pick<SessionDependencies, 'write'>,
  error: unknown,
  where: { readonly session?: string } = {},
): 'unavailable' | 'internal_error' {
  const code = isUnavailable(error) ? 'unavailable' : 'internal_error';
  write({ msg: 'failure', level: 'error', code, ...where, error: describe(error) });
  return code;
}
