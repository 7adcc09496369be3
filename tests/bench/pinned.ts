import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';

/** Whether processes can be kept on a core of their own here. */
export const isPinning = spawnSync('taskset', ['--version']).status === 0 && cpus().length >= 2;

/** The core of the server that is measured, and that of the load. */
export const cores = { server: 0, load: 1 } as const;

/** A process that does what it is told, one thing after another. */
export interface Told<Order, Answer> {
  /** Rejects when the process ends instead. */
  readonly tell: (order: Order) => Promise<Answer>;
  readonly stop: () => Promise<void>;
}

/** How long a process may take for one thing, in ms: for a million sessions, mostly. */
const patience = 15 * 60_000;

async function answered<Answer>(child: ChildProcess, what: string): Promise<Answer> {
  const ended = new AbortController();
  try {
    const [answer]: Answer[] = await Promise.race([
      once(child, 'message', { signal: ended.signal }),
      setTimeout(patience, undefined, { signal: ended.signal }).then(() => {
        throw new Error(`${what} has not answered within ${patience} ms`);
      }),
      once(child, 'exit', { signal: ended.signal }).then(([code]) => {
        throw new Error(`${what} has ended with ${code}`);
      }),
    ]);
    if (answer === undefined) throw new Error(`${what} has said nothing`);
    return answer;
  } finally {
    ended.abort();
  }
}

/**
 * Starts a file of this folder as a process of its own on one core. What it writes to its standard output is thrown away,
 * as where the lines of a log are kept by someone else.
 *
 * @returns the process, and the first thing it says.
 */
export async function startPinned<Order extends object, Answer>(
  core: number,
  file: string,
  ...args: readonly string[]
): Promise<Told<Order, Answer> & { readonly first: Answer }> {
  const node = [process.execPath, join(import.meta.dirname, file), ...args];
  const [command = '', ...rest] = isPinning ? ['taskset', '-c', String(core), ...node] : node;
  const child = spawn(command, rest, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const what = [file, ...args].join(' ');
  return {
    first: await answered<Answer>(child, what),
    tell(order) {
      const answer = answered<Answer>(child, what);
      child.send(order);
      return answer;
    },
    async stop() {
      if (child.exitCode !== null) return;
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}
