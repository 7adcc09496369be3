import type { Beyond } from './beyond.ts';
import {
  anyField,
  fieldKeyOf,
  fieldOf,
  formKeyOf,
  formOf,
  isAutofilled,
  isElement,
  isForbidden,
  isHere,
  isUnder,
  type Field,
  type Secrets,
} from './field.ts';
import type { Root } from './follow.ts';
import type { FormEntry, LiveField, StoredField, WaitingField } from './forms.types.ts';
import { isSame, readField, type FieldAdapter, type FieldValue } from './value.ts';

/** What all forms of a page share. */
export interface Page {
  readonly secrets: Secrets;
  /** Names the bytes of a file: the same name for as long as the page has it. */
  readonly idOf: (file: File) => string;
  readonly adapters: Map<HTMLElement, FieldAdapter>;
  /** What was changed and cannot be kept, and why. */
  readonly unkept: Map<Field, string>;
  readonly beyond: Beyond;
  /** What says of a field whether it is inside. */
  readonly scopes: Set<(field: Field) => boolean>;
  /** What is followed now; none while nothing is kept. */
  roots: ReadonlySet<Root>;
}

/** Editors that hold their text elsewhere: what is seen of it is put there by them, and by nobody else. */
const editors = '.cm-editor, .monaco-editor, .ProseMirror, [data-lexical-editor]';

/** Where a field is found again: in a form of a page, by a name. */
export interface Place {
  readonly form: string;
  readonly key: string;
}

/** The page, as the address bar has it; where a router keeps it behind a hash, with that. */
export function routeIn({ location }: Document): string {
  const { pathname, search, hash } = location;
  return pathname + search + (/^#[/!]/.test(hash) ? hash : '');
}

/** The field that an event is about; an editor with an adapter is one field, whatever is in it. */
export const keptFieldOf = ({ adapters }: Page, target: unknown): Field | null =>
  (isElement(target) && [...adapters.keys()].find((each) => each.contains(target))) || fieldOf(target);

/** Where a field is found again. @returns a key of nothing where it has no name */
export const placeOf = ({ adapters }: Page, field: Field): Place => ({
  form: formKeyOf(formOf(field)),
  key: adapters.get(field)?.key ?? fieldKeyOf(field),
});

/** Whether a field is inside of what is kept, and may be kept. */
export const mayKeep = ({ scopes, secrets }: Page, field: Field): boolean =>
  !isForbidden(field) && !secrets.has(field) && [...scopes].some((isInside) => isInside(field));

/** Whether a field is part of an editor without an adapter, in which nobody else may put anything. */
export const isEditor = ({ adapters }: Page, field: Field): boolean =>
  !adapters.has(field) && isUnder(field, (around) => around.matches(editors));

/** Every field of the page that may be kept. */
export function allFields(page: Page, roots: Iterable<Root> = page.roots): readonly Field[] {
  const elements = [...roots].flatMap((root) => [...root.querySelectorAll(anyField)]);
  const fields = new Set<Field>(page.adapters.keys());
  for (const element of elements) {
    const field = keptFieldOf(page, element);
    if (field) fields.add(field);
  }
  return [...fields].filter((field) => isHere(field) && mayKeep(page, field));
}

/** What is in a field now. */
export const readNow = ({ adapters, idOf }: Page, field: Field): FieldValue =>
  readField(field, adapters.get(field), idOf);

/** An editor that is on its way out may not be able to say what was in it. */
function readOrLast(page: Page, { element, value }: LiveField): FieldValue {
  try {
    return readNow(page, element);
  } catch {
    return value;
  }
}

/** Reads what the user has changed; what is back at its first value, or may not be kept any more, is taken out. */
export function readAgain(page: Page, entry: FormEntry, isDraft: (text: string) => boolean): void {
  for (const [key, live] of entry.fields) {
    const { element, first } = live;
    const isOut = isForbidden(element) || page.secrets.has(element) || isAutofilled(element);
    const value = isOut ? first : readOrLast(page, live);
    const isDone = isSame(value, first) || ('text' in value && value.text !== '' && isDraft(value.text));
    if (isDone || !isSame(value, live.value)) entry.isDirty = true;
    live.value = value;
    if (isDone) entry.fields.delete(key);
  }
}

const without = (value: FieldValue, lost: ReadonlySet<string>): FieldValue =>
  'files' in value ? { files: value.files.filter(({ id }) => !lost.has(id)) } : value;

/** What is to be stored of a form. @param lost the ids of files that cannot be kept */
export const storedFields = ({ fields, waiting }: FormEntry, lost: ReadonlySet<string>): readonly StoredField[] =>
  [...[...fields].map(([key, live]) => ({ ...live, key })), ...waiting]
    .map(({ key, label, first, value }) => ({ key, label, first, value: without(value, lost) }))
    .filter(({ first, value }) => !isSame(first, value));

/** A stored field that waits for its place on the page. */
export const waitingOf = ({ key, label, first, value }: StoredField, id: string): WaitingField => ({
  id,
  key,
  label,
  first,
  value,
  until: null,
  isOffered: false,
  isHere: false,
  isBusy: false,
});
