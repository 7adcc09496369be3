import { isHere, type Field } from './field.ts';

/** What a user has been at and nothing can keep: a field without a name, a frame of another origin, a closed shadow root, a canvas. */
export interface Beyond {
  readonly add: (element: Field) => void;
  /** Notes what of it is on the page now. @param isFilled whether there is something in it */
  readonly look: (isFilled: (element: Field) => boolean) => void;
  /** The content goes, with what was noted last. */
  readonly leave: () => void;
  /** Whether something of that is not on the page any more. */
  readonly hasGone: () => boolean;
}

/** @returns what knows of nothing yet. It holds no element: what is in one is not to stay in memory for it. */
export function createBeyond(): Beyond {
  const known = new WeakSet<Field>();
  let touched: readonly WeakRef<Field>[] = [];
  let there: readonly WeakRef<Field>[] = [];
  let left: readonly WeakRef<Field>[] = [];
  const onPage = (each: WeakRef<Field>): Field | null => {
    const element = each.deref();
    return element && isHere(element) ? element : null;
  };
  return {
    add(element) {
      if (!known.has(element)) touched = [...touched, new WeakRef(element)];
      known.add(element);
    },
    look(isFilled) {
      there = touched.filter((each) => {
        const element = onPage(each);
        return element && isFilled(element);
      });
    },
    leave() {
      left = there;
      there = [];
    },
    hasGone: () => left.some((each) => !onPage(each)),
  };
}
