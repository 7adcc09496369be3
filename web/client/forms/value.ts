import { isRecord } from '../http/wire.ts';
import { nodesIn, readNodes, type EditableNode } from './editable.ts';
import { isInput, isSelect, isText, isToggle, type Field } from './field.ts';

/** A file as it is kept: what it is called, and under which name its bytes are. */
export interface KeptFile {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  /** In bytes. */
  readonly size: number;
  /** Epoch ms, as the file says. */
  readonly lastModified: number;
}

/** What is in a field, as JSON says it; exactly one of these. The names are part of the format. */
export type FieldValue =
  | { readonly text: string }
  | { readonly checked: boolean }
  | { readonly selected: readonly string[] }
  | { readonly nodes: readonly EditableNode[] }
  | { readonly files: readonly KeptFile[] }
  | { readonly own: unknown };

/** What an editor of its own gives and takes. Its value is anything that JSON can say. */
export interface FieldAdapter {
  /** What the field is called in its form. Default: its `data-curfew-key`, `name` or `id`. */
  readonly key?: string;
  /** What the user would call it. Default: the element's own label. */
  readonly label?: string;
  /** What is in the editor now. */
  readonly read: () => unknown;
  /** Puts back what `read` gave before. */
  readonly write: (value: unknown) => void;
}

/** What is in a field now. @param idOf names the bytes of a file */
export function readField(field: Field, adapter: FieldAdapter | undefined, idOf: (file: File) => string): FieldValue {
  if (adapter) return { own: adapter.read() };
  if (isText(field)) return { text: field.value };
  if (isToggle(field)) return { checked: field.checked };
  if (isSelect(field)) return { selected: [...field.selectedOptions].map(({ value }) => value) };
  if (!isInput(field)) return { nodes: nodesIn(field) };
  const files = [...(field.files ?? [])].map((file) => {
    const { name, type, size, lastModified } = file;
    return { id: idOf(file), name, type, size, lastModified };
  });
  return { files };
}

/** What the page has put into a field by itself, as far as it says so. */
export function defaultOf(field: Field): FieldValue {
  if (isText(field)) return { text: field.defaultValue };
  if (isToggle(field)) return { checked: field.defaultChecked };
  if (!isSelect(field)) return isInput(field) ? { files: [] } : { nodes: [] };
  const chosen = [...field.options].filter((each) => each.defaultSelected);
  // Of a list to choose one from, the first is chosen.
  const all = chosen.length > 0 || field.multiple ? chosen : [...field.options].slice(0, 1);
  return { selected: all.map(({ value }) => value) };
}

/** Something else than what is in a field, where it is not known what was in it before: what is there now is the user's. */
export function emptyOf(field: Field): FieldValue {
  if (isText(field)) return { text: '' };
  if (isToggle(field)) return { checked: !field.checked };
  return isSelect(field) ? { selected: [] } : defaultOf(field);
}

/** Whether two fields hold the same. */
export const isSame = (one: FieldValue, two: FieldValue): boolean => JSON.stringify(one) === JSON.stringify(two);

const isString = (value: unknown): value is string => typeof value === 'string';

const fileIn = (value: unknown): readonly KeptFile[] => {
  if (!isRecord(value)) return [];
  const { id, name, type, size, lastModified } = value;
  if (!isString(id) || !isString(name) || !isString(type)) return [];
  return typeof size === 'number' && typeof lastModified === 'number' ? [{ id, name, type, size, lastModified }] : [];
};

/** @returns what is stored of a field; `null` when it is nothing of ours. */
export function valueIn(stored: unknown): FieldValue | null {
  if (!isRecord(stored)) return null;
  const { text, checked, selected, nodes, files } = stored;
  if (isString(text)) return { text };
  if (typeof checked === 'boolean') return { checked };
  if (Array.isArray(selected) && selected.every(isString)) return { selected };
  if (Array.isArray(nodes)) return { nodes: readNodes(nodes) };
  if (Array.isArray(files)) return { files: files.flatMap(fileIn) };
  return 'own' in stored ? { own: stored['own'] } : null;
}

/** The files that a value speaks of. */
export const filesIn = (value: FieldValue): readonly KeptFile[] => ('files' in value ? value.files : []);
