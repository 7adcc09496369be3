import { setImmediate } from 'node:timers';

/** What a group is written with. Each throws what is wrong with the database. */
export interface GroupTransaction {
  /** Runs everything and commits, or rolls back and throws. */
  transaction<Result>(work: () => Result): Result;
  /** Whether the transaction goes on: SQLite ends it by itself where the disk is full or broken. */
  isOpen(): boolean;
  savepoint(): void;
  release(): void;
  rollBackToSavepoint(): void;
}

/** One thing to write. */
interface Job {
  /** Writes it, and returns what tells its caller once it is on the disk. It may be called again when all was undone. */
  readonly run: () => () => void;
  readonly fail: (error: unknown) => void;
}

/** How many share a commit at most: the event loop stands still while they are written. */
const most = 200;

/**
 * Lets what is to be written in one turn of the event loop share one commit, and so one wait for the disk.
 *
 * @returns `enqueue`, which resolves to what `work` returns once that is on the disk, and rejects with what it throws, or
 *   with what is wrong with the database; then nothing of it was written. `work` may be called twice: what it wrote first is
 *   undone when another has thrown. `flush` writes at once what waits. `watch` is
 *   told how many have shared each commit.
 */
export function groupCommit(group: GroupTransaction) {
  let waiting: Job[] = [];
  let tellSize = (_jobs: number): void => {};

  /** One of several: when it throws, what it has written is undone, and the others go on. */
  function runAmongOthers({ run, fail }: Job): () => void {
    group.savepoint();
    try {
      return run();
    } catch (error) {
      if (!group.isOpen()) throw error;
      group.rollBackToSavepoint();
      return () => fail(error);
    } finally {
      if (group.isOpen()) group.release();
    }
  }

  /**
   * Nearly always nothing fails, and for each savepoint SQLite keeps copies of pages: they are set only when all are run
   * again, because one has thrown.
   */
  function writeAll(jobs: readonly Job[]): (() => void)[] {
    let isOneToBlame = false;
    try {
      return group.transaction(() =>
        jobs.map(({ run }) => {
          isOneToBlame = jobs.length > 1;
          const tell = run();
          isOneToBlame = false;
          return tell;
        }),
      );
    } catch (error) {
      if (!isOneToBlame) throw error;
      return group.transaction(() => jobs.map((job) => runAmongOthers(job)));
    }
  }

  function write(jobs: readonly Job[]): void {
    let tell: (() => void)[];
    try {
      tell = writeAll(jobs);
    } catch (error) {
      for (const { fail } of jobs) fail(error);
      return;
    }
    for (const each of tell) each();
    // Last: it is on the disk, whatever becomes of the counts.
    tellSize(jobs.length);
  }

  function next(): void {
    const jobs = waiting.slice(0, most);
    waiting = waiting.slice(most);
    if (waiting.length > 0) setImmediate(next);
    if (jobs.length > 0) write(jobs);
  }

  const enqueue = <Result>(work: () => Result): Promise<Result> =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(next);
      const run = () => {
        const result = work();
        return () => resolve(result);
      };
      waiting.push({ run, fail: reject });
    });

  const flush = (): void => {
    while (waiting.length > 0) next();
  };

  const watch = (listener: (jobs: number) => void): void => {
    tellSize = listener;
  };

  return { enqueue, flush, watch };
}
