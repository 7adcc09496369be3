import { useLayoutEffect, useRef, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { hidePage } from '../client/device/hidePage.ts';
import { holdViewState } from '../client/device/holdViewState.ts';
import { keepOnTop } from '../client/device/keepOnTop.ts';
import { useMessages } from './provider.tsx';
import { written } from '../messages/language.ts';

/** What the screen shows. */
export interface LockedPageProps {
  /** Default: what says in one line that the user is signed out. */
  readonly label?: string;
  /** What is shown in place of the page. */
  readonly children?: ReactNode;
}

/**
 * A screen in place of everything. It is there in the same frame in which all else goes, other people's modals and
 * messages included; afterwards they are as they were, and so are focus, selection and scroll. What it opens has to be
 * inside it: a dialog, a popover, a list to choose from.
 *
 * @see WCAG 2.2 SC 2.4.3
 */
export function LockedPage({ label, children }: LockedPageProps): ReactNode {
  const { language, locked } = useMessages();
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    if (!dialog.current) return undefined;
    // Focus and scroll have to be read before they are lost.
    const giveBack = holdViewState();
    // First opened, which closes the page's own popovers while they are still displayed.
    const close = keepOnTop(dialog.current);
    const show = hidePage();
    return () => {
      show();
      close();
      giveBack();
    };
  }, []);
  return createPortal(
    <dialog
      ref={dialog}
      className="curfew-locked"
      {...written(language)}
      aria-label={label ?? locked.title}
      closedby="none"
      data-react-aria-top-layer="true"
      onCancel={(event) => event.preventDefault()}
    >
      {children}
    </dialog>,
    document.body,
  );
}
