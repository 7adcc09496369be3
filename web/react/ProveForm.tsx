import { useState, type ReactNode } from 'react';
import type { TabProblem } from '../../machines/index.ts';
import { useCurfew } from './hooks.ts';
import type { PasswordFormProps } from './PasswordForm.tsx';
import { ProofForm } from './ProofForm.tsx';
import type { Proof } from '../client/tab/proof.types.ts';

/** How the form presents itself, and what follows. */
export interface ProveFormProps extends Pick<
  PasswordFormProps,
  'label' | 'isFirst' | 'isDangerous' | 'describedBy' | 'children'
> {
  /** Called once the server knows again who is here. */
  readonly onProved: () => void;
}

/**
 * Asks a user who is signed in to prove once more who they are, before something that needs a recent proof: the server
 * said `reauthentication_required`.
 *
 * @see ASVS 5.0 7.5.1, 7.5.2
 */
export function ProveForm({ onProved, ...rest }: ProveFormProps): ReactNode {
  const { prove } = useCurfew();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<TabProblem | null>(null);
  const ask = async (proof: Proof) => {
    setBusy(true);
    const refused = await prove(proof);
    setBusy(false);
    setProblem(refused);
    if (refused === null) onProved();
  };
  return <ProofForm {...rest} isBusy={isBusy} problem={isBusy ? null : problem} onProof={(proof) => void ask(proof)} />;
}
