import { useCallback, type ReactNode } from 'react';
import type { Duration } from '../../machines/index.ts';
import { durationInWords } from '../react/index.ts';
import { useApi } from './api.ts';
import { Choice } from './Choice.tsx';
import { useLoading } from './loaded.ts';
import { hasPolicy } from './shapes.ts';
import { useAppWords } from './words.ts';

interface WarningChoiceProps {
  /** In ms; `null` as the application has set it, `undefined` until it is known. */
  readonly value: Duration | null | undefined;
  readonly onChoose: (warnBefore: Duration | null) => void;
}

const keyOf = (warnBefore: Duration | null): string => (warnBefore === null ? 'usual' : `${warnBefore} ms`);

/** How long before the end the user is warned, where a longer time may be chosen. @see WCAG 3.1.2 */
export function WarningChoice({ value, onChoose }: WarningChoiceProps): ReactNode {
  const api = useApi();
  const { value: known } = useLoading(useCallback(() => api('/api/policy', hasPolicy), [api]));
  const { language, warning } = useAppWords();
  if (!known || known.longerWarnings.length === 0) return null;
  const inWords = (duration: Duration) => durationInWords(duration, language);
  const options = {
    [keyOf(null)]: warning.usual(inWords(known.policy.warnBefore)),
    ...Object.fromEntries(known.longerWarnings.map((each) => [keyOf(each), warning.before(inWords(each))])),
  };
  return (
    <div lang={language}>
      <Choice
        legend={warning.title}
        options={options}
        value={value === undefined ? undefined : keyOf(value)}
        onChoose={(key) => onChoose(known.longerWarnings.find((each) => keyOf(each) === key) ?? null)}
      />
      <p className="app-quiet">{warning.fromNextSignIn}</p>
    </div>
  );
}
