/** The element that has the focus, in whatever shadow root it is, as far as they are open. */
export function deepActiveElement({ activeElement: element }: DocumentOrShadowRoot = document): Element | null {
  const root = element?.shadowRoot;
  return root?.activeElement ? deepActiveElement(root) : element;
}
