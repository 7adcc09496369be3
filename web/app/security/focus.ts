import { useLayoutEffect, useRef, type RefObject } from 'react';

/** What is taken off the page while the focus is in it hands the focus on. @see WCAG 2.2 SC 2.4.3 */
export function useHandedFocus<Gone extends HTMLElement>(heir: RefObject<HTMLElement | null>): RefObject<Gone | null> {
  const gone = useRef<Gone>(null);
  useLayoutEffect(() => {
    const element = gone.current;
    const next = heir.current;
    return () => {
      if (element?.contains(document.activeElement)) next?.focus();
    };
  }, [heir]);
  return gone;
}
