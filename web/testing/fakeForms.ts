import type { Forms, FormsState } from '../client/forms/forms.types.ts';

/** Forms of which nothing is kept: what is filled in stays where it is. */
export function fakeForms(): Forms {
  const nothing = () => {};
  const state: FormsState = { copies: [], notKept: [], unreadable: 0, isAllKnown: true };
  return {
    read: () => state,
    subscribe: () => nothing,
    keep: () => nothing,
    adapt: () => ({ changed: nothing, stop: nothing }),
    sent: nothing,
    use: nothing,
    drop: nothing,
  };
}
