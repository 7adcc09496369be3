import { useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { ofWarning } from '../client/device/input.ts';
import { standAboveFullscreen } from '../client/device/standAboveFullscreen.ts';
import { written } from '../messages/language.ts';
import { useMessages } from './provider.tsx';

/** What is shown above whatever fills the screen. */
export interface AboveFullscreenProps {
  readonly className: string;
  readonly children: ReactNode;
}

/**
 * A part of the warning in an element that React does not know: it may be moved into what fills the screen, and what empties
 * that takes nothing away that React would look for.
 */
export function AboveFullscreen({ className, children }: AboveFullscreenProps): ReactNode {
  const { language } = useMessages();
  const place = useRef<HTMLDivElement>(null);
  const [host, setHost] = useState<HTMLElement | null>(null);
  useLayoutEffect(() => {
    if (!place.current) return undefined;
    const made = document.createElement('div');
    made.setAttribute(ofWarning, 'true');
    setHost(made);
    return standAboveFullscreen(made, place.current);
  }, []);
  useLayoutEffect(() => {
    if (host) Object.assign(host, { className, ...written(language) });
  }, [host, className, language]);
  return (
    <>
      <div ref={place} style={{ display: 'contents' }} />
      {host && createPortal(children, host)}
    </>
  );
}
