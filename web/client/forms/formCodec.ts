import { parseJson } from '../http/parseJson.ts';
import { isRecord } from '../http/wire.ts';
import type { LoadedForm, StoredField } from './forms.types.ts';
import { valueIn } from './value.ts';

const schema = 1;

/** @returns the text that is stored; its property names are part of the format. */
export const encodeForm = ({ route, form, fields }: LoadedForm): string =>
  JSON.stringify({ schema, route, form, fields });

const fieldIn = (stored: unknown): readonly StoredField[] => {
  if (!isRecord(stored)) return [];
  const { key, label } = stored;
  const [first, value] = [valueIn(stored['first']), valueIn(stored['value'])];
  return typeof key === 'string' && typeof label === 'string' && first && value ? [{ key, label, first, value }] : [];
};

/** @returns what can be read of a stored form; `null` when it is none, or of a newer version. */
export function decodeForm(text: string, savedAt: number): LoadedForm | null {
  const stored = parseJson(text);
  if (!isRecord(stored) || stored['schema'] !== schema) return null;
  const { route, form, fields } = stored;
  if (typeof route !== 'string' || typeof form !== 'string' || !Array.isArray(fields)) return null;
  return { route, form, savedAt, fields: fields.flatMap(fieldIn) };
}
