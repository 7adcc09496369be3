import { isElement, isFrame, type Secrets } from './field.ts';

/** A document, or what is in an element of its own. */
export type Root = Document | ShadowRoot;

/** What is heard of the fields of a page. */
export interface Heard {
  /** The user is at something, and has not changed it yet. */
  readonly noticed: (target: unknown) => void;
  /** Something was changed. */
  readonly changed: (target: unknown) => void;
  /** A form was sent or reset, and nobody has prevented that. */
  readonly done: (form: Element) => void;
  /** The page is not as it was. */
  readonly moved: () => void;
}

const before = ['pointerdown', 'mousedown', 'keydown', 'focusin', 'beforeinput'];
const changes = { childList: true, subtree: true, attributeFilter: ['type'], attributeOldValue: true };
const isShadow = (root: Node): root is ShadowRoot => 'host' in root;

/** Follows what is done in the fields of a page, its open shadow roots and its frames of the same origin. */
export function follow(
  page: Document,
  secrets: Secrets,
  heard: Heard,
): { readonly roots: ReadonlySet<Root>; readonly stop: () => void } {
  const stop = new AbortController();
  const { signal } = stop;
  const roots = new Set<Root>();
  const options = { signal, capture: true, passive: true };
  const observer = new MutationObserver((records) => {
    for (const { target, oldValue, removedNodes } of records) {
      if (oldValue === 'password' && isElement(target)) secrets.add(target);
      for (const node of removedNodes) if (isElement(node)) secrets.look(node);
    }
    heard.moved();
  });

  /** Where it really happened: outside of a shadow root an event says no more than its host. */
  const innermost = (event: Event): EventTarget | undefined => {
    const [target] = event.composedPath();
    const root = isElement(target) ? target.getRootNode() : null;
    if (root && isShadow(root)) attach(root);
    return target;
  };
  const onChange = (event: Event) => heard.changed(innermost(event));
  // After everybody who could prevent it.
  const onDone = ({ target, defaultPrevented }: Event) => {
    if (!defaultPrevented && isElement(target)) heard.done(target);
    else heard.moved();
  };
  const listen = (root: Root) => {
    const last = 'defaultView' in root ? (root.defaultView ?? root) : root;
    for (const type of ['submit', 'reset']) last.addEventListener(type, onDone, { signal });
    root.addEventListener('change', onChange, options);
    if (isShadow(root)) return;
    root.addEventListener('input', onChange, options);
    for (const type of before) root.addEventListener(type, (event) => heard.noticed(innermost(event)), options);
    root.addEventListener('load', ({ target }) => isFrame(target) && attachFrame(target), options);
    for (const frame of root.querySelectorAll('iframe')) attachFrame(frame);
    // The focus goes from the window into a frame: of one of another origin, nothing else is heard.
    root.defaultView?.addEventListener('blur', () => heard.noticed(root.activeElement), { signal });
  };
  const attach = (root: Root) => {
    if (roots.has(root)) return;
    roots.add(root);
    observer.observe(root, changes);
    listen(root);
  };
  const attachFrame = ({ contentDocument }: HTMLIFrameElement) => {
    // `null` when the frame belongs to another origin.
    if (contentDocument) attach(contentDocument);
  };

  attach(page);
  return {
    roots,
    stop() {
      observer.disconnect();
      stop.abort();
    },
  };
}
