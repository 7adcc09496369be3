import { labelOf, type Field } from './field.ts';

const told = new WeakSet<Field>();
const here = /^(localhost|127\..*|\[::1\]|.*\.(localhost|test))$/;

/** Names, in the console of a page that is served from this computer, a field that was filled in and cannot be kept. */
export function nameUnkept(field: Field, why: string): void {
  if (told.has(field) || !here.test(field.ownerDocument.location.hostname)) return;
  told.add(field);
  // oxlint-disable-next-line eslint/no-console -- it is for the developer, and no page shows it
  console.warn(
    `curfew: what is typed into ${labelOf(field) || field.tagName.toLowerCase()} is not kept: ${why}`,
    field,
  );
}
