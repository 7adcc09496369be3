import { decodeText, encodeText } from '../sql/text.ts';
import type { Row, Single, Value } from './connection.ts';

/** A value as it is given to a statement. */
export const encodeValue = (value: Value): Value => {
  if (typeof value === 'string') return encodeText(value);
  if (!Array.isArray(value)) return value;
  return value.map((each: Single) => (typeof each === 'string' ? encodeText(each) : each));
};

/** A row with its texts as they were given. */
export const decodeRow = (row: Row): Row =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, typeof value === 'string' ? decodeText(value) : value]),
  );
