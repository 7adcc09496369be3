import { durationInWords } from './durationInWords.ts';
import type { Policy } from './policy.ts';
import type { Reason } from './view.ts';

/** The two limits in words, as in "30 minutes" and "12 hours"; `null` where they are not known. */
export interface LimitsInWords {
  readonly idle: string;
  readonly absolute: string;
}

/** Why a user is not signed in any more, in one language. */
export interface ReasonMessages {
  /** BCP 47, as in `en` or `pt-BR`. */
  readonly language: string;
  readonly reasons: Readonly<Record<Reason, (limits: LimitsInWords | null) => string>>;
  /** Where the reason is not known. */
  readonly noReason: string;
}

/** The reasons in English. */
export const reasonsInEnglish: ReasonMessages = {
  language: 'en',
  reasons: {
    idle: (limits) =>
      limits
        ? `We signed you out because you were inactive for ${limits.idle}.`
        : 'We signed you out because you were inactive.',
    absolute: (limits) =>
      limits
        ? `We signed you out because you signed in ${limits.absolute} ago.`
        : 'We signed you out because you signed in a long time ago.',
    signed_out: () => 'You signed out.',
    revoked: () => 'You were signed out from another device or by an administrator.',
    displaced: () => 'You were signed out because this account was used to sign in elsewhere.',
    compromised: () => 'We signed you out to protect your account: an old key to it was used again.',
    expired: () => 'You were away for a long time, so you need to sign in again.',
  },
  noReason: 'You are not signed in any more.',
};

/** Why a user is not signed in any more, as a sentence. */
export function reasonInWords(
  reason: Reason | null,
  policy?: Pick<Policy, 'idleTimeout' | 'absoluteTimeout'>,
  { language, reasons, noReason }: ReasonMessages = reasonsInEnglish,
): string {
  if (reason === null) return noReason;
  const limits = policy && {
    idle: durationInWords(policy.idleTimeout, language),
    absolute: durationInWords(policy.absoluteTimeout, language),
  };
  return reasons[reason](limits ?? null);
}
