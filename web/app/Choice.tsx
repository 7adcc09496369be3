import type { ReactNode } from 'react';

interface ChoiceProps<Key extends string> {
  readonly legend: string;
  readonly options: Readonly<Record<Key, string>>;
  /** `undefined` until it is known: nothing can be chosen before that. */
  readonly value: Key | undefined;
  readonly onChoose: (key: Key) => void;
}

/** One of a few; what is chosen is saved at once, so that nothing of it has to be kept here. */
export function Choice<Key extends string>({ legend, options, value, onChoose }: ChoiceProps<Key>): ReactNode {
  const isKey = (key: string): key is Key => Object.hasOwn(options, key);
  return (
    <fieldset className="app-choice" disabled={value === undefined} data-curfew-skip="">
      <legend>{legend}</legend>
      {Object.keys(options)
        .filter(isKey)
        .map((key) => (
          <label key={key}>
            <input type="radio" name={legend} checked={value === key} onChange={() => onChoose(key)} />
            {options[key]}
          </label>
        ))}
    </fieldset>
  );
}
