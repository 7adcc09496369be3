/** Something a user can fill in. By what it is called and not by its class, for a frame has classes of its own. */
export type Field = HTMLElement;

/** Everything that can be a field. */
export const anyField = 'input,textarea,select,[contenteditable]';

/** What keeps a field, and all that is in it, out of everything. */
const skipped = 'data-curfew-skip';
const ownKey = 'data-curfew-key';
const buttons = ['submit', 'button', 'reset', 'image', 'hidden', 'password'];
const secretWords = /\b(cc-\w|one-time-code|current-password|new-password)/;
/** Ids that React and those who build on it count up: where an element is, and not which it is. */
const counted = /[:«]|_r_\w+_/;

export const isInput = (field: Element): field is HTMLInputElement => field.tagName === 'INPUT';
export const isSelect = (field: Element): field is HTMLSelectElement => field.tagName === 'SELECT';
const isTextArea = (field: Element): field is HTMLTextAreaElement => field.tagName === 'TEXTAREA';
/** Whether it holds a plain text. */
export const isText = (field: Element): field is HTMLTextAreaElement | HTMLInputElement =>
  isTextArea(field) || (isInput(field) && !/^(checkbox|radio|file)$/.test(field.type));
/** Whether it is on or off. */
export const isToggle = (field: Element): field is HTMLInputElement =>
  isInput(field) && (field.type === 'checkbox' || field.type === 'radio');
/** By its name and not by its class: a node of a frame is one as well. */
export const isElement = (value: unknown): value is HTMLElement =>
  typeof value === 'object' && value !== null && 'nodeType' in value && value.nodeType === 1;
export const isFrame = (value: unknown): value is HTMLIFrameElement => isElement(value) && value.tagName === 'IFRAME';

/** Whether nobody but the page itself knows what is in it: a canvas, or a frame of another origin. */
export const isBeyond = (target: unknown): target is HTMLElement =>
  isElement(target) && (target.tagName === 'CANVAS' || (isFrame(target) && !target.contentDocument));

/** The element around, out of a shadow root and out of a frame as well. */
function parentOf(element: Element): Element | null {
  if (element.parentElement) return element.parentElement;
  const root = element.getRootNode();
  if ('host' in root && isElement(root.host)) return root.host;
  return element.ownerDocument.defaultView?.frameElement ?? null;
}

/** Whether a field is on the page: what is in a frame that has gone is not. */
export const isHere = (field: Field): boolean => field.isConnected && field.ownerDocument.defaultView !== null;

/** Whether an element, or one around it, fulfils a condition. */
export function isUnder(element: Element, is: (around: Element) => boolean): boolean {
  for (let each: Element | null = element; each; each = parentOf(each)) if (is(each)) return true;
  return false;
}

/** @returns the field that an event is about; a label stands for its control, and text for what it is edited in. */
export function fieldOf(target: unknown): Field | null {
  if (!isElement(target)) return null;
  if (isInput(target) || isTextArea(target) || isSelect(target)) return target;
  const label = target.closest('label');
  if (label?.control) return label.control;
  let field: HTMLElement | null = target.isContentEditable ? target : null;
  while (field?.parentElement?.isContentEditable) field = field.parentElement;
  return field;
}

/** The form of a field: the one it belongs to or, for text that is edited in place, the one it stands in. */
export const formOf = (field: Field): HTMLFormElement | null =>
  isInput(field) || isTextArea(field) || isSelect(field) ? field.form : field.closest('form');

const identityOf = (element: Element): string => {
  const name = element.getAttribute(ownKey) ?? element.getAttribute('name') ?? '';
  return name || (counted.test(element.id) ? '' : element.id);
};

/** What a form is called. @returns nothing for a form without a name, and for none */
export const formKeyOf = (form: Element | null): string => (form ? identityOf(form) : '');

/** What a field is called in its form: its name and, in a group, its value. @returns nothing for one without a name */
export function fieldKeyOf(field: Field): string {
  const name = identityOf(field);
  return name !== '' && isToggle(field) && !field.hasAttribute(ownKey) ? `${name}=${field.value}` : name;
}

/** What the user would call a field. */
export function labelOf(field: Field): string {
  const labels = isInput(field) || isTextArea(field) || isSelect(field) ? field.labels : null;
  // Without what is in the field itself, where that stands in its label.
  const own = [...(labels?.[0]?.childNodes ?? [])]
    .filter((node) => !node.contains(field))
    .map((node) => node.textContent);
  const said = [field.ariaLabel, own.join(' '), field.getAttribute('placeholder'), identityOf(field)];
  return (
    said
      .find((each) => each?.trim())
      ?.trim()
      .slice(0, 80) ?? ''
  );
}

/** Whether the browser has filled a field in, and nobody has edited that. */
export const isAutofilled = (field: Field): boolean => field.matches(':autofill');

/** Whether a field may never be kept, whatever is in it. */
export const isForbidden = (field: Field): boolean =>
  (isInput(field) && buttons.includes(field.type)) ||
  secretWords.test(field.getAttribute('autocomplete') ?? '') ||
  isUnder(field, (around) => around.hasAttribute(skipped));

/** Remembers which fields have ever been passwords in this page: a button that shows one makes it a text. */
export interface Secrets {
  readonly has: (field: Field) => boolean;
  /** Looks at what was in the page, or is in it now. */
  readonly look: (element: Element) => void;
  readonly add: (field: Element) => void;
}

/** @returns what knows no password yet. */
export function createSecrets(): Secrets {
  const elements = new WeakSet<Element>();
  const names = new Set<string>();
  const add = (field: Element) => {
    elements.add(field);
    // It may be taken away, and a text put in its place.
    names.add(identityOf(field));
  };
  return {
    add,
    has: (field) => elements.has(field) || (identityOf(field) !== '' && names.has(identityOf(field))),
    look(element) {
      const password = 'input[type=password i]';
      for (const each of [element, ...element.querySelectorAll(password)]) if (each.matches(password)) add(each);
    },
  };
}
