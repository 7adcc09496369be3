import type { Worker } from 'node:worker_threads';

/** What the thread does. It is a text, so that no bundler has to find a file for it. */
const source = `
  const { parentPort, workerData: { path, isBusy } } = require('node:worker_threads');
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  parentPort.on('message', () => {
    try {
      const database = new DatabaseSync(path, { timeout: 0 });
      try {
        database.prepare('pragma wal_checkpoint(passive)').get();
      } finally {
        database.close();
      }
    } catch {
      // Who asked sees that the log is as long as it was.
    } finally {
      Atomics.store(isBusy, 0, 0);
      Atomics.notify(isBusy, 0);
      parentPort.postMessage(null);
    }
  });`;

/** Moves what is in a write-ahead log into its file, on a thread of its own: it waits for the disk, and requests do not. */
export interface CheckpointThread {
  readonly isBusy: () => boolean;
  /** Moves as much as no reader is in the way of. @param done called when the thread has done what it can */
  readonly start: (done: () => void) => void;
  /** Waits until it has done what it is at, and ends the thread. */
  readonly stop: () => void;
}

/** How long a thread is waited for at most when the database is closed, in ms. */
const longest = 10_000;

/** @returns a thread that begins when it is first needed, and keeps no process alive. */
export function checkpointThread(path: string): CheckpointThread {
  const isBusy = new Int32Array(new SharedArrayBuffer(4));
  let thread: Worker | null = null;
  let done = (): void => {};

  function begin(): Worker {
    const { Worker: Thread } = process.getBuiltinModule('node:worker_threads');
    const begun = new Thread(source, { eval: true, workerData: { path, isBusy }, execArgv: [] });
    begun.on('message', () => done());
    // One that cannot be, or that has died, is begun anew when it is needed again.
    begun.on('error', () => {});
    begun.on('exit', () => {
      if (thread !== begun) return;
      thread = null;
      Atomics.store(isBusy, 0, 0);
      done();
    });
    begun.unref();
    return begun;
  }

  return {
    isBusy: () => Atomics.load(isBusy, 0) === 1,
    start(then) {
      done = then;
      Atomics.store(isBusy, 0, 1);
      thread ??= begin();
      thread.postMessage(null);
    },
    stop() {
      done = () => {};
      Atomics.wait(isBusy, 0, 1, longest);
      const ended = thread;
      thread = null;
      void ended?.terminate();
    },
  };
}
