/** A change of the sources that no test can find, for it changes nothing that can be seen. */
export interface Equivalent {
  readonly file: string;
  /** The line in which it begins. */
  readonly line: string;
  readonly from: string;
  readonly to: string;
  readonly why: string;
}

export const equivalents: readonly Equivalent[] = [];
