import { randomBytes } from 'node:crypto';
import { roleReader } from '../accounts/roles.ts';
import { print, runCommand } from './refuse.ts';
import { readSessionsArguments, sessionsCommand } from './sessionsCommand.ts';
import { existing, sourceOf } from './source.ts';

await runCommand(async () => {
  const { source, rest } = await sourceOf(process.argv.slice(2), process.env);
  const asked = readSessionsArguments(rest);
  existing(source);
  const { store, clock, previousSecrets, policyOf, role, ...options } = source.options;
  // What ends a session wraps no key; a secret that was replaced must not stand in the way.
  const secret = (await source.readSecret()) ?? randomBytes(32).toString('base64url');
  const opened = await store.open({ clock });
  try {
    const accounts = options.accounts.open({ users: opened.users, clock });
    const roleOf = roleReader(accounts, opened.people, role);
    const line = await sessionsCommand(
      {
        log: opened.log,
        overview: opened.overview,
        vault: opened.vault({ secret, previousSecrets }),
        drafts: opened.drafts,
        clock,
        write: () => {},
        policyOf: policyOf(roleOf),
        accounts,
        roleOf,
      },
      asked,
    );
    print([line]);
    return 0;
  } finally {
    await opened.close();
  }
});
