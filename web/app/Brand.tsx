import type { ReactNode } from 'react';

const icon = new URL('./icon.svg', import.meta.url).href;

/** The mark and the name. */
export function Brand(): ReactNode {
  return (
    <span className="app-brand">
      <img src={icon} alt="" width="32" height="32" />
      <span>Curfew</span>
    </span>
  );
}
