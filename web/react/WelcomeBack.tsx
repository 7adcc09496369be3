import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useCurfew } from './hooks.ts';
import { useMessages } from './provider.tsx';

const shownFor = 8_000;

/**
 * Says once, after a lock, that everything is where it was. The node is there before its text, or it is not spoken; and
 * during the lock it is hidden with the rest of the page, so its text waits until it has been displayed.
 */
export function WelcomeBack(): ReactNode {
  const { phase } = useCurfew();
  const { locked, language } = useMessages();
  const [last, setLast] = useState(phase);
  const [isBack, setBack] = useState(false);
  const [isSaid, setSaid] = useState(false);
  const node = useRef<HTMLParagraphElement>(null);
  if (!isBack && isSaid) setSaid(false);
  if (last !== phase) {
    const isOpen = phase === 'active' || phase === 'warning';
    setLast(phase);
    if (!isOpen) setBack(false);
    else if (last === 'restoring') setBack(true);
  }
  useEffect(() => {
    if (!isBack || !node.current) return undefined;
    const displayed = new IntersectionObserver(() => setSaid(true));
    displayed.observe(node.current);
    const timer = setTimeout(() => setBack(false), shownFor);
    return () => {
      displayed.disconnect();
      clearTimeout(timer);
    };
  }, [isBack]);
  return (
    <p ref={node} className={isSaid ? 'curfew-welcome' : 'curfew-spoken'} role="status" lang={language}>
      {isSaid ? locked.welcomeBack : ''}
    </p>
  );
}
