import type { ReactNode } from 'react';
import { useAppWords } from './words.ts';

/** What a user can do who has forgotten the password: `users reset-password` gives them another. */
export function Forgotten(): ReactNode {
  const { language, forgotten } = useAppWords();
  return (
    <details lang={language}>
      <summary>{forgotten.question}</summary>
      <p>{forgotten.answer}</p>
    </details>
  );
}
