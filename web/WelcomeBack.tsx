import { useEffect, useState, type ReactNode } from 'react';
import { useCurfew } from './hooks.ts';
import { useWords } from './provider.tsx';

const shownFor = 8_000;

/** Says once, after a lock, that everything is where it was. The node is there before its text, or it is not spoken. */
export function WelcomeBack(): ReactNode {
  const { phase } = useCurfew();
  const { locked, language } = useWords();
  const [last, setLast] = useState(phase);
  const [isBack, setBack] = useState(false);
  if (last !== phase) {
    const isOpen = phase === 'active' || phase === 'warning';
    setLast(phase);
    if (!isOpen) setBack(false);
    else if (last === 'restoring') setBack(true);
  }
  useEffect(() => {
    if (!isBack) return undefined;
    const timer = setTimeout(() => setBack(false), shownFor);
    return () => clearTimeout(timer);
  }, [isBack]);
  return (
    <p className={isBack ? 'curfew-welcome' : 'curfew-spoken'} role="status" lang={language}>
      {isBack ? locked.welcomeBack : ''}
    </p>
  );
}
