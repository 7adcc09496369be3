import {
  allFields,
  isEditor,
  keptFieldOf,
  mayKeep,
  placeOf,
  readNow,
  routeIn,
  type Page,
  type Place,
} from './entries.ts';
import { isBeyond, isElement, isUnder, type Field } from './field.ts';
import { follow } from './follow.ts';
import type { GuardedPart, Inside } from './forms.types.ts';
import { isLive, save, saveSoon, setLive, type FormsContext } from './formsContext.ts';
import { defaultOf, emptyOf } from './value.ts';

/** Notes what is in a field before the user does anything. */
export function noticed(context: FormsContext, target: unknown): void {
  const { page, notes, document } = context;
  if (isBeyond(target) && mayKeep(page, target)) page.beyond.add(target);
  const field = keptFieldOf(page, target);
  if (!document || !field || isLive(context, field, notes.get(field)) || !mayKeep(page, field)) return;
  notes.set(field, { ...placeOf(page, field), route: routeIn(document), first: readNow(page, field) });
}

/** Why a field that may be kept cannot be; `null` when it can. */
function whyNot(page: Page, field: Field, { form, key }: Place): string | null {
  if (isEditor(page, field)) return 'it is an editor, which needs an adapter';
  if (key === '') return 'give it a name, an id or data-curfew-key';
  const all = allFields(page).map((each) => placeOf(page, each));
  return all.filter((each) => each.form === form && each.key === key).length > 1
    ? 'another field of the form has the same name'
    : null;
}

/** Follows a field that the user has changed, where it can be kept. @param isLate it was changed a while ago */
export function changed(context: FormsContext, target: unknown, isLate = false): void {
  const { page, notes, document } = context;
  const field = keptFieldOf(page, target);
  // What changes and is no field is in a closed shadow root.
  if (!field && isElement(target) && !target.shadowRoot && mayKeep(page, target)) page.beyond.add(target);
  if (!document || !field || !mayKeep(page, field)) return;
  const place = placeOf(page, field);
  // What it was before anything was followed is not known.
  if (isLate && /pass|pwd/i.test(place.key)) return;
  const note = notes.get(field) ?? { ...place, route: routeIn(document), first: (isLate ? emptyOf : defaultOf)(field) };
  if (!isLive(context, field, note)) {
    const why = whyNot(page, field, place);
    if (why === null) setLive(context, field, note);
    else page.unkept.set(field, why);
  }
  saveSoon(context);
}

/** Forgets what was filled in inside of an element. */
export function done(context: FormsContext, form: Element): void {
  for (const entry of context.entries.values())
    for (const [key, { owner, element }] of entry.fields)
      if (owner === form || form.contains(element)) {
        entry.isDirty = true;
        entry.fields.delete(key);
        context.notes.delete(element);
      }
  void Promise.all([...context.entries.values()].map((entry) => save(context, entry)));
}

function moved(context: FormsContext): void {
  context.giveBack?.look();
  // What a script has emptied was sent, and is done with.
  if ([...context.entries.values()].some(({ fields }) => fields.size > 0)) saveSoon(context);
}

/** The parts of all guards. */
const parts = new Set<GuardedPart>();

const follows = (one: Node, two: Node) => (one.compareDocumentPosition(two) & 4) !== 0;

/** Whether an element is in what a guard puts into its own place. */
function isBetween({ first, last }: GuardedPart, each: Element): boolean {
  const [begin, end] = [first.current, last.current];
  const isBeside = begin !== null && end !== null && each.parentElement === begin.parentElement;
  return isBeside && follows(begin, each) && follows(each, end);
}

function isInPart(part: GuardedPart, field: Element): boolean {
  const { first, outside } = part;
  if (first.current === null) return false;
  const guards: ReadonlySet<Element | null | undefined> = new Set(
    [...parts].map((each) => each.first.current?.parentElement),
  );
  return isUnder(field, (each) => guards.has(each))
    ? isUnder(field, (each) => isBetween(part, each))
    : outside.current?.has(field) === false;
}

const isPart = (inside: Inside): inside is GuardedPart => 'outside' in inside;

/** Keeps what is in the fields of an element, or of what a function says is inside. @returns what stops it */
export function keep(context: FormsContext, inside: Inside): () => void {
  const { document, page } = context;
  if (document === null) return () => {};
  const isInside = (field: Field): boolean => {
    if (typeof inside === 'function') return inside(field);
    return isPart(inside) ? isInPart(inside, field) : isUnder(field, (around) => around === inside);
  };
  if (isPart(inside)) parts.add(inside);
  if (page.scopes.size === 0) {
    const { roots, stop } = follow(document, page.secrets, {
      noticed: (target) => noticed(context, target),
      changed: (target) => changed(context, target),
      done: (form) => done(context, form),
      moved: () => moved(context),
    });
    page.roots = roots;
    context.stopFollowing = stop;
  }
  page.scopes.add(isInside);
  context.giveBack?.look();
  return () => {
    if (isPart(inside)) parts.delete(inside);
    page.scopes.delete(isInside);
    if (page.scopes.size === 0) context.stopFollowing();
  };
}
