import { useId, useRef, useState, type ReactNode, type RefObject } from 'react';
import { useApi, type Trouble } from '../api.ts';
import { Failure } from '../Failure.tsx';
import { useLoaded } from '../loaded.ts';
import { useAppWords } from '../words.ts';
import { hasPasskeys, isNothing, type Passkey } from '../shapes.ts';
import { AddPasskey } from './AddPasskey.tsx';
import { AskFirst } from './AskFirst.tsx';
import { useHandedFocus } from './focus.ts';
import { When } from './When.tsx';

interface OnePasskeyProps {
  readonly passkey: Passkey;
  /** Takes the focus when this one goes away. */
  readonly heir: RefObject<HTMLElement | null>;
  readonly onRemove: () => Promise<Trouble | null>;
}

function OnePasskey({ passkey, heir, onRemove }: OnePasskeyProps): ReactNode {
  const row = useHandedFocus<HTMLLIElement>(heir);
  const id = useId();
  const { name, createdAt, lastUsedAt } = passkey;
  const words = useAppWords();
  const { language, passkeys: own } = words;
  return (
    <li ref={row} className="app-device">
      <div id={id}>
        <h3>{name}</h3>
        <p className="app-quiet">
          {own.made} <When at={createdAt} language={language} />
          {lastUsedAt !== null && (
            <>
              , {own.lastUsed} <When at={lastUsedAt} language={language} />
            </>
          )}
        </p>
      </div>
      <AskFirst
        name={`remove ${passkey.id}`}
        label={own.remove}
        describedBy={id}
        question={own.removeQuestion(name)}
        yes={own.removeNow}
        no={own.keep}
        what={own.removeIt}
        words={words}
        onYes={onRemove}
      />
    </li>
  );
}

interface PasskeysProps {
  /** There is one more, or one less. */
  readonly onChanged: () => void;
}

/** The person's passkeys, and how to make another. */
export function Passkeys({ onChanged }: PasskeysProps): ReactNode {
  const api = useApi();
  const words = useAppWords();
  const own = words.passkeys;
  const { value, trouble, reload, set } = useLoaded('/api/passkeys', hasPasskeys);
  const heading = useRef<HTMLHeadingElement>(null);
  const [said, setSaid] = useState('');
  const passkeys = value?.passkeys ?? [];

  const take = (next: readonly Passkey[], done: string) => {
    set({ passkeys: next });
    setSaid(done);
    onChanged();
  };
  const remove = async (gone: Passkey): Promise<Trouble | null> => {
    const outcome = await api(`/api/passkeys/${gone.id}`, isNothing, 'DELETE');
    if (!outcome.ok && outcome.trouble !== 'gone') return outcome.trouble;
    take(
      passkeys.filter(({ id }) => id !== gone.id),
      own.isRemoved(gone.name),
    );
    return null;
  };
  return (
    <section aria-labelledby="security-passkeys" lang={words.language}>
      <h2 id="security-passkeys" ref={heading} tabIndex={-1}>
        {own.title}
      </h2>
      <p className="app-quiet">{own.what}</p>
      <p role="status" className="app-said">
        {said}
      </p>
      {trouble && <Failure what={own.load} trouble={trouble} onRetry={reload} words={words} />}
      {passkeys.length > 0 && (
        <ul className="app-devices">
          {passkeys.map((passkey) => (
            <OnePasskey key={passkey.id} passkey={passkey} heir={heading} onRemove={() => remove(passkey)} />
          ))}
        </ul>
      )}
      {value && <AddPasskey onAdded={(added) => take([...passkeys, added], own.isMade(added.name))} />}
    </section>
  );
}
