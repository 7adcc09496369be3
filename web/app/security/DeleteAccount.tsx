import { use, useId, useRef, useState, type ReactNode } from 'react';
import type { TabProblem } from '../../../machines/index.ts';
import { PasswordForm, useCurfew } from '../../react/index.ts';
import { Farewell } from '../farewell.ts';
import { usePanel } from '../panels.tsx';

/** What deleting an account means. */
export function WhatIsDeleted({ id }: { readonly id: string }): ReactNode {
  return (
    <p id={id}>
      This erases your conversations, drafts and settings, your name and what you sign in with, what is known of your
      devices, and what is saved on this one. You are signed out everywhere. What stays is when somebody was signed in,
      without anything that says who. It can’t be brought back.
    </p>
  );
}

/** What is said to a user whose account is deleted. */
export const accountIsDeleted = 'Your account and everything in it is deleted.';

/** Erases the account, once the person has read what that means and has proved who they are. */
export function DeleteAccount(): ReactNode {
  const { deleteAccount } = useCurfew();
  const bid = use(Farewell);
  const { isOpen: isAsked, open, shut } = usePanel('delete the account');
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<TabProblem | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const what = useId();

  const erase = async (password: string) => {
    setBusy(true);
    const refused = await deleteAccount(password);
    if (refused === null) return bid(accountIsDeleted);
    setBusy(false);
    setProblem(refused);
  };
  const keep = () => {
    shut();
    setProblem(null);
    button.current?.focus();
  };
  return (
    <section aria-labelledby="security-delete" className="app-account">
      <h2 id="security-delete">Delete your account</h2>
      <WhatIsDeleted id={what} />
      <button
        ref={button}
        type="button"
        className="curfew-button curfew-button-danger"
        aria-expanded={isAsked}
        onClick={() => (isAsked ? keep() : open())}
      >
        Delete my account
      </button>
      {isAsked && (
        <div role="group" aria-label="Delete your account?" className="app-confirm">
          <p>Type your password to delete everything.</p>
          <PasswordForm
            label="Delete for good"
            isBusy={isBusy}
            problem={isBusy ? null : problem}
            describedBy={what}
            isFirst
            isDangerous
            onPassword={(password) => void erase(password)}
          >
            <button type="button" className="curfew-button" onClick={keep}>
              Keep my account
            </button>
          </PasswordForm>
        </div>
      )}
    </section>
  );
}
