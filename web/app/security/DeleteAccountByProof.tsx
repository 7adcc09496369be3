import { use, useId, type ReactNode } from 'react';
import { useCurfew } from '../../react/index.ts';
import type { Trouble } from '../api.ts';
import { Farewell } from '../farewell.ts';
import { AskFirst } from './AskFirst.tsx';
import { accountIsDeleted, WhatIsDeleted } from './DeleteAccount.tsx';

const troubles: Readonly<Record<string, Trouble>> = {
  reauthentication_required: 'unproved',
  network: 'unreachable',
};

/** Erases the account of a person who has no password, once they have proved lately who they are. */
export function DeleteAccountByProof(): ReactNode {
  const { deleteAccount, fetch } = useCurfew();
  const bid = use(Farewell);
  const what = useId();
  const erase = async (): Promise<Trouble | null> => {
    const refused = await deleteAccount(() => fetch('/api/account', { method: 'DELETE' }));
    if (refused !== null) return troubles[refused.code] ?? 'failed';
    bid(accountIsDeleted);
    return null;
  };
  return (
    <section aria-labelledby="security-delete" className="app-account">
      <h2 id="security-delete">Delete your account</h2>
      <WhatIsDeleted id={what} />
      <AskFirst
        name="delete the account"
        label="Delete my account"
        describedBy={what}
        question="Delete your account and everything in it?"
        yes="Delete for good"
        no="Keep my account"
        what="delete your account"
        onYes={erase}
      />
    </section>
  );
}
