import { useLayoutEffect, useState } from 'react';

/** Keeps the document's title as it should be, whatever else writes it meanwhile. @returns what stops that. */
function keepTitle(wanted: (title: string) => string): () => void {
  const put = () => {
    const next = wanted(document.title);
    if (document.title !== next) document.title = next;
  };
  put();
  const observer = new MutationObserver(put);
  observer.observe(document.head, { childList: true, subtree: true, characterData: true });
  return () => observer.disconnect();
}

/** Puts a few words before the document's title for as long as they are true, whatever the title becomes meanwhile. */
export function useTitlePrefix(prefix: string | null): void {
  useLayoutEffect(() => {
    if (prefix === null) return undefined;
    const start = `${prefix} – `;
    const stop = keepTitle((title) => (title.startsWith(start) ? title : start + title));
    return () => {
      stop();
      if (document.title.startsWith(start)) document.title = document.title.slice(start.length);
    };
  }, [prefix]);
}

/**
 * Puts other words in place of the document's title, which may tell what the content is about, for as long as the
 * content is hidden. What stays of it is the title the page had at first: the application's name.
 */
export function useTitleInstead(words: string | null): void {
  const [name] = useState(() => (typeof document === 'undefined' ? '' : document.title));
  useLayoutEffect(() => {
    if (words === null) return undefined;
    const shown = name === '' ? words : `${words} – ${name}`;
    const before = document.title;
    const stop = keepTitle(() => shown);
    return () => {
      stop();
      document.title = before;
    };
  }, [words, name]);
}
