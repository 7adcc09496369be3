import { useId, useRef, useState, type ReactNode, type RefObject } from 'react';
import { useApi, type Trouble } from '../api.ts';
import { Failure } from '../Failure.tsx';
import { useLoaded } from '../loaded.ts';
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
  return (
    <li ref={row} className="app-device">
      <div id={id}>
        <h3>{name}</h3>
        <p className="app-quiet">
          Made <When at={createdAt} />
          {lastUsedAt !== null && (
            <>
              , last used <When at={lastUsedAt} />
            </>
          )}
        </p>
      </div>
      <AskFirst
        name={`remove ${passkey.id}`}
        label="Remove"
        describedBy={id}
        question={`Remove the passkey ${name}? You can’t sign in with it any more.`}
        yes="Remove it"
        no="Keep the passkey"
        what="remove it"
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
  const { value, trouble, reload, set } = useLoaded('/api/passkeys', hasPasskeys);
  const heading = useRef<HTMLHeadingElement>(null);
  const [said, setSaid] = useState('');
  const passkeys = value?.passkeys ?? [];

  const take = (next: readonly Passkey[], words: string) => {
    set({ passkeys: next });
    setSaid(words);
    onChanged();
  };
  const remove = async (gone: Passkey): Promise<Trouble | null> => {
    const outcome = await api(`/api/passkeys/${gone.id}`, isNothing, 'DELETE');
    if (!outcome.ok && outcome.trouble !== 'gone') return outcome.trouble;
    take(
      passkeys.filter(({ id }) => id !== gone.id),
      `The passkey ${gone.name} is removed.`,
    );
    return null;
  };
  return (
    <section aria-labelledby="security-passkeys">
      <h2 id="security-passkeys" ref={heading} tabIndex={-1}>
        Your passkeys
      </h2>
      <p className="app-quiet">
        With a passkey you sign in by your fingerprint, your face or the PIN of your device, in place of a password.
      </p>
      <p role="status" className="app-said">
        {said}
      </p>
      {trouble && <Failure what="load your passkeys" trouble={trouble} onRetry={reload} />}
      {passkeys.length > 0 && (
        <ul className="app-devices">
          {passkeys.map((passkey) => (
            <OnePasskey key={passkey.id} passkey={passkey} heir={heading} onRemove={() => remove(passkey)} />
          ))}
        </ul>
      )}
      {value && (
        <AddPasskey
          onAdded={(added) => take([...passkeys, added], `The passkey ${added.name} is made. You can sign in with it.`)}
        />
      )}
    </section>
  );
}
