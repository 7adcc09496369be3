/** The order in which every transaction locks the sessions it writes to, so that no two wait for each other. */
export const byId = (a: { readonly id: string }, b: { readonly id: string }): number =>
  a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
