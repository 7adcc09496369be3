/** A test as it was written, under its whole name. */
export interface Registered {
  readonly name: string;
  readonly run: () => unknown;
}

/** Every test of the files that were loaded, in their order. */
export const registered: Registered[] = [];
