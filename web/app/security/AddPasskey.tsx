import { useId, useRef, useState, type ReactNode } from 'react';
import { ProveForm, useCurfew } from '../../react/index.ts';
import { useApi, type Outcome, type Trouble } from '../api.ts';
import { Failure } from '../Failure.tsx';
import { hasPasskey, type Passkey } from '../shapes.ts';
import { useAppWords } from '../words.ts';
import { asksToRegister, makePasskey } from '../ways/passkey.ts';
import { deviceName } from './device.ts';

/** What came of making a passkey: nothing where the user, or the browser, did not want to. */
type Made = Outcome<Passkey> | null;

interface AddPasskeyProps {
  readonly onAdded: (passkey: Passkey) => void;
}

/** Makes a passkey on this device or another, once the person has proved lately who they are. */
export function AddPasskey({ onAdded }: AddPasskeyProps): ReactNode {
  const api = useApi();
  const { sent } = useCurfew();
  const form = useRef<HTMLFormElement>(null);
  const words = useAppWords();
  const { passkeys: own, confirm } = words;
  const [name, setName] = useState(() => deviceName(navigator.userAgent));
  const [step, setStep] = useState<'asked' | 'doing' | 'proving'>('asked');
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [said, setSaid] = useState('');
  const why = useId();

  const make = async (): Promise<Made> => {
    const asked = await api('/api/passkeys/registration/options', asksToRegister, 'POST', {});
    if (!asked.ok) return asked;
    const response = await makePasskey(asked.value.options);
    if (response === null) return null;
    const made = await api('/api/passkeys', hasPasskey, 'POST', { name: name.trim(), response });
    return made.ok ? { ok: true, value: made.value.passkey } : made;
  };
  const add = async () => {
    if (step === 'doing' || name.trim() === '') return;
    setStep('doing');
    setTrouble(null);
    setSaid('');
    const made = await make();
    setStep(made?.ok === false && made.trouble === 'unproved' ? 'proving' : 'asked');
    if (made === null) return setSaid(own.noneMade);
    if (made.ok) {
      if (form.current) sent(form.current);
      return onAdded(made.value);
    }
    setTrouble(made.trouble === 'unproved' ? null : made.trouble);
  };
  return (
    <>
      <form
        ref={form}
        id="add-passkey"
        className="curfew-form app-account"
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <label className="curfew-field">
          {own.nameOfNew}
          <input
            name="passkey"
            value={name}
            maxLength={100}
            required
            onChange={({ target }) => setName(target.value)}
          />
        </label>
        <div className="curfew-actions">
          <button type="submit" className="curfew-button" aria-disabled={step === 'doing'}>
            {step === 'doing' ? confirm.moment : own.add}
          </button>
        </div>
      </form>
      {step === 'proving' && (
        <div role="group" aria-label={own.add} className="app-confirm">
          <p id={why}>{confirm.proveFirst}</p>
          <ProveForm label={own.goOn} describedBy={why} isFirst onProved={() => void add()} />
        </div>
      )}
      <p role="status" className="app-said">
        {said}
      </p>
      {trouble && <Failure what={own.addOne} trouble={trouble} words={words} />}
    </>
  );
}
