import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from 'node:sqlite';
import { decodeText, encodeText } from '../sql/text.ts';

type Row = Record<string, SQLOutputValue>;

/** What is used of a statement. */
interface Prepared {
  get(...values: SQLInputValue[]): Row | undefined;
  all(...values: SQLInputValue[]): Row[];
  run(...values: SQLInputValue[]): { readonly changes: number | bigint };
}

const encode = (values: readonly SQLInputValue[]): SQLInputValue[] =>
  values.map((value) => (typeof value === 'string' ? encodeText(value) : value));

const decode = (row: Row): Row =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, typeof value === 'string' ? decodeText(value) : value]),
  );

/** A statement whose texts hold no U+0000 on the disk. */
const spelled = (statement: StatementSync): Prepared => ({
  get(...values: SQLInputValue[]) {
    const row = statement.get(...encode(values));
    return row && decode(row);
  },
  all: (...values: SQLInputValue[]) => statement.all(...encode(values)).map(decode),
  run: (...values: SQLInputValue[]) => statement.run(...encode(values)),
});

/** Makes of a statement one that reads each text as it was written, also where the runtime reads it up to U+0000 only. */
export function textCodecOf(database: DatabaseSync): (statement: StatementSync) => Prepared {
  const read = database.prepare(`select 'a' || char(0) || 'b' as "text"`).get()?.['text'];
  return read === 'a\u0000b' ? (statement) => statement : spelled;
}
