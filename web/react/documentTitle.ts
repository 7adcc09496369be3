import { useLayoutEffect } from 'react';
import { useApplicationName } from './ApplicationName.tsx';

/** How often a title is put right again. An extension may insist on another one, and two that insist hang the page. */
const patience = 10;

/**
 * Sees to it that the document's title contains a text, also when something else writes it later, but not for ever:
 * whatever writes it more often than that has its way.
 *
 * @param put makes the title from the one that is there
 * @returns what stops that.
 */
function keepInTitle(text: string, put: (title: string) => string): () => void {
  let left = patience;
  const look = () => {
    if (document.title.includes(text)) return;
    document.title = put(document.title);
    left -= 1;
    if (left <= 0) observer.disconnect();
  };
  const observer = new MutationObserver(look);
  observer.observe(document.head, { childList: true, subtree: true, characterData: true });
  look();
  return () => observer.disconnect();
}

/** Puts a few words before the document's title for as long as they are true, whatever the title becomes meanwhile. */
export function useTitlePrefix(prefix: string | null): void {
  useLayoutEffect(() => {
    if (prefix === null) return undefined;
    const start = `${prefix} – `;
    const stop = keepInTitle(start, (title) => start + title);
    return () => {
      stop();
      if (document.title.includes(start)) document.title = document.title.replace(start, '');
    };
  }, [prefix]);
}

/**
 * Puts other words in place of the document's title, which may tell what the content is about, for as long as the
 * content is hidden. What stays of it is the application's name.
 */
export function useTitleInstead(words: string | null): void {
  const name = useApplicationName();
  useLayoutEffect(() => {
    if (words === null) return undefined;
    const shown = name === '' ? words : `${words} – ${name}`;
    const before = document.title;
    const stop = keepInTitle(shown, () => shown);
    return () => {
      stop();
      document.title = before;
    };
  }, [words, name]);
}
