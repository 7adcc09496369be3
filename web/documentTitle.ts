import { useLayoutEffect, useState } from 'react';

/** Puts something before the document's title for as long as it is not `null`, and takes only that away again. */
export function useTitlePrefix(prefix: string | null): void {
  useLayoutEffect(() => {
    if (prefix === null) return;
    const said = `${prefix} · `;
    document.title = said + document.title;
    return () => {
      if (document.title.startsWith(said)) document.title = document.title.slice(said.length);
    };
  }, [prefix]);
}

/**
 * Replaces the document's title, which may tell what the content is about, for as long as the content is hidden. The
 * application's own name, the title it had at first, stays in it.
 */
export function useTitleInstead(title: string | null): void {
  const [name] = useState(() => (typeof document === 'undefined' ? '' : document.title));
  useLayoutEffect(() => {
    if (title === null) return;
    const before = document.title;
    const shown = name === '' ? title : `${title} · ${name}`;
    document.title = shown;
    return () => {
      if (document.title === shown) document.title = before;
    };
  }, [title, name]);
}
