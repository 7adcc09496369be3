import { useLayoutEffect, useRef } from 'react';
import { useApplicationName } from './ApplicationName.tsx';

/** How often a title is put right again. An extension may insist on another one, and two that insist hang the page. */
const patience = 10;

/** What sees to the document's title. */
interface KeptTitle {
  /** Sees to it that the title contains another text from now on, unless something else has had its way already. */
  readonly keep: (text: string) => void;
  readonly stop: () => void;
}

/**
 * Sees to it that the document's title contains a text, also when something else writes it later, but not for ever:
 * whatever writes it more often than that has its way.
 *
 * @param put makes the title from the one that is there, which stays the same where the text is in it
 */
function keepInTitle(first: string, put: (title: string, text: string) => string): KeptTitle {
  let left = patience;
  let text = first;
  const write = (): boolean => {
    const wanted = put(document.title, text);
    const isOther = wanted !== document.title;
    if (isOther) document.title = wanted;
    return isOther;
  };
  const look = () => {
    if (!write()) return;
    left -= 1;
    if (left <= 0) observer.disconnect();
  };
  const observer = new MutationObserver(look);
  observer.observe(document.head, { childList: true, subtree: true, characterData: true });
  look();
  return {
    keep(other) {
      text = other;
      if (left > 0) write();
    },
    stop: () => observer.disconnect(),
  };
}

/** Puts a few words before the document's title, with a clock before them where there is one, once. */
function prefixed(words: string) {
  const literal = words.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
  const before = new RegExp(`(?:[\\d:]+ – )?${literal} – `);
  return {
    text: (clock: string | null) => (clock === null ? '' : `${clock} – `) + `${words} – `,
    put: (title: string, text: string) => (before.test(title) ? title.replace(before, () => text) : text + title),
    without: (title: string) => title.replace(before, ''),
  };
}

/**
 * Puts a few words before the document's title for as long as they are true, whatever the title becomes meanwhile.
 *
 * @param clock the time left, before the words; `null` where the page itself shows it
 */
export function useTitlePrefix(words: string, clock: string | null): void {
  const kept = useRef<KeptTitle>(null);
  const first = useRef(clock);
  useLayoutEffect(() => {
    const { text, put, without } = prefixed(words);
    const title = keepInTitle(text(first.current), put);
    kept.current = title;
    return () => {
      title.stop();
      const bare = without(document.title);
      if (bare !== document.title) document.title = bare;
    };
  }, [words]);
  useLayoutEffect(() => {
    first.current = clock;
    kept.current?.keep(prefixed(words).text(clock));
  }, [words, clock]);
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
    const { stop } = keepInTitle(shown, (title) => (title.includes(shown) ? title : shown));
    return () => {
      stop();
      document.title = before;
    };
  }, [words, name]);
}
