import { useId, useState, type ReactNode } from 'react';
import type { KeptCopy } from '../client/forms/forms.types.ts';
import type { Messages } from '../messages/messages.types.ts';
import type { KeptForms } from './useForms.ts';

const longest = 200;

/** What is shown, and in which words: nothing else is loaded with it. */
export interface KeptCopiesProps {
  readonly forms: KeptForms;
  readonly messages: Messages;
}

function Copy({
  copy,
  forms: { use, drop },
  messages: { kept },
}: KeptCopiesProps & { readonly copy: KeptCopy }): ReactNode {
  const { id, label, text, isOn, route, isHere } = copy;
  const what = useId();
  const said = isOn === null ? text.slice(0, longest) : isOn ? kept.on : kept.off;
  return (
    <li>
      <p id={what}>
        <b>{label}</b> {said}
        {!isHere && <small> {kept.notShown(route)}</small>}
      </p>
      <div className="curfew-actions">
        {isHere && (
          <button type="button" className="curfew-button" aria-describedby={what} onClick={() => use(id)}>
            {kept.use}
          </button>
        )}
        <button
          type="button"
          className="curfew-button curfew-button-quiet"
          aria-describedby={what}
          onClick={() => drop(id)}
        >
          {kept.drop}
        </button>
      </div>
    </li>
  );
}

/** Offers what was kept and is not in a field now, and says what is not kept. It takes no focus, and covers no field for long. */
export function KeptCopies(props: KeptCopiesProps): ReactNode {
  const { copies, notKept, unreadable } = props.forms;
  const { kept, language } = props.messages;
  const title = useId();
  const [closed, setClosed] = useState<unknown>(null);
  if (closed === copies) return null;
  return (
    <section className="curfew-kept" aria-labelledby={title} lang={language} data-curfew-skip="">
      <h2 id={title} role="status">
        {kept.title}
      </h2>
      <ul>
        {copies.map((copy) => (
          <Copy key={copy.id} copy={copy} {...props} />
        ))}
        {notKept.map(({ name, reason }) => (
          <li key={name}>{kept.notKept(name, reason)}</li>
        ))}
        {unreadable > 0 && <li>{kept.unreadable(unreadable)}</li>}
      </ul>
      <button type="button" className="curfew-button curfew-button-quiet" onClick={() => setClosed(copies)}>
        {kept.later}
      </button>
    </section>
  );
}
