import { allFields, isEditor, placeOf, readNow, routeIn } from './entries.ts';
import { formOf, isHere, type Field } from './field.ts';
import type { Root } from './follow.ts';
import { save, setLive, type FormsContext, type GiveBack } from './formsContext.ts';
import type { FormEntry, KeptCopy, WaitingField } from './forms.types.ts';
import { isFired, wordsOf, writeField } from './writing.ts';
import { filesIn, isSame, type FieldValue } from './value.ts';

/** How long a page may go on loading before what differs is taken for meant. */
const loadsWithin = 3_000;
const lookAgainAfter = 250;

/** All roots, with those of elements that nobody has been at yet. */
function withShadows(roots: Iterable<Root>): readonly Root[] {
  const inside = (root: Root): readonly Root[] => [
    root,
    ...[...root.querySelectorAll('*')].flatMap(({ shadowRoot }) => (shadowRoot ? inside(shadowRoot) : [])),
  ];
  return [...new Set([...roots].flatMap(inside))];
}

const hasSubmit = (field: Field): boolean =>
  [...(formOf(field)?.elements ?? [])].some(
    (each) => 'type' in each && (each.type === 'submit' || each.type === 'image'),
  );

const isClosed = (field: Field): boolean =>
  field.matches(':disabled') || ('readOnly' in field && field.readOnly === true);

/** Every field of the page by its place. Where several have one, none of them is it: nothing goes by position. */
function fieldsByPlace({ page }: FormsContext): (place: string) => Field | null {
  const found = new Map<string, Field | null>();
  for (const field of allFields(page, withShadows(page.roots))) {
    const { form, key } = placeOf(page, field);
    const place = `${form}\n${key}`;
    found.set(place, found.has(place) || isEditor(page, field) || isClosed(field) ? null : field);
  }
  return (place) => found.get(place) ?? null;
}

const takeOut = (entry: FormEntry, item: WaitingField) => {
  entry.waiting = entry.waiting.filter((each) => each !== item);
};

/** Goes on with a field that holds what was kept. */
function adopt(context: FormsContext, entry: FormEntry, item: WaitingField, field: Field): void {
  const { key, first, value } = item;
  takeOut(entry, item);
  setLive(context, field, { form: entry.form, route: entry.route, key, first });
  const live = entry.fields.get(key);
  if (live) live.value = value;
}

/** The files of a value; what is not there any more is said. */
async function filesOf(context: FormsContext, value: FieldValue): Promise<readonly File[]> {
  const { files, idsOfFiles, storage } = context;
  const found: File[] = [];
  for (const { id, name, ...options } of filesIn(value)) {
    const bytes = files.has(id) ? null : await storage?.readFile(id);
    const file = files.get(id) ?? (bytes && new File([bytes], name, options));
    if (!file) {
      context.lost = [...context.lost, { name, reason: 'refused' }];
      continue;
    }
    idsOfFiles.set(file, id);
    files.set(id, file);
    found.push(file);
  }
  return found;
}

/** Puts what was kept into its field; what the page does not take is offered. */
async function put(context: FormsContext, entry: FormEntry, item: WaitingField, field: Field): Promise<void> {
  const { page, timer } = context;
  const { key, value, first } = item;
  if (item.isBusy) return;
  // Until it is in its field, it waits: an empty field would be taken for one that was emptied.
  item.isBusy = true;
  const files = await filesOf(context, value);
  item.isBusy = false;
  if (!entry.waiting.includes(item)) return;
  adopt(context, entry, item, field);
  const giveUp = () => {
    entry.fields.delete(key);
    item.isOffered = true;
    entry.waiting.push(item);
    entry.isDirty = true;
    context.tell();
  };
  if (!writeField(field, value, page.adapters.get(field), files)) return giveUp();
  // A page that has a value of its own puts it back at once.
  if ('text' in value || 'nodes' in value)
    timer(() => isHere(field) && isSame(readNow(page, field), first) && giveUp(), 100);
  context.tell();
  // Another copy may be for the same field.
  context.giveBack?.look();
}

/** @returns whether it has to be looked at again, for the page may still be loading */
function give(context: FormsContext, entry: FormEntry, item: WaitingField, field: Field): boolean {
  const now = readNow(context.page, field);
  if (isSame(now, item.value)) {
    adopt(context, entry, item, field);
    return false;
  }
  const isTyped = entry.fields.get(item.key)?.element === field;
  if (item.isOffered) return false;
  if (!isTyped && !isSame(now, item.first)) {
    item.until ??= context.clock.now() + loadsWithin;
    if (item.until > context.clock.now()) return true;
  }
  if (isTyped || !isSame(now, item.first) || (isFired(field) && !hasSubmit(field))) item.isOffered = true;
  else void put(context, entry, item, field);
  return false;
}

/** @returns what gives back what waits, as its fields appear. */
export function createGiveBack(context: FormsContext): GiveBack {
  const { entries, clock, timer, document } = context;
  let cancel: (() => void) | null = null;
  const isListed = (item: WaitingField, route: string) =>
    item.isOffered ||
    (!item.isHere && (document === null || routeIn(document) !== route || (item.until ?? Infinity) <= clock.now()));

  function look(): void {
    const waits = [...entries.values()].filter(({ waiting }) => waiting.length > 0);
    if (document === null || waits.length === 0 || context.page.scopes.size === 0) return;
    const route = routeIn(document);
    const fieldAt = fieldsByPlace(context);
    let isAgain = false;
    for (const entry of waits)
      for (const item of entry.waiting) {
        const field = entry.route === route ? fieldAt(`${entry.form}\n${item.key}`) : null;
        item.isHere = field !== null;
        if (field) isAgain = give(context, entry, item, field) || isAgain;
        else if (entry.route === route) {
          item.until ??= clock.now() + loadsWithin;
          isAgain ||= item.until > clock.now();
        }
      }
    cancel ??= isAgain ? timer(() => ((cancel = null), look()), lookAgainAfter) : null;
    context.tell();
  }

  return {
    look,
    copies: () =>
      [...entries.values()].flatMap(({ waiting, route }) =>
        waiting
          .filter((item) => isListed(item, route))
          .map(({ id, label, value, ...item }): KeptCopy => {
            const isOn = 'checked' in value ? value.checked : null;
            return { id, label, text: wordsOf(value), isOn, route, isHere: item.isHere };
          }),
      ),
    use(id) {
      const fieldAt = fieldsByPlace(context);
      for (const entry of entries.values())
        for (const item of entry.waiting.filter((each) => each.id === id)) {
          const field = fieldAt(`${entry.form}\n${item.key}`);
          if (!field) continue;
          entry.isDirty = true;
          void put(context, entry, item, field).then(() => save(context, entry));
        }
    },
  };
}
