import { useState, type ReactNode } from 'react';
import { useCurfew } from '../react/index.ts';
import { useApi, type Trouble } from './api.ts';
import { AlertChoice } from './AlertChoice.tsx';
import { Choice } from './Choice.tsx';
import { Failure } from './Failure.tsx';
import type { Loaded } from './loaded.ts';
import { PolicyTable } from './PolicyTable.tsx';
import { hasSettings, type Settings } from './shapes.ts';
import { useTitle } from './title.ts';
import { WarningChoice } from './WarningChoice.tsx';

const themes = { system: 'Same as device', light: 'Light', dark: 'Dark' } as const;
const languages = { en: 'English', de: 'Deutsch' } as const;
const densities = { comfortable: 'Comfortable', compact: 'Compact' } as const;

interface NotSaved {
  readonly wanted: Settings;
  readonly trouble: Trouble;
}

/** How the application looks, and how long people stay signed in. */
export function SettingsPage({ settings }: { readonly settings: Loaded<{ settings: Settings }> }): ReactNode {
  const { view } = useCurfew();
  const api = useApi();
  const [notSaved, setNotSaved] = useState<NotSaved | null>(null);
  useTitle('Settings');
  const current = settings.value?.settings;

  const save = async (wanted: Settings) => {
    settings.set({ settings: wanted });
    const outcome = await api('/api/settings', hasSettings, 'PUT', wanted);
    setNotSaved(outcome.ok ? null : { wanted, trouble: outcome.trouble });
  };
  const choose = (change: Partial<Settings>) => {
    if (current) void save({ ...current, ...change });
  };
  return (
    <article className="app-settings">
      <h1>Settings</h1>
      {settings.trouble && <Failure what="load your settings" trouble={settings.trouble} onRetry={settings.reload} />}
      {notSaved && (
        <Failure what="save your settings" trouble={notSaved.trouble} onRetry={() => void save(notSaved.wanted)} />
      )}
      <section>
        <h2>How it looks</h2>
        <Choice legend="Theme" options={themes} value={current?.theme} onChoose={(theme) => choose({ theme })} />
        <Choice
          legend="Density"
          options={densities}
          value={current?.density}
          onChoose={(density) => choose({ density })}
        />
        <Choice
          legend="Language of the warning and the locked screen"
          options={languages}
          value={current?.language}
          onChoose={(language) => choose({ language })}
        />
      </section>
      <section>
        <h2>How you are warned</h2>
        <WarningChoice value={current?.warnBefore} onChoose={(warnBefore) => choose({ warnBefore })} />
        <AlertChoice value={current} onChoose={choose} />
      </section>
      {view && <PolicyTable policy={view.policy} />}
    </article>
  );
}
