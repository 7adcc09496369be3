import { parseJson } from '../http/parseJson.ts';
import { isRecord } from '../http/wire.ts';
import type { ElementState } from './elementState.ts';

/** A value that can be kept: whatever JSON can say. */
export type Keepable = string | number | boolean | null | readonly Keepable[] | { readonly [name: string]: Keepable };

/** A view state as it is stored. */
export interface CapturedViewState {
  readonly values: Readonly<Record<string, unknown>>;
  readonly elements: ElementState;
}

/** Whether a stored value is one that can be kept, as far as its own type says. */
export const isKeepable = (value: unknown): value is Keepable =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value) || isRecord(value);

const isElementState = (value: unknown): value is ElementState =>
  isRecord(value) &&
  isRecord(value['scroll']) &&
  isRecord(value['selection']) &&
  (value['focus'] === null || typeof value['focus'] === 'string');

/** @returns the text that is stored; its property names are part of the format. */
export const encodeViewState = ({ values, elements }: CapturedViewState): string =>
  JSON.stringify({ values, marked: elements });

/** @returns `null` when the text is no view state. */
export function decodeViewState(text: string): CapturedViewState | null {
  const value = parseJson(text);
  return isRecord(value) && isRecord(value['values']) && isElementState(value['marked'])
    ? { values: value['values'], elements: value['marked'] }
    : null;
}
