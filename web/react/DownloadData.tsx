import { useId, useRef, useState, type ReactNode } from 'react';
import type { TabProblem } from '../../machines/index.ts';
import { problemInWords } from '../messages/problemInWords.ts';
import { useCurfew } from './hooks.ts';
import { ProveForm } from './ProveForm.tsx';
import { useMessages } from './provider.tsx';
import { written } from '../messages/language.ts';

/**
 * A button by which users get everything that is kept of them as one file. Where they signed in a while ago, they are
 * asked in the same place to prove once more who they are, and then it is saved.
 *
 * @see GDPR art. 15 and 20, ASVS 5.0 7.5.1, WCAG 2.2 SC 2.4.3, 4.1.3
 */
export function DownloadData(): ReactNode {
  const { downloadData } = useCurfew();
  const messages = useMessages();
  const { data, language, wrongPassword } = messages;
  const [step, setStep] = useState<'offered' | 'doing' | 'proving' | 'done'>('offered');
  const [problem, setProblem] = useState<TabProblem | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const [what, why] = [useId(), useId()];

  const download = async () => {
    if (step === 'doing') return;
    setStep('doing');
    setProblem(null);
    const refused = await downloadData();
    const isUnproved = refused?.code === 'reauthentication_required';
    setProblem(isUnproved ? null : refused);
    if (isUnproved) setStep('proving');
    else setStep(refused === null ? 'done' : 'offered');
  };
  const proved = () => {
    // The form is about to go.
    button.current?.focus();
    void download();
  };
  const cancel = () => {
    setStep('offered');
    button.current?.focus();
  };
  return (
    <div className="curfew-data" {...written(language)}>
      <p id={what}>{data.what}</p>
      <button
        ref={button}
        type="button"
        className="curfew-button"
        aria-describedby={what}
        aria-disabled={step === 'doing'}
        aria-expanded={step === 'proving'}
        onClick={() => void download()}
      >
        {step === 'doing' ? messages.waiting.moment : data.download}
      </button>
      {step === 'proving' && (
        <div role="group" aria-label={data.download}>
          <p id={why}>{data.proveFirst}</p>
          <ProveForm label={data.download} describedBy={why} isFirst onProved={proved}>
            <button type="button" className="curfew-button" onClick={cancel}>
              {messages.ways.cancel}
            </button>
          </ProveForm>
        </div>
      )}
      <p role="status">{step === 'done' ? data.downloaded : ''}</p>
      <p role="alert" className="curfew-alert">
        {problem ? problemInWords(problem, { wrong: wrongPassword }, messages) : ''}
      </p>
    </div>
  );
}
