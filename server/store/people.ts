import { z } from 'zod';
import type { Instant } from '../../machines/index.ts';
import type { TransactionalWrite } from './eventLog.ts';

/** What a sign-in has told of a user besides their id. It stands apart from the log, so that it can be erased. */
export interface PersonKept {
  readonly name?: string;
  /** As the application calls it. */
  readonly role?: string;
}

/** What sign-ins have told of users, and which users were erased. */
export interface People {
  /** @returns what the last sign-in told, `{}` when it told nothing. */
  get(user: string): Promise<PersonKept>;
  /** The write that keeps what a sign-in tells, in place of what was kept before. */
  setWrite(user: string, person: PersonKept): TransactionalWrite;
  /** The write that erases it and remembers that the user was erased, for ever. */
  eraseWrite(user: string, at: Instant): TransactionalWrite;
  isErased(user: string): Promise<boolean>;
}

/** A row of `people`. */
export const personRow = z
  .object({ name: z.string().nullable(), role: z.string().nullable() })
  .transform(({ name, role }): PersonKept => ({ ...(name !== null && { name }), ...(role !== null && { role }) }));
