#!/usr/bin/env node
// First: it refuses a Node that is too old.
import '../store/nodeVersion.ts';

/** Each runs when it is loaded. */
const commands: Readonly<Record<string, () => Promise<unknown>>> = {
  audit: () => import('./audit.ts'),
  users: () => import('./users.ts'),
  sessions: () => import('./sessions.ts'),
  backup: () => import('./backup.ts'),
  doctor: () => import('./doctor.ts'),
};

const [name = ''] = process.argv.splice(2, 1);
const run = Object.hasOwn(commands, name) ? commands[name] : undefined;
if (run) await run();
else {
  process.stderr.write(
    `curfew: ${name === '' ? 'say a command' : `there is no command ${name}`}: ${Object.keys(commands).join(', ')}\n`,
  );
  process.exitCode = 2;
}
