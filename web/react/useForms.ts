import { useMemo, useSyncExternalStore } from 'react';
import type { Forms, FormsState } from '../client/forms/forms.types.ts';
import { useTab } from './provider.tsx';

/** What is known of what is kept of forms, and what can be done with it. */
export type KeptForms = FormsState & Pick<Forms, 'adapt' | 'use' | 'drop'>;

/** What was filled in and is kept, without a hook for each field. */
export function useForms(): KeptForms {
  const { forms } = useTab();
  const { subscribe, read, adapt, use, drop } = forms;
  const state = useSyncExternalStore(subscribe, read, read);
  return useMemo(() => ({ ...state, adapt, use, drop }), [state, adapt, use, drop]);
}
