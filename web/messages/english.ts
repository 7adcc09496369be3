import { reasonsInEnglish } from '../../machines/index.ts';
import type { Messages } from './messages.types.ts';

/** A number of things in English: "1 draft", "3 conversations". */
export function countInWords(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${new Intl.PluralRules('en').select(count) === 'one' ? singular : plural}`;
}

const whyNotKept = {
  'too-large': 'it is larger than 10 MB',
  'no-room': 'your files are larger than 50 MB together',
  refused: 'this browser keeps nothing',
};

/** What the published parts say unless they are given other words. */
export const english: Messages = {
  ...reasonsInEnglish,
  signOut: 'Sign out',
  signIn: 'Sign in',
  signInAgain: 'Sign in again',
  tryAgain: 'Try again',
  timeLeft: 'Time left',

  toldAtSignIn: (idle, kept) =>
    `For your security we sign you out after ${idle} without activity. Your work is kept on this device for ${kept}.`,
  // Of a kind there is one or none of by its nature, the count says nothing.
  counted: (count, kind, label) => (kind === 'settings' ? label : countInWords(count, label)),
  saved: (things) => `Saved on this device: ${things}.`,
  justNow: 'just now',

  problems: {
    network: "We couldn't reach the server. Nothing is lost. Please try again.",
    unavailable: "The server can't answer right now. Nothing is lost. Please try again in a moment.",
    session_limit: "You're signed in in too many places. Sign out in one of them, then try again.",
    username_taken: 'This user name is taken. Please choose another one.',
    invalid_input: 'Please check what you typed.',
    cancelled: '',
    not_signed_in: "That didn't work. Please try again.",
    not_saved: "We couldn't save your work, so we didn't leave this page. Please try again.",
    stale_proof: 'You were not asked to sign in there. Please try again, and sign in there.',
    session_mismatch: 'You signed in there as somebody else. Please sign in there with your own account.',
    cookies_blocked:
      'This browser keeps no cookies of this page, so you cannot stay signed in. Please allow cookies for it, then try again.',
    not_kept: "We couldn't bring everything back by itself. Your drafts are still kept.",
  },
  otherProblem: 'Something went wrong on our side. Please try again.',
  tooManyTries: (wait) =>
    wait === null
      ? 'There were too many tries. Please wait a little, then try again.'
      : `There were too many tries. Please wait ${wait}, then try again.`,
  wrongPassword: "That password isn't right. Please try again.",

  warning: {
    documentTitle: 'Signing out soon',
    name: 'Signing out soon (F6)',
    key: 'Press F6 to come here.',
    dismiss: 'Dismiss',
    first: (left) => `You'll be signed out in ${left} because you haven't been active.`,
    firstAbsolute: (left, absolute) => `You'll be signed out in ${left} because you signed in almost ${absolute} ago.`,
    title: "You're about to be signed out",
    last: (left) => `For your security, we will sign you out in ${left}. Your work is saved.`,
    lastAbsolute: (left, absolute) =>
      `We will sign you out in ${left} because you signed in almost ${absolute} ago. This can't be put off, but you can sign in again now and go on. Your work is saved.`,
    spoken: (left) => `You will be signed out in ${left}.`,
    lessThanAMinute: 'less than a minute',
    stay: 'Stay signed in',
    extending: 'Extending…',
    unreachable: (left) => `We couldn't reach the server. You'll still be signed out in ${left}. Trying again…`,
    unavailable: (left) => `The server couldn't do that just now. You'll still be signed out in ${left}. Trying again…`,
    notification: (at) => `You'll be signed out at ${at}. Your work is saved. This leads back to the page.`,
  },
  locked: {
    documentTitle: 'Signed out',
    title: "You're signed out",
    moment: 'One moment',
    keeping: 'Keeping your work…',
    bringingBack: 'Bringing your work back…',
    unreachable: "We couldn't reach the server. Your work is saved. Trying again…",
    offline: "You're offline. Your work is saved, and we'll confirm when you're back.",
    signInAndContinue: 'Sign in and continue',
    somebodyElse: 'Not you? Sign in as someone else',
    delete: 'Delete from this device',
    deleteQuestion: 'Delete what is saved on this device? It cannot be brought back.',
    keep: 'Keep it',
    deleteNow: 'Delete it',
    welcomeBack: 'Welcome back. Everything is where you left it.',
    welcomeBackKept: 'Welcome back. What was saved is where you left it.',
    welcomeBackNearly: 'Welcome back. Some of what you typed is not in its place; see what was kept.',
  },
  kept: {
    title: 'Kept from before',
    notShown: (route) => `Not shown yet: it was typed on ${route}.`,
    on: 'chosen',
    off: 'not chosen',
    use: 'Put it back',
    drop: 'Delete',
    later: 'Not now',
    notKept: (name, reason) => `${name} is not saved: ${whyNotKept[reason]}. Please keep it elsewhere.`,
    unreadable: (count) => `${countInWords(count, 'form or text', 'forms or texts')} of yours can't be read any more.`,
  },
  ways: {
    passkey: 'Use a passkey',
    sso: (provider) => `Continue with ${provider}`,
    or: 'or',
    underWay: 'Finish signing in in the window that has opened. If you have closed it, choose Cancel.',
    cancel: 'Cancel',
    unknown: "We couldn't find out how you can sign in. If you have a password, you can use it.",
    none: "You can't sign in again on this page.",
  },
  data: {
    what: 'One file with everything we keep of you: who you are, where you were signed in, your drafts, and what this application adds.',
    download: 'Download your data',
    downloaded: 'Your data is saved with your downloads.',
    proveFirst: 'You signed in a while ago. For your security, please show once more that it is you.',
  },
  notices: {
    storage_blocked:
      'This browser keeps nothing of this page. Your work is saved on the server only, and after a reload you may have to sign in again.',
    activity_blocked:
      'Something in this browser, such as an ad blocker, hides from us that you are active. We ask in another way, but less often.',
  },
  ended: {
    compromised: 'If you think somebody else was here, choose a new password.',
    comesBack: 'What was saved comes back when you sign in again.',
  },
  form: {
    account: (name) => `Your account: ${name}`,
    username: 'User name',
    password: 'Password',
    show: 'Show password',
    hide: 'Hide password',
    signingIn: 'Signing in…',
  },
  waiting: {
    moment: 'One moment…',
    signingOut: 'Signing out…',
    unreachable: "We can't reach the server",
    offline: "You're offline",
    nothingLost: 'Nothing is lost. We keep trying, and you can try at once, too.',
  },
  time: {
    whileActive: (idle) => `You stay signed in while you are active, and for ${idle} after that.`,
    askedSoon: (signedInAt) => `You signed in at ${signedInAt}. Soon we will ask for your password again.`,
    askedAgain: (at) => `At the latest we ask again at ${at}. Your work is saved either way.`,
  },
};
