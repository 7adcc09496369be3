import { useEffect } from 'react';

/** Names the page in the browser's tab, and for users who have its title read to them. @see WCAG 2.4.2 */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} – Curfew`;
  }, [title]);
}
