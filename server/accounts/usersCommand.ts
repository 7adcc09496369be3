import { randomBytes } from 'node:crypto';
import type { SessionDependencies } from '../session/dependencies.ts';
import { revokeSessions } from '../session/revocation.ts';
import type { Users, User } from '../store/users.ts';
import type { Accounts } from './accounts.ts';
import { whyNotPassword } from './newPasswords.ts';
import { whyNotName } from './usernames.ts';

/** What the command line can do to users. */
export const usage =
  'npm run users -- list | add NAME [--stdin] | reset-password NAME [--stdin] | promote NAME | demote NAME | disable NAME | enable NAME';

/** What a command came to: lines to show, or one line that says what is wrong. */
export type CommandResult =
  { readonly ok: true; readonly lines: readonly string[] } | { readonly ok: false; readonly line: string };

const pageSize = 500;

async function allUsers(users: Users): Promise<readonly User[]> {
  const all: User[] = [];
  for (;;) {
    const page = await users.list(all.at(-1)?.id ?? '', pageSize);
    all.push(...page);
    if (page.length < pageSize) return all;
  }
}

const lineOf = ({ id, username, role, disabledAt }: User): string =>
  [id, role, disabledAt === null ? 'enabled' : 'disabled', username].join('\t');

/** What the command works on. */
export type UserParts = Pick<SessionDependencies, 'log' | 'clock' | 'write' | 'newId'> & {
  readonly users: Users;
  readonly accounts: Pick<Accounts, 'add' | 'replacePassword'>;
  readonly vault: Pick<SessionDependencies['vault'], 'rotateKeyWrite'>;
  /** Reads the password of `--stdin`, a line without its end. Default there is none. */
  readonly readPassword?: () => Promise<string>;
};

const done = (...lines: readonly string[]): CommandResult => ({ ok: true, lines });
const wrong = (line: string): CommandResult => ({ ok: false, line });

/** 120 random bits, which nobody has to remember for long. */
const randomPassword = (): string => randomBytes(15).toString('base64url');

/** A password that was typed, or a new one to show once. */
async function passwordFor(
  parts: UserParts,
  username: string,
  isTyped: boolean,
): Promise<{ readonly password: string; readonly shown: readonly string[]; readonly refused: string | null }> {
  if (!isTyped) {
    const password = randomPassword();
    return { password, shown: [`the password is ${password} and is not shown again`], refused: null };
  }
  const password = (await parts.readPassword?.()) ?? '';
  const message = await whyNotPassword(password, username);
  return { password, shown: [], refused: message && `the password ${message}` };
}

async function add(parts: UserParts, name: string, isTyped: boolean): Promise<CommandResult> {
  const username = name.trim();
  const message = whyNotName(username);
  if (message !== null) return wrong(`the name ${JSON.stringify(name)} ${message}`);
  const { password, shown, refused } = await passwordFor(parts, username, isTyped);
  if (refused !== null) return wrong(refused);
  const added = await parts.accounts.add?.(parts.newId(), username, password);
  if (added !== 'registered') return wrong(`there is a user ${JSON.stringify(name)} already`);
  return done(`${username} can sign in`, ...shown);
}

/** A new password for a user who has lost theirs, and perhaps not only lost it: every session ends. @see ASVS 5.0 7.4.3 */
async function resetPassword(parts: UserParts, { id, username }: User, isTyped: boolean): Promise<CommandResult> {
  const { password, shown, refused } = await passwordFor(parts, username, isTyped);
  if (refused !== null) return wrong(refused);
  const replaced = await parts.accounts.replacePassword?.(id, password);
  const writes = [...(replaced ? [replaced] : []), parts.vault.rotateKeyWrite(id)];
  await revokeSessions(parts, { user: id, by: 'operator', reason: 'password', writes });
  return done(`${username} is signed out everywhere and has a new password`, ...shown);
}

/** Signs a user out everywhere, and disables or enables the account in the same transaction. */
const setDisabled = async (parts: UserParts, { id }: User, at: number | null): Promise<void> => {
  const writes = [parts.users.disableWrite(id, at)];
  await revokeSessions(parts, { user: id, by: 'operator', reason: 'disabled', writes });
};

type Deed = (parts: UserParts, user: User) => Promise<string>;

const deeds = new Map<string | undefined, Deed>([
  [
    'promote',
    async ({ users }, { id, username }) => {
      await users.setRole(id, 'administrator');
      return `${username} is an administrator`;
    },
  ],
  [
    'demote',
    async ({ users }, { id, username }) => {
      await users.setRole(id, 'user');
      return `${username} is no administrator`;
    },
  ],
  [
    'disable',
    async (parts, user) => {
      await setDisabled(parts, user, parts.clock());
      return `${user.username} is signed out everywhere and cannot sign in`;
    },
  ],
  [
    'enable',
    async (parts, user) => {
      await setDisabled(parts, user, null);
      return `${user.username} can sign in`;
    },
  ],
]);

/**
 * Does what the command line asks for. A changed role counts from the next request on; a user who is disabled is signed
 * out everywhere in the same moment, and can sign in no more until they are enabled.
 *
 * @see ASVS 5.0 7.4.2
 */
export async function usersCommand(parts: UserParts, args: readonly string[]): Promise<CommandResult> {
  const flags = args.filter((arg) => arg.startsWith('--'));
  const [what, name, ...more] = args.filter((arg) => !arg.startsWith('--'));
  const unknown = flags.find((flag) => flag !== '--stdin');
  if (unknown !== undefined) return wrong(`there is no option ${unknown}: ${usage}`);
  const isTyped = flags.length > 0;
  const takesPassword = what === 'add' || what === 'reset-password';
  if (isTyped && !takesPassword) return wrong(`--stdin goes with add and reset-password: ${usage}`);
  if (what === 'list' && name === undefined) {
    const all = await allUsers(parts.users);
    return done(...all.toSorted((a, b) => a.createdAt - b.createdAt).map(lineOf));
  }
  const deed = deeds.get(what);
  if ((!deed && !takesPassword) || name === undefined || more.length > 0) return wrong(usage);
  if (what === 'add') return add(parts, name, isTyped);
  const user = await parts.users.byName(name);
  if (!user) return wrong(`there is no user ${JSON.stringify(name)}`);
  return deed ? done(await deed(parts, user)) : resetPassword(parts, user, isTyped);
}
