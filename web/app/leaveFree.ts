/** Has the library's messages stand above an element at the foot of the page. @returns what ends that */
export function leaveFree(element: HTMLElement | null): (() => void) | undefined {
  if (!element) return undefined;
  const { style } = document.documentElement;
  const tell = () => {
    const left = Math.max(0, innerHeight - element.getBoundingClientRect().top);
    style.setProperty('--curfew-foot', `${Math.ceil(left)}px`);
  };
  const sizes = new ResizeObserver(tell);
  for (const each of [element, document.documentElement]) sizes.observe(each);
  tell();
  return () => {
    sizes.disconnect();
    style.removeProperty('--curfew-foot');
  };
}
