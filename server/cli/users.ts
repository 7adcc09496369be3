import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import { print, Refusal, runCommand } from './refuse.ts';
import { sourceOf, type Source } from './source.ts';
import { usersCommand, type CommandResult } from '../accounts/usersCommand.ts';

/** Reads the first line of standard input. */
async function readPassword(): Promise<string> {
  for await (const line of createInterface({ input: process.stdin })) return line;
  return '';
}

async function run({ options, readSecret }: Source, args: readonly string[]): Promise<CommandResult> {
  const { store, accounts, clock, newId, previousSecrets } = options;
  if (accounts.kind !== 'embedded')
    throw new Refusal('users are those of Curfew’s own table only, and these options have none');
  const secret = await readSecret();
  if (secret === null && args[0] === 'reset-password')
    throw new Refusal('there is no secret beside the database: set CURFEW_SECRET');
  const { users, log, vault, close } = await store.open({ clock });
  const parts = {
    log,
    users,
    accounts: accounts.open({ users, clock }),
    // Where none is needed, one of the moment wraps nothing.
    vault: vault({ secret: secret ?? randomBytes(32).toString('base64url'), previousSecrets }),
    clock,
    newId,
    write: () => {},
    readPassword,
  };
  try {
    return await usersCommand(parts, args);
  } finally {
    await close();
  }
}

await runCommand(async () => {
  const { source, rest } = await sourceOf(process.argv.slice(2), process.env);
  const result = await run(source, rest);
  if (!result.ok) throw new Refusal(result.line);
  print(result.lines);
  return 0;
}, 1);
