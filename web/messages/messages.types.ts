import type { ReasonMessages } from '../../machines/index.ts';
import type { NotKeptReason } from '../client/forms/forms.types.ts';

/**
 * Everything the published parts say, in one language. Numbers, durations, lists and times of day are put into words by
 * the browser, in that same language.
 *
 * @see WCAG 2.2 SC 3.1.2
 */
export interface Messages extends ReasonMessages {
  readonly signOut: string;
  readonly signIn: string;
  readonly signInAgain: string;
  readonly tryAgain: string;
  readonly timeLeft: string;

  /** How long a stay lasts, told once at sign-in. @see WCAG 2.2 SC 2.2.6 */
  readonly toldAtSignIn: (idle: string, kept: string) => string;
  /** Some things of a kind, as in "3 conversations". `label` is what the application calls one of them. */
  readonly counted: (count: number, kind: string, label: string) => string;
  readonly saved: (things: string) => string;
  readonly justNow: string;

  /** By the server's `code`; `network` where it could not be reached. */
  readonly problems: Readonly<Record<string, string>>;
  readonly otherProblem: string;
  readonly tooManyTries: (wait: string | null) => string;
  readonly wrongPassword: string;

  readonly warning: {
    readonly documentTitle: string;
    /** The name of the first warning; F6 leads there. */
    readonly name: string;
    /** The key that leads there, told where the warning is seen. */
    readonly key: string;
    readonly dismiss: string;
    readonly first: (left: string) => string;
    readonly firstAbsolute: (left: string, absolute: string) => string;
    readonly title: string;
    readonly last: (left: string) => string;
    readonly lastAbsolute: (left: string, absolute: string) => string;
    readonly spoken: (left: string) => string;
    /** The time left in the sentences above once it is a minute or less: the clock beside them has the number. */
    readonly lessThanAMinute: string;
    readonly stay: string;
    readonly extending: string;
    readonly unreachable: (left: string) => string;
    readonly unavailable: (left: string) => string;
    /** What a notification says while the tab is hidden; `at` is a time of day. */
    readonly notification: (at: string) => string;
  };
  readonly locked: {
    readonly documentTitle: string;
    readonly title: string;
    readonly moment: string;
    readonly keeping: string;
    readonly bringingBack: string;
    readonly unreachable: string;
    readonly offline: string;
    readonly signInAndContinue: string;
    readonly somebodyElse: string;
    readonly delete: string;
    readonly deleteQuestion: string;
    readonly keep: string;
    readonly deleteNow: string;
    readonly welcomeBack: string;
    /** In place of that where something could not be put back by itself. */
    readonly welcomeBackNearly: string;
    /** In place of that where the user had been at something that cannot be kept, or what was kept cannot be read. */
    readonly welcomeBackKept: string;
  };
  /** What was filled in, and is not in its field after the lock. */
  readonly kept: {
    readonly title: string;
    /** `route` is the page on which it was filled in. */
    readonly notShown: (route: string) => string;
    readonly on: string;
    readonly off: string;
    readonly use: string;
    readonly drop: string;
    readonly later: string;
    /** By why a file, or what was typed into a field, is not kept: `too-large`, `no-room` or `refused`. */
    readonly notKept: (name: string, reason: NotKeptReason) => string;
    /** Of so many forms and drafts. */
    readonly unreadable: (count: number) => string;
  };
  /** How the user signs in again. */
  readonly ways: {
    readonly passkey: string;
    /** Single sign-on; `provider` is what the server calls it. */
    readonly sso: (provider: string) => string;
    /** Between a password and the other ways. */
    readonly or: string;
    /** While the user is busy with one of them elsewhere. */
    readonly underWay: string;
    readonly cancel: string;
    /** Where the server could not be asked, and a password is offered. */
    readonly unknown: string;
    /** Where there is none that this page can offer. */
    readonly none: string;
  };
  /** The file with everything that is kept of the user. */
  readonly data: {
    readonly what: string;
    readonly download: string;
    readonly downloaded: string;
    /** Where the sign-in was too long ago for that. */
    readonly proveFirst: string;
  };
  /** What this browser keeps from working, by the code of the notice. */
  readonly notices: { readonly storage_blocked: string; readonly activity_blocked: string };
  readonly ended: {
    readonly compromised: string;
    readonly comesBack: string;
  };
  readonly form: {
    /** Whose session it is, where nothing but another way than a password is offered. */
    readonly account: (name: string) => string;
    readonly username: string;
    readonly password: string;
    /** Lets what is typed as a password be read, or not. */
    readonly show: string;
    readonly hide: string;
    readonly signingIn: string;
  };
  readonly waiting: {
    readonly moment: string;
    readonly signingOut: string;
    readonly unreachable: string;
    readonly offline: string;
    readonly nothingLost: string;
  };
  readonly time: {
    readonly whileActive: (idle: string) => string;
    readonly askedSoon: (signedInAt: string) => string;
    readonly askedAgain: (at: string) => string;
  };
}
