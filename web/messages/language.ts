/** Languages that are written from right to left. */
const fromTheRight = /^(ar|arc|ckb|dv|fa|he|iw|ks|nqo|ps|sd|syr|ug|ur|yi|\w+-(arab|hebr))(-|$)/i;

/** Whether a text is the tag of a language, as in `en-US`. @see RFC 5646 */
export function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

/** What an element has to say whose words are of a language: `lang` and `dir`. @see WCAG 2.2 SC 3.1.2 */
export const written = (language: string): { readonly lang: string; readonly dir: 'ltr' | 'rtl' } => ({
  lang: language,
  dir: fromTheRight.test(language) ? 'rtl' : 'ltr',
});
