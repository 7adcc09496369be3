import { usersCommand } from './usersCommand.ts';
import { readConfig } from '../node/config.ts';
import { storeOf } from '../node/store.ts';
import { systemClock } from '../systemClock.ts';

function refuse(line: string): never {
  process.stderr.write(`curfew: ${line}\n`);
  process.exit(1);
}

const read = readConfig(process.env);
if (!read.ok) refuse(read.line);

try {
  const { users, log, close } = await storeOf(read.config.database).open({ clock: systemClock });
  const parts = { log, users, clock: systemClock, write: () => {} };
  const result = await usersCommand(parts, process.argv.slice(2));
  await close();
  if (!result.ok) refuse(result.line);
  for (const line of result.lines) process.stdout.write(`${line}\n`);
} catch (error) {
  refuse(error instanceof Error ? error.message : String(error));
}
