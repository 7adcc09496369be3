import type { Instant } from '../../machines/index.ts';
import type { Users } from '../store/users.ts';
import { embeddedAccounts, noAccounts, type Accounts, type Person } from './accounts.ts';
import type { Argon2id } from './argon2.ts';
import { passwords, standardCost, type Argon2Cost } from './passwords.ts';

/** How people prove who they are: what `passwords(…)` returns. */
export interface AccountsOption {
  /** Whose users they are: those of Curfew's own table, those of the application, or none. */
  readonly kind: 'embedded' | 'own' | 'none';
  readonly open: (given: { readonly users: Users; readonly clock: () => Instant }) => Accounts;
}

/** Users and passwords in a table of the application's own. */
export interface OwnAccounts extends Omit<Accounts, 'confirmPassword' | 'hasPasswords' | 'add'> {
  /**
   * Whether this is the user's password. It is called with `null` for an unknown name, and must then take as long to
   * answer `false`.
   *
   * @see ASVS 5.0 6.3.8
   */
  verify(id: string | null, password: string): Promise<boolean>;
}

/** Of Curfew's own table of users. */
export interface PasswordOptions {
  /** What one guess of a password costs. Default 19 MiB, 2 passes. @see OWASP Password Storage Cheat Sheet */
  readonly cost?: Argon2Cost;
  /**
   * Whether people may make their own accounts. Default `false`: `POST <basePath>/auth/register` answers 404, and
   * accounts are made by `npx curfew users add NAME`.
   */
  readonly register?: boolean;
}

/** Whether they are an application's own users. */
export const isOwn = <Own extends object>(given: PasswordOptions | Own): given is Own =>
  'find' in given || 'byId' in given || 'verify' in given;

const isWhole = (value: unknown): boolean => Number.isInteger(value);

const isCost = (cost: Argon2Cost | null): boolean =>
  isWhole(cost?.memory) && isWhole(cost?.passes) && isWhole(cost?.parallelism);

const embeddedOptions = ['cost', 'register'];

function checkOwn(given: OwnAccounts): void {
  for (const name of ['find', 'byId', 'verify'] as const)
    if (typeof given[name] !== 'function') throw new TypeError(`passwords(…) needs the function ${name}`);
  for (const name of ['register', 'replacePassword', 'eraseWrite'] as const)
    if (given[name] !== undefined && typeof given[name] !== 'function')
      throw new TypeError(`passwords(…): ${name} must be a function beside find, byId and verify`);
  const { maxAge } = given;
  if (maxAge !== undefined && !(typeof maxAge === 'number' && Number.isFinite(maxAge) && maxAge >= 0))
    throw new TypeError('passwords(…): maxAge must be a duration in ms, such as seconds(30)');
  if ('cost' in given)
    throw new TypeError('passwords(…): cost is of Curfew’s own table, not beside find, byId and verify');
}

function checkEmbedded(given: PasswordOptions): void {
  const unknown = Object.keys(given).find((name) => !embeddedOptions.includes(name));
  if (unknown !== undefined)
    throw new TypeError(
      `passwords(…) has no option ${unknown}: there are ${embeddedOptions.join(' and ')}, or find, byId and verify`,
    );
  const { cost, register } = given;
  if (register !== undefined && typeof register !== 'boolean')
    throw new TypeError('passwords(…): register must be true or false');
  if (cost !== undefined && !isCost(cost))
    throw new TypeError('passwords(…): cost must be an object of whole numbers: memory in KiB, passes, parallelism');
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';

/** Checks a user as the application has found them: without types nothing else would. @throws TypeError */
function checkPerson(by: 'find' | 'byId', person: Person | null): Person | null {
  if (!person) return null;
  const { id, username, role } = person;
  const told = { id, username, ...(role !== undefined && role !== null && { role }) };
  const wrong = Object.entries(told).find(([, value]) => !isText(value));
  if (wrong) throw new TypeError(`passwords(…): the ${wrong[0]} of the user that ${by} returns must be a text`);
  return person;
}

/** Whether a password was confirmed: by `true`, and by nothing that merely is not nothing. @throws TypeError */
function checkVerified(answer: unknown): boolean {
  if (answer && answer !== true) throw new TypeError('passwords(…): verify must return true or false');
  return answer === true;
}

/**
 * Users and passwords in Curfew's own table.
 *
 * @param argon2id default that of the runtime
 * @throws TypeError where an option cannot be
 */
export function tableAccounts(given: PasswordOptions, argon2id?: Argon2id): AccountsOption {
  checkEmbedded(given);
  const { cost = standardCost, register = false } = given;
  return {
    kind: 'embedded',
    open: ({ users, clock }) => embeddedAccounts({ users, passwords: passwords(cost, argon2id), clock, register }),
  };
}

/**
 * Has people sign in with a name and a password.
 *
 * @param given an application's own users; default users of Curfew's own table, with argon2id
 * @throws TypeError with one line that names the option that cannot be
 */
export function passwordAccounts(given: PasswordOptions | OwnAccounts = {}): AccountsOption {
  if (typeof given !== 'object' || given === null) throw new TypeError('passwords(…) takes an object of options');
  if (!isOwn(given)) return tableAccounts(given);
  checkOwn(given);
  const { register, replacePassword, eraseWrite, maxAge } = given;
  return {
    kind: 'own',
    open: () => ({
      hasPasswords: true,
      find: async (username) => checkPerson('find', await given.find(username)),
      byId: async (id) => checkPerson('byId', await given.byId(id)),
      ...(maxAge !== undefined && { maxAge }),
      confirmPassword: async (id, password) => checkVerified(await given.verify(id, password)),
      ...(register && { register: register.bind(given) }),
      ...(replacePassword && { replacePassword: replacePassword.bind(given) }),
      ...(eraseWrite && { eraseWrite: eraseWrite.bind(given) }),
    }),
  };
}

/** Nobody has a password here: what `accounts: false` stands for. */
export const withoutAccounts: AccountsOption = { kind: 'none', open: () => noAccounts };
