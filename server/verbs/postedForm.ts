import { limitBody } from '../http/limit.ts';
import { problem } from '../http/problem.ts';
import type { JudgedContext } from './carrier.ts';

/** The fields of a form that a provider has the browser post. */
export type PostedForm = Readonly<Record<string, string>>;

/** Of a whole form, in bytes: room for a signed and encrypted assertion with many attributes. */
const longestForm = 256 * 1024;

/** Reads fields that were read from a body. @returns `null` where one is no text, such as a file or one that came twice */
function fieldsOf(given: object): PostedForm | null {
  const fields: [string, string][] = [];
  for (const [name, value] of Object.entries(given)) {
    if (typeof value !== 'string') return null;
    fields.push([name, value]);
  }
  return Object.fromEntries(fields);
}

const sizeOf = (form: PostedForm): number =>
  Object.entries(form).reduce((size, [name, value]) => size + Buffer.byteLength(name) + Buffer.byteLength(value), 0);

async function formIn(c: JudgedContext): Promise<PostedForm | null> {
  const type = c.req.header('Content-Type') ?? '';
  if (!/^application\/x-www-form-urlencoded *(;|$)/i.test(type)) return null;
  const fields = [...new URLSearchParams(await c.req.text())];
  const form = Object.fromEntries(fields);
  // Which of two would be checked, and which would be believed?
  return Object.keys(form).length === fields.length ? form : null;
}

/**
 * Reads what a provider has posted.
 *
 * @param given where the body has been read already; default the body
 * @returns `null` for what is no form, or has a field twice; the refusal for one that is too large
 * @see OAuth 2.0 Form Post Response Mode §2, SAML 2.0 Bindings §3.5.4, RFC 6749 §3.1
 */
export async function readForm(c: JudgedContext, given: object | undefined): Promise<PostedForm | Response | null> {
  if (given !== undefined) {
    const form = fieldsOf(given);
    return form && sizeOf(form) > longestForm ? problem(c, 'too_large', { limit: longestForm }) : form;
  }
  const tooLarge = await limitBody(longestForm)(c, async () => {});
  return tooLarge instanceof Response ? tooLarge : formIn(c);
}
