import { useEffect, useMemo, useRef, type RefObject } from 'react';
import { useTab } from './provider.tsx';

/** Where a guard's content begins and ends on the page. */
export interface GuardedEnds {
  readonly first: RefObject<HTMLTemplateElement | null>;
  readonly last: RefObject<HTMLParagraphElement | null>;
}

/** Keeps what is filled in between two elements, and in what the content puts elsewhere on the page once it is shown. */
export function useGuardedFields(isKept: boolean, isMounted: boolean): GuardedEnds {
  const { forms } = useTab();
  const first = useRef<HTMLTemplateElement>(null);
  const last = useRef<HTMLParagraphElement>(null);
  const outside = useRef<WeakSet<Element>>(null);
  // What is on the page before the content is there is none of it.
  const before = useMemo(
    () => (isMounted && typeof document !== 'undefined' ? new WeakSet(document.querySelectorAll('*')) : null),
    [isMounted],
  );
  useEffect(() => {
    outside.current = before;
  }, [before]);
  useEffect(() => (isKept ? forms.keep({ first, last, outside }) : undefined), [forms, isKept]);
  return { first, last };
}
