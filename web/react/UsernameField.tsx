import { useId, type ReactNode } from 'react';
import { useMessages } from './provider.tsx';
import { written } from '../messages/language.ts';

/** Whose session it is, to be read by the user and by password managers. @see WCAG 2.2 SC 3.3.7 */
export function UsernameField({ name }: { readonly name: string }): ReactNode {
  const { form, language } = useMessages();
  const id = useId();
  return (
    <div className="curfew-field" {...written(language)}>
      <label htmlFor={id}>{form.username}</label>
      <input id={id} name="username" autoComplete="username" value={name} readOnly />
    </div>
  );
}
