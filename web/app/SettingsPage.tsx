import { useEffect, useState, type ReactNode } from 'react';
import type { Policy } from '../../machines/index.ts';
import { durationInWords, useCurfew } from '../index.ts';
import { isSettings, useApi, type Loaded, type Settings } from './api.ts';
import { Failure } from './Failure.tsx';

const themes = { system: 'Like the system', light: 'Light', dark: 'Dark' } as const;
const densities = { comfortable: 'Comfortable', compact: 'Compact' } as const;

/** How the application looks, and how long people stay signed in. */
export function SettingsPage({ settings }: { settings: Loaded<{ settings: Settings }> }): ReactNode {
  const { view } = useCurfew();
  const api = useApi();
  const [isFailed, setFailed] = useState(false);
  useEffect(() => {
    document.title = 'Settings – Curfew';
  }, []);
  const current = settings.value?.settings;
  const choose = (change: Partial<Settings>) => {
    if (!current) return;
    const wanted = { ...current, ...change };
    settings.set({ settings: wanted });
    api('/api/settings', isSettings, 'PUT', wanted).then(
      () => setFailed(false),
      () => {
        setFailed(true);
        settings.reload();
      },
    );
  };
  return (
    <article className="app-settings">
      <h1>Settings</h1>
      {(isFailed || settings.isFailed) && <Failure what="your settings" onRetry={settings.reload} />}
      <Choice legend="Theme" options={themes} value={current?.theme} onChoose={(theme) => choose({ theme })} />
      <Choice
        legend="Density"
        options={densities}
        value={current?.density}
        onChoose={(density) => choose({ density })}
      />
      {view && <PolicyTable policy={view.policy} />}
    </article>
  );
}

interface ChoiceProps<Key extends string> {
  readonly legend: string;
  readonly options: Readonly<Record<Key, string>>;
  readonly value: Key | undefined;
  readonly onChoose: (key: Key) => void;
}

function Choice<Key extends string>({ legend, options, value, onChoose }: ChoiceProps<Key>): ReactNode {
  const isKey = (key: string): key is Key => Object.hasOwn(options, key);
  return (
    <fieldset className="app-choice">
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

function PolicyTable({ policy }: { readonly policy: Policy }): ReactNode {
  const rows = [
    ['Without activity', durationInWords(policy.idleTimeout)],
    ['At most, whatever you do', durationInWords(policy.absoluteTimeout)],
    ['You are warned before the end', durationInWords(policy.warnBefore)],
    ['Your work is kept for', durationInWords(policy.restoreWindow)],
    ['Devices at the same time', String(policy.maxSessions)],
  ] as const;
  return (
    <section>
      <h2>How long you stay signed in</h2>
      <table>
        <tbody>
          {rows.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
