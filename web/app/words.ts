import { useMessages } from '../react/index.ts';
import type { Trouble } from './api.ts';

/** What the application's own pages say, as far as they speak the language that was chosen. */
export interface AppWords {
  readonly language: string;
  readonly signIn: {
    /** Never which of the two. @see ASVS 5.0 6.3.8 */
    readonly wrong: string;
  };
  readonly forgotten: {
    readonly question: string;
    readonly answer: string;
  };
  readonly trouble: {
    readonly couldNot: (what: string) => string;
    readonly reasons: Readonly<Record<Trouble, string>>;
    readonly tryAgain: string;
  };
  readonly confirm: {
    readonly proveFirst: string;
    readonly moment: string;
  };
  readonly warning: {
    readonly title: string;
    readonly usual: (duration: string) => string;
    readonly before: (duration: string) => string;
    readonly fromNextSignIn: string;
  };
  readonly passkeys: {
    readonly title: string;
    readonly what: string;
    readonly made: string;
    readonly lastUsed: string;
    readonly remove: string;
    readonly removeQuestion: (name: string) => string;
    readonly removeNow: string;
    readonly keep: string;
    readonly isRemoved: (name: string) => string;
    readonly nameOfNew: string;
    readonly add: string;
    readonly goOn: string;
    readonly isMade: (name: string) => string;
    readonly noneMade: string;
    /** What it comes to, for `trouble.couldNot`. */
    readonly load: string;
    readonly removeIt: string;
    readonly addOne: string;
  };
}

const english: AppWords = {
  language: 'en',
  signIn: { wrong: 'User name or password is wrong. Please try again.' },
  forgotten: {
    question: 'Forgot your password?',
    answer:
      'Ask the people who run this application for a new one, then sign in with it. Your work stays saved meanwhile.',
  },
  trouble: {
    couldNot: (what) => `We couldn’t ${what}.`,
    reasons: {
      unreachable: 'We can’t reach the server right now. Nothing is lost.',
      gone: 'It is not here any more.',
      too_large: 'It is too long. Please make it shorter.',
      unproved: 'You have to show first that it is you.',
      refused: 'The server didn’t accept it.',
      failed: 'Something went wrong on our side. Nothing is lost.',
    },
    tryAgain: 'Try again',
  },
  confirm: {
    proveFirst: 'You signed in a while ago. For your security, please show once more that it is you.',
    moment: 'One moment…',
  },
  warning: {
    title: 'How long before you are signed out we tell you',
    usual: (duration) => `As usual: ${duration} before`,
    before: (duration) => `${duration} before`,
    fromNextSignIn:
      'What you choose counts from the next time you sign in. You don’t stay signed in any longer for it.',
  },
  passkeys: {
    title: 'Your passkeys',
    what: 'With a passkey you sign in by your fingerprint, your face or the PIN of your device, in place of a password.',
    made: 'Made',
    lastUsed: 'last used',
    remove: 'Remove',
    removeQuestion: (name) => `Remove the passkey ${name}? You can’t sign in with it any more.`,
    removeNow: 'Remove it',
    keep: 'Keep the passkey',
    isRemoved: (name) => `The passkey ${name} is removed.`,
    nameOfNew: 'Name of the new passkey',
    add: 'Add a passkey',
    goOn: 'Next',
    isMade: (name) => `The passkey ${name} is made. You can sign in with it.`,
    noneMade: 'No passkey was made.',
    load: 'load your passkeys',
    removeIt: 'remove it',
    addOne: 'add a passkey',
  },
};

const german: AppWords = {
  language: 'de',
  signIn: { wrong: 'Benutzername oder Passwort stimmt nicht. Bitte versuchen Sie es noch einmal.' },
  forgotten: {
    question: 'Passwort vergessen?',
    answer:
      'Bitten Sie die Betreiber dieser Anwendung um ein neues und melden Sie sich damit an. Ihre Arbeit bleibt so lange gespeichert.',
  },
  trouble: {
    couldNot: (what) => `${what} hat nicht geklappt.`,
    reasons: {
      unreachable: 'Der Server ist gerade nicht zu erreichen. Nichts ist verloren.',
      gone: 'Das gibt es nicht mehr.',
      too_large: 'Das ist zu lang. Bitte kürzen Sie es.',
      unproved: 'Sie müssen zuerst zeigen, dass Sie es sind.',
      refused: 'Der Server hat es nicht angenommen.',
      failed: 'Auf unserer Seite ist etwas schiefgegangen. Nichts ist verloren.',
    },
    tryAgain: 'Erneut versuchen',
  },
  confirm: {
    proveFirst:
      'Ihre Anmeldung liegt etwas zurück. Bitte zeigen Sie zu Ihrer Sicherheit noch einmal, dass Sie es sind.',
    moment: 'Einen Augenblick…',
  },
  warning: {
    title: 'Wie lange vor der Abmeldung wir Bescheid geben',
    usual: (duration) => `Wie üblich: ${duration} vorher`,
    before: (duration) => `${duration} vorher`,
    fromNextSignIn: 'Das gilt ab Ihrer nächsten Anmeldung. Sie bleiben deshalb nicht länger angemeldet.',
  },
  passkeys: {
    title: 'Ihre Passkeys',
    what: 'Mit einem Passkey melden Sie sich durch Fingerabdruck, Gesicht oder die PIN Ihres Geräts an, statt mit einem Passwort.',
    made: 'Erstellt:',
    lastUsed: 'zuletzt benutzt:',
    remove: 'Entfernen',
    removeQuestion: (name) => `Den Passkey ${name} entfernen? Sie können sich dann nicht mehr mit ihm anmelden.`,
    removeNow: 'Passkey entfernen',
    keep: 'Passkey behalten',
    isRemoved: (name) => `Der Passkey ${name} ist entfernt.`,
    nameOfNew: 'Name des neuen Passkeys',
    add: 'Passkey hinzufügen',
    goOn: 'Weiter',
    isMade: (name) => `Der Passkey ${name} ist erstellt. Sie können sich mit ihm anmelden.`,
    noneMade: 'Es wurde kein Passkey erstellt.',
    load: 'Das Laden Ihrer Passkeys',
    removeIt: 'Das Entfernen',
    addOne: 'Das Hinzufügen',
  },
};

/** What pages say that speak English alone. */
export const plainWords = english;

/** The application's own words, in the language that was chosen. */
export const useAppWords = (): AppWords => (useMessages().language === german.language ? german : english);
