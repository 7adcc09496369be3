import type { Policy } from '../../machines/index.ts';

/** Whose policy is asked for. */
export interface PolicySubject {
  /** The user's id. */
  readonly id: string;
  /** As the sign-in tells it, or else the option `role` or the accounts. */
  readonly role?: string;
}

/** Reads the role of a user where the sign-in does not tell it. */
export type RoleReader = (user: string) => Promise<string | undefined>;

/** Tells the limits that bind a user's sessions from now on. @throws PolicyUnavailable */
export type PolicyOf = (user: PolicySubject) => Promise<Policy>;

/** What tells the policy of a user has failed, or told none that can be used: nobody is admitted. */
export class PolicyUnavailable extends Error {
  override readonly name = 'PolicyUnavailable';
}

/**
 * Asks a function of the application, and checks each answer. What a sign-in tells of the role is believed.
 *
 * @param check makes a policy of what it answers, and throws when it cannot
 */
export const askedPolicy =
  <Answer>(ask: (user: PolicySubject) => Answer | Promise<Answer>, check: (answer: Answer) => Policy) =>
  (roleOf: RoleReader): PolicyOf =>
  async ({ id, role: told }) => {
    try {
      const role = told ?? (await roleOf(id));
      return check(await ask({ id, ...(role !== undefined && { role }) }));
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new PolicyUnavailable(`the policy of a user cannot be told: ${reason}`, { cause });
    }
  };
