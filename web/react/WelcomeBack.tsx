import { useEffect, useState, useRef, type ReactNode, type RefObject } from 'react';
import { useCurfew } from './hooks.ts';
import { useMessages, useTab } from './provider.tsx';
import { written } from '../messages/language.ts';
import { useForms } from './useForms.ts';

const shownFor = 8_000;

/**
 * Says once that everything is where it was: after a lock, and where a sign-in on another page has led back here. The node
 * is there before its text, or it is not spoken; and during the lock it is hidden with the rest of the page, so its text
 * waits until it has been displayed.
 */
export function WelcomeBack({ last: node }: { readonly last: RefObject<HTMLParagraphElement | null> }): ReactNode {
  const tab = useTab();
  const { copies, notKept, isAllKnown } = useForms();
  const { phase, isOpen } = useCurfew();
  const { locked, language } = useMessages();
  const all = isAllKnown ? locked.welcomeBack : locked.welcomeBackKept;
  const words = copies.length + notKept.length === 0 ? all : locked.welcomeBackNearly;
  const last = useRef(phase);
  const [isSaid, setSaid] = useState(false);
  if (!isOpen && isSaid) setSaid(false);
  useEffect(() => {
    if (!isOpen || !node.current || !(tab.takeResumed() || last.current === 'restoring')) return undefined;
    const displayed = new IntersectionObserver(() => {
      displayed.disconnect();
      setSaid(true);
    });
    displayed.observe(node.current);
    const timer = setTimeout(() => setSaid(false), shownFor);
    return () => {
      displayed.disconnect();
      clearTimeout(timer);
    };
  }, [tab, isOpen, node]);
  useEffect(() => {
    last.current = phase;
  });
  return (
    <p ref={node} className={isSaid ? 'curfew-welcome' : 'curfew-spoken'} role="status" {...written(language)}>
      {isSaid ? words : ''}
    </p>
  );
}
