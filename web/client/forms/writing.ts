import type { EditableNode } from './editable.ts';
import { isInput, isSelect, isText, isToggle, type Field } from './field.ts';
import type { FieldAdapter, FieldValue } from './value.ts';

/** Whether what a page does on a change may go further than the field: a switch may save, a choice may lead away. */
export const isFired = (field: Field): boolean =>
  isToggle(field) || isSelect(field) || (isInput(field) && field.type === 'file');

const wordsIn = (nodes: readonly EditableNode[]): string =>
  nodes
    .map((node) => {
      if (typeof node === 'string') return node;
      const [, , inside] = node;
      return wordsIn(inside);
    })
    .join(' ');

/** What a value says, to be read by the user. */
export function wordsOf(value: FieldValue): string {
  if ('text' in value) return value.text;
  if ('nodes' in value) return wordsIn(value.nodes).trim();
  if ('selected' in value) return value.selected.join(', ');
  if ('files' in value) return value.files.map(({ name }) => name).join(', ');
  return 'own' in value && typeof value.own === 'string' ? value.own : '';
}

/** Makes elements of what is allowed, one by one: nothing of it is ever read as markup. */
function build(document: Document, nodes: readonly EditableNode[]): readonly Node[] {
  return nodes.map((node) => {
    if (typeof node === 'string') return document.createTextNode(node);
    const [tag, href, inside] = node;
    const element = document.createElement(tag);
    if (href !== null && tag === 'A') element.setAttribute('href', href);
    element.append(...build(document, inside));
    return element;
  });
}

function tell(field: Field, ...types: readonly string[]): void {
  for (const type of types) field.dispatchEvent(new Event(type, { bubbles: true, composed: true }));
}

/** Puts a value into a field as the browser itself would. @returns whether all of it could be put there */
export function writeField(
  field: Field,
  value: FieldValue,
  adapter: FieldAdapter | undefined,
  files: readonly File[],
): boolean {
  if ('own' in value) {
    try {
      adapter?.write(value.own);
    } catch {
      // It takes no such value any more.
      return false;
    }
    return adapter !== undefined;
  }
  if ('text' in value && isText(field)) {
    // The browser's own setter: a framework may have put one before it, by which it takes no change for the user's.
    Reflect.set(Object.getPrototypeOf(field), 'value', value.text, field);
    tell(field, 'input');
  } else if ('checked' in value && isToggle(field)) {
    if (field.checked !== value.checked) field.click();
  } else if ('selected' in value && isSelect(field)) {
    for (const option of field.options) option.selected = value.selected.includes(option.value);
    tell(field, 'input', 'change');
  } else if ('files' in value && isInput(field)) {
    const chosen = new DataTransfer();
    for (const file of files) chosen.items.add(file);
    field.files = chosen.files;
    tell(field, 'input', 'change');
  } else if ('nodes' in value) {
    field.replaceChildren(...build(field.ownerDocument, value.nodes));
    tell(field, 'input');
  } else return false;
  return true;
}
