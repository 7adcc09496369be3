import { z } from 'zod';
import { UnusableDatabase } from '../../store/unavailable.ts';

/** The row of `app_schema`. */
export const versionRow = z.object({ version: z.number() });

/**
 * Sees that this version of the application knows the tables.
 *
 * @throws UnusableDatabase when a newer version has written them
 */
export function checkVersion(version: number, known: number): void {
  if (version > known)
    throw new UnusableDatabase(
      `the tables of the application were written by a newer version (schema ${version}, this version knows ${known})`,
    );
}
