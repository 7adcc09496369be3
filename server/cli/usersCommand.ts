import type { Users, User } from '../store/users.ts';
import type { Dependencies } from '../routes/dependencies.ts';
import { revokeSessions } from '../session/revocation.ts';

/** What the command line can do to users. */
export const usage = 'npm run users -- list | promote NAME | demote NAME | disable NAME | enable NAME';

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

type UserParts = Pick<Dependencies, 'log' | 'clock' | 'write'> & { readonly users: Users };

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
  const [what, name, ...more] = args;
  if (what === 'list' && name === undefined) {
    const all = await allUsers(parts.users);
    return { ok: true, lines: all.toSorted((a, b) => a.createdAt - b.createdAt).map(lineOf) };
  }
  const deed = deeds.get(what);
  if (!deed || name === undefined || more.length > 0) return { ok: false, line: usage };
  const user = await parts.users.byName(name);
  if (!user) return { ok: false, line: `there is no user ${JSON.stringify(name)}` };
  return { ok: true, lines: [await deed(parts, user)] };
}
