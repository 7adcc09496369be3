/** A value that can be kept: whatever JSON can say. */
export type Keepable = string | number | boolean | null | readonly Keepable[] | { readonly [name: string]: Keepable };

/** Where the person was: named values of the application, and scroll, focus and selection of marked elements. */
export interface Places {
  /** Notes the present value of something by name: the route, an open panel. */
  readonly note: (name: string, value: Keepable) => void;
  /** Takes, once, the value that is to be brought back; `undefined` when there is none. */
  readonly take: (name: string) => Keepable | undefined;
  /** Called when there are values to be brought back. */
  readonly subscribe: (listener: () => void) => () => void;
}
