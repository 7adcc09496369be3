import type { ReactNode } from 'react';

/** A ring of which a share is left; it says nothing that is not said in words beside it. */
export function Ring({ share }: { readonly share: number }): ReactNode {
  const left = Math.min(1, Math.max(0, share));
  return (
    <svg
      className="curfew-ring"
      viewBox="0 0 24 24"
      width="24"
      height="24"
      fill="none"
      stroke="currentcolor"
      aria-hidden="true"
    >
      <circle className="curfew-ring-whole" cx="12" cy="12" r="10" pathLength="1" />
      <circle className="curfew-ring-left" cx="12" cy="12" r="10" pathLength="1" strokeDasharray={`${left} 1`} />
    </svg>
  );
}
