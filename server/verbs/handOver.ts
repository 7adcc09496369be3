import { createHash } from 'node:crypto';
import { z } from 'zod';
import { minutes, seconds, type Duration } from '../../machines/index.ts';
import { bindState, isOfBrowser } from '../http/browserState.ts';
import { refuseOtherSite } from '../http/crossSite.ts';
import { refuseUnkeepable } from '../http/keepsCookie.ts';
import { ownPath } from '../http/ownPath.ts';
import { problem, type Refusal } from '../http/problem.ts';
import { checkArguments, isObject, type Rules } from './arguments.ts';
import { judgeCarrier, type Answered, type Carrier, type JudgedContext } from './carrier.ts';
import type { VerbDependencies } from './dependencies.ts';
import { readForm, type PostedForm } from './postedForm.ts';

/** What a sign-in needs when the user comes back. */
export interface BeginHandOver {
  /**
   * Texts that `takeOver` returns: the nonce and the verifier of PKCE, the id of the request, the session that is to go
   * on, where to return to. They are kept encrypted, on the server. Default none.
   */
  readonly keep?: Readonly<Record<string, string | undefined>> | undefined;
}

/** A sign-in that has begun. */
export interface BegunHandOver {
  /** To be sent to the provider as `state`, or as `RelayState`: it has less than 80 characters. */
  readonly state: string;
}

/** Where to go on. */
export interface HandOver {
  /** The path, as browsers see it, of the route that calls `takeOver`. */
  readonly to: string;
  /** What was posted, where the body has been read already, as by Express. Default: it is read here. */
  readonly form?: Readonly<Record<string, unknown>> | undefined;
}

/** A form that waits for its browser. */
export interface HandedOver {
  /** To be answered with 303: `to`, with the code as `hand_over`. Nothing that was posted stands in it. */
  readonly location: string;
}

/** What the provider has posted, in the browser in which the sign-in has begun. */
export interface TakenOver {
  /** What `beginHandOver` was given to keep. */
  readonly kept: Readonly<Record<string, string | undefined>>;
  /** The fields as they were posted: nothing in them has been checked. */
  readonly form: PostedForm;
}

/** How long the user has to come back from the provider. */
const begunFor: Duration = minutes(10);
const handedFor: Duration = seconds(60);
const parameter = 'hand_over';

type Kind = 'begun' | 'handed';
type KeptDependencies = Pick<VerbDependencies, 'singleUse' | 'sealing' | 'clock'>;

/** What is kept says nothing that could be used. */
const keyOf = (kind: Kind, token: string): string =>
  `hand-over ${kind} ${createHash('sha256').update(token).digest('base64url')}`;

async function put(
  { singleUse, sealing, clock }: KeptDependencies,
  [kind, token]: [Kind, string],
  value: object,
  lifetime: Duration,
): Promise<void> {
  const now = clock();
  const sealed = await sealing.seal(JSON.stringify(value), token);
  if (!(await singleUse.put(keyOf(kind, token), sealed, now + lifetime, now)))
    throw new Error('newId has returned the same id twice');
}

/** @returns what is kept, which is gone then; `null` for none, expired, or sealed with the secret of another application */
async function take<Value>(
  { singleUse, sealing, clock }: KeptDependencies,
  [kind, token]: [Kind, string],
  shape: z.ZodType<Value>,
): Promise<Value | null> {
  const sealed = await singleUse.take(keyOf(kind, token), clock());
  const text = sealed === null ? null : await sealing.open(sealed, token);
  return text === null ? null : shape.parse(JSON.parse(text));
}

const texts = z.record(z.string(), z.string());
const handed = z.object({ state: z.string(), form: texts });

function refuse({ write }: VerbDependencies, c: JudgedContext, why: string): Refusal {
  write({ msg: 'warning', level: 'warn', warning: `what a provider has posted was refused: ${why}` });
  return problem(c, 'invalid_hand_over');
}

const isTexts = (value: unknown): boolean =>
  isObject(value) && Object.values(value).every((each) => each === undefined || typeof each === 'string');

const beginRules: Rules<BeginHandOver> = { keep: { isRight: isTexts, allowed: 'an object of texts' } };

/** Does what `Verbs.beginHandOver` says. */
export function beginHandOver(
  parts: VerbDependencies,
  carrier: Carrier,
  given: BeginHandOver = {},
): Promise<Answered<BegunHandOver>> {
  checkArguments('beginHandOver', given, beginRules);
  return judgeCarrier<BegunHandOver>(parts, 'beginHandOver', carrier, async (c) => {
    const refused = (await refuseOtherSite(parts, c)) ?? refuseUnkeepable(parts, c);
    if (refused) return refused;
    c.header('Cache-Control', 'no-store');
    const state = bindState(parts, c, begunFor);
    await put(parts, ['begun', state], given.keep ?? {}, begunFor);
    return { state };
  });
}

const handOverRules: Rules<HandOver> = {
  to: {
    isRight: (value) => typeof value === 'string' && ownPath(value) !== null,
    allowed: 'a path of this application, such as /saml/finish',
    isRequired: true,
  },
  form: { isRight: isObject, allowed: 'an object of the fields that were posted' },
};

function withCode(to: string, code: string): string {
  const url = new URL(to, 'https://here.invalid');
  url.searchParams.set(parameter, code);
  return `${url.pathname}${url.search}${url.hash}`;
}

/** Does what `Verbs.handOver` says. */
export function handOver(parts: VerbDependencies, carrier: Carrier, given: HandOver): Promise<Answered<HandedOver>> {
  checkArguments('handOver', given, handOverRules);
  return judgeCarrier<HandedOver>(parts, 'handOver', carrier, async (c) => {
    c.header('Cache-Control', 'no-store');
    const form = await readForm(c, given.form);
    if (form instanceof Response) return form;
    const state = form?.['state'] ?? form?.['RelayState'];
    if (!form || state === undefined) return refuse(parts, c, 'it is no form with a state');
    if ((await parts.singleUse.read(keyOf('begun', state), parts.clock())) === null)
      return refuse(parts, c, 'no sign-in has begun that it belongs to, or it is over');
    const code = parts.newId();
    await put(parts, ['handed', code], { state, form }, handedFor);
    return { location: withCode(given.to, code) };
  });
}

/** Does what `Verbs.takeOver` says. */
export function takeOver(parts: VerbDependencies, carrier: Carrier): Promise<Answered<TakenOver>> {
  return judgeCarrier<TakenOver>(parts, 'takeOver', carrier, async (c) => {
    const other = await refuseOtherSite(parts, c);
    if (other) return other;
    c.header('Cache-Control', 'no-store');
    // The address with the code is told to no other.
    c.header('Referrer-Policy', 'no-referrer');
    const found = await take(parts, ['handed', c.req.query(parameter) ?? ''], handed);
    if (!found) return refuse(parts, c, 'its code is unknown, was used, or has expired');
    // First: another browser uses up nothing of the one in which it has begun.
    if (!isOfBrowser(parts, c, found.state)) return refuse(parts, c, 'the sign-in has not begun in this browser');
    const kept = await take(parts, ['begun', found.state], texts);
    return kept ? { kept, form: found.form } : refuse(parts, c, 'the sign-in is over');
  });
}
