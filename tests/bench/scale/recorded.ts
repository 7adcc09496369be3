import { DatabaseSync, type SQLInputValue } from 'node:sqlite';

/** A statement that was run, and with what. */
export interface Run {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

/**
 * Notes every statement that is run in this process while `work` goes on, by databases that `open` opens in it.
 *
 * @returns the statements, in their order.
 */
export async function recorded(open: () => Promise<() => Promise<void>>): Promise<readonly Run[]> {
  const runs: Run[] = [];
  let isNoting = false;
  const original = DatabaseSync.prototype;
  const prepare = Reflect.get(original, 'prepare');
  const noting = function (this: DatabaseSync, sql: string) {
    const statement = Reflect.apply(prepare, this, [sql]);
    for (const name of ['run', 'get', 'all'] as const) {
      const run: (...values: any[]) => any = statement[name].bind(statement);
      statement[name] = (...values: any[]) => {
        if (isNoting) runs.push({ sql, values });
        return run(...values);
      };
    }
    return statement;
  };
  Object.assign(original, { prepare: noting });
  try {
    const work = await open();
    isNoting = true;
    await work();
  } finally {
    Object.assign(original, { prepare });
  }
  return runs;
}

const isBegin = (sql: string) => /^begin\b/i.test(sql);
const isCommit = (sql: string) => /^commit\b/i.test(sql);

/** The transactions among some statements, without their beginning and their end. */
export function transactionsIn(runs: readonly Run[]): readonly (readonly Run[])[] {
  const all: Run[][] = [];
  let open: Run[] | null = null;
  for (const run of runs) {
    if (isBegin(run.sql)) open = [];
    else if (isCommit(run.sql) && open) {
      all.push(open);
      open = null;
    } else open?.push(run);
  }
  return all;
}
