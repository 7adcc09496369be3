import { seconds } from '../../../machines/index.ts';
import type { FormsPorts, FormsState, FormStore } from '../forms/forms.types.ts';
import type { SavedFormsPorts } from './savedForms.ts';

type Store = FormStore<SavedFormsPorts>;

/** The content waits no longer than this for what keeps its forms. */
const waits = seconds(2);
const loadAgainAfter = seconds(5);
const nothing: FormsState = { copies: [], notKept: [], unreadable: 0, isAllKnown: true };

/** What is held until what keeps forms has been loaded. */
interface Held {
  readonly listeners: Set<() => void>;
  /** What the user has changed meanwhile. */
  readonly touched: Set<unknown>;
  readonly later: Set<(forms: Store) => void>;
  forms: Store | null;
  loading: Promise<void> | null;
  saved: SavedFormsPorts | null;
  stopListening: () => void;
}

function listen({ touched }: Held, document: Document): () => void {
  const onChange = (event: Event) => void touched.add(event.composedPath()[0]);
  const stop = new AbortController();
  for (const type of ['input', 'change'])
    document.addEventListener(type, onChange, { capture: true, passive: true, signal: stop.signal });
  return () => stop.abort();
}

async function load(ports: FormsPorts, held: Held): Promise<void> {
  try {
    const { createSavedForms } = await import('./savedForms.ts');
    const forms = createSavedForms(ports);
    forms.subscribe(() => held.listeners.forEach((listener) => listener()));
    held.stopListening();
    held.forms = forms;
    for (const each of held.later) each(forms);
    forms.take(held.touched);
    held.touched.clear();
    if (held.saved) await forms.restore(held.saved);
    await forms.flush();
  } catch {
    ports.timer(() => void load(ports, held), loadAgainAfter);
  }
}

/** Does something now, or once it can be done. @returns what undoes it */
function when({ forms, later }: Held, run: (forms: Store) => () => void): () => void {
  let undo = () => {};
  const each = (loaded: Store) => {
    undo = run(loaded);
  };
  if (forms) each(forms);
  else later.add(each);
  return () => {
    later.delete(each);
    undo();
  };
}

/**
 * Loads what keeps forms once it is wanted, before the content is shown. Where that fails the content is shown all the same:
 * what the user changes meanwhile is held in memory, also through a lock, until it has been loaded; it is never claimed.
 */
export function formsOnDemand(ports: FormsPorts): Store {
  const { document, timer } = ports;
  const held: Held = {
    listeners: new Set(),
    touched: new Set(),
    later: new Set(),
    forms: null,
    loading: null,
    saved: null,
    stopListening: () => {},
  };
  return {
    read: () => held.forms?.read() ?? nothing,
    subscribe(listener) {
      held.listeners.add(listener);
      return () => void held.listeners.delete(listener);
    },
    keep(inside) {
      if (document === null) return () => {};
      if (held.loading === null) {
        held.stopListening = listen(held, document);
        held.loading = load(ports, held);
      }
      return when(held, (forms) => forms.keep(inside));
    },
    adapt(element, adapter) {
      let changed = () => {};
      const stop = when(held, (forms) => {
        const adapted = forms.adapt(element, adapter);
        ({ changed } = adapted);
        return adapted.stop;
      });
      return { changed: () => changed(), stop };
    },
    sent: (form) => held.forms?.sent(form),
    use: (id) => held.forms?.use(id),
    drop: (id) => held.forms?.drop(id),
    take: () => {},
    async restore(next) {
      held.saved = next;
      if (held.forms) return held.forms.restore(next);
      if (held.loading) await Promise.race([held.loading, new Promise<void>((resolve) => void timer(resolve, waits))]);
    },
    flush: async () => held.forms?.flush(),
    clearSaved() {
      held.saved = null;
      held.forms?.clearSaved();
    },
    clearAll() {
      held.saved = null;
      held.touched.clear();
      held.forms?.clearAll();
    },
    saved: () => held.forms?.saved() ?? [],
    isAllKept: () => held.touched.size === 0 && held.forms?.isAllKept() !== false,
  };
}
