import { useEffect, useRef, type RefObject } from 'react';
import { useForms } from 'curfew/react';

/** Opens an editor in an element, keeps it by one of the above, and returns what closes it. */
type Open = (element: HTMLElement, forms: Pick<ReturnType<typeof useForms>, 'adapt'>) => () => void;

/** @returns the `ref` of the element in which the editor is opened */
export function useEditor(open: Open): RefObject<HTMLDivElement | null> {
  const element = useRef<HTMLDivElement>(null);
  const { adapt } = useForms();
  useEffect(() => (element.current ? open(element.current, { adapt }) : undefined), [open, adapt]);
  return element;
}
