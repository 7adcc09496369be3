/** A text, or one of the elements that text is made of: its name, what it leads to, and what is in it. */
export type EditableNode = string | readonly [tag: string, href: string | null, inside: readonly EditableNode[]];

/** What text that is edited in place may be made of. Nothing here loads anything or runs. */
const allowed = new Set(
  'P DIV BR B STRONG I EM U S SUB SUP CODE PRE BLOCKQUOTE UL OL LI H1 H2 H3 H4 H5 H6 SPAN A'.split(' '),
);
/** An address that only leads somewhere. */
const harmless = /^(https?:|mailto:|tel:|[/#?])/i;
const deepest = 40;

const isText = (node: Node): node is Text => node.nodeType === 3;
const isElement = (node: Node): node is Element => node.nodeType === 1;

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value);
const hrefOf = (href: unknown): string | null => (typeof href === 'string' && harmless.test(href) ? href : null);

/** What is in an element, of what is allowed; of an element that is not, the text alone. */
export function nodesIn(parent: Node, depth = 0): readonly EditableNode[] {
  return [...parent.childNodes].flatMap((node): readonly EditableNode[] => {
    if (isText(node)) return node.data === '' ? [] : [node.data];
    if (!isElement(node) || node.hasAttribute('data-curfew-skip') || /^(SCRIPT|STYLE)$/.test(node.tagName)) return [];
    if (!allowed.has(node.tagName) || depth > deepest) return nodesIn(node, depth);
    return [[node.tagName, hrefOf(node.getAttribute('href')), nodesIn(node, depth + 1)]];
  });
}

/** @returns what of a stored list is allowed. */
export const readNodes = (stored: readonly unknown[], depth = 0): readonly EditableNode[] =>
  stored.flatMap((node): readonly EditableNode[] => {
    if (typeof node === 'string') return [node];
    if (!isList(node) || depth > deepest) return [];
    const [tag, href, inside] = node;
    const within = isList(inside) ? readNodes(inside, depth + 1) : [];
    return typeof tag === 'string' && allowed.has(tag) ? [[tag, hrefOf(href), within]] : within;
  });
