import { useSyncExternalStore, type ReactNode } from 'react';
import { CurfewProvider, english } from '../react/index.ts';
import { german } from './german.ts';
import { lookNow, onLook } from './look.ts';

const languages = { en: english, de: german };

interface ProvidedProps {
  readonly transport: 'cookie' | 'bearer';
  readonly children: ReactNode;
}

/** One tab for everything below, whose warnings speak the language that was chosen. */
export function Provided({ transport, children }: ProvidedProps): ReactNode {
  const { language } = useSyncExternalStore(onLook, lookNow);
  return (
    <CurfewProvider transport={transport} messages={languages[language]}>
      {children}
    </CurfewProvider>
  );
}
