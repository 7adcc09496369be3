import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

const pathOf = (name: string) => fileURLToPath(new URL(`${name}.ts`, import.meta.url));

/** Another process that runs one of the files here, on the same Node; `before` is a command to run it under. */
export function start(name: string, args: readonly string[], before: readonly string[] = []): ChildProcess {
  const [command = process.execPath, ...rest] = [...before, process.execPath, pathOf(name), ...args];
  const child = spawn(command, rest, { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** The lines that a process says, as they come. */
export function linesOf(child: ChildProcess): AsyncIterable<string> {
  if (!child.stdout) throw new Error('a process without a voice');
  return createInterface({ input: child.stdout });
}

/** Everything that a process says until it ends. */
export async function said(child: ChildProcess): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of linesOf(child)) lines.push(line);
  return lines;
}

/** Ends a process at once, as kill -9 does, and waits until it is gone. */
export async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
