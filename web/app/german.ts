import type { Messages } from '../react/index.ts';

const kinds: Readonly<Record<string, (count: number) => string>> = {
  conversation: (count) => (count === 1 ? '1 Unterhaltung' : `${count} Unterhaltungen`),
  draft: (count) => (count === 1 ? '1 Entwurf' : `${count} Entwürfe`),
  form: (count) => (count === 1 ? '1 Formular' : `${count} Formulare`),
  settings: () => 'Einstellungen',
};

const whyNotKept = {
  'too-large': 'Die Datei ist größer als 10 MB',
  'no-room': 'Ihre Dateien sind zusammen größer als 50 MB',
  refused: 'Dieser Browser hebt auf diesem Gerät nichts auf',
};

/** What the published parts say in German: an example of other words. */
export const german: Messages = {
  language: 'de',
  signOut: 'Abmelden',
  signIn: 'Anmelden',
  signInAgain: 'Erneut anmelden',
  tryAgain: 'Erneut versuchen',
  timeLeft: 'Verbleibende Zeit',

  toldAtSignIn: (idle, kept) =>
    `Zu Ihrer Sicherheit melden wir Sie ab, wenn Sie länger als ${idle} nichts tun. Ihre Arbeit bleibt auf diesem Gerät erhalten, und zwar so lange: ${kept}.`,
  counted: (count, kind, label) => kinds[kind]?.(count) ?? `${count} × ${label}`,
  saved: (things) => `Auf diesem Gerät gespeichert: ${things}.`,
  justNow: 'gerade eben',

  reasons: {
    idle: (limits) =>
      limits
        ? `Wir haben Sie abgemeldet, weil länger als ${limits.idle} nichts geschehen ist.`
        : 'Wir haben Sie abgemeldet, weil lange nichts geschehen ist.',
    absolute: (limits) =>
      limits
        ? `Wir haben Sie abgemeldet, weil Ihre Anmeldung länger als ${limits.absolute} zurückliegt.`
        : 'Wir haben Sie abgemeldet, weil Ihre Anmeldung lange zurückliegt.',
    signed_out: () => 'Sie haben sich abgemeldet.',
    revoked: () => 'Sie wurden von einem anderen Gerät aus oder durch die Verwaltung abgemeldet.',
    displaced: () => 'Sie wurden abgemeldet, weil dieses Konto anderswo zur Anmeldung benutzt wurde.',
    compromised: () =>
      'Wir haben Sie abgemeldet, um Ihr Konto zu schützen: Ein alter Schlüssel dazu wurde noch einmal benutzt.',
    expired: () => 'Sie waren lange fort und müssen sich deshalb neu anmelden.',
  },
  noReason: 'Sie sind nicht mehr angemeldet.',
  problems: {
    network: 'Der Server war nicht zu erreichen. Nichts ist verloren. Bitte versuchen Sie es noch einmal.',
    unavailable:
      'Der Server kann gerade nicht antworten. Nichts ist verloren. Bitte versuchen Sie es gleich noch einmal.',
    session_limit:
      'Sie sind an zu vielen Stellen angemeldet. Melden Sie sich an einer davon ab und versuchen Sie es noch einmal.',
    username_taken: 'Dieser Benutzername ist vergeben. Bitte wählen Sie einen anderen.',
    invalid_input: 'Bitte prüfen Sie Ihre Eingabe.',
    cancelled: '',
    not_signed_in: 'Das hat nicht geklappt. Bitte versuchen Sie es noch einmal.',
    not_saved:
      'Ihre Arbeit ließ sich nicht speichern, deshalb sind wir auf dieser Seite geblieben. Bitte versuchen Sie es noch einmal.',
    stale_proof: 'Dort wurden Sie nicht nach Ihrer Anmeldung gefragt. Bitte melden Sie sich dort noch einmal an.',
    session_mismatch: 'Sie haben sich dort als jemand anderes angemeldet. Bitte nehmen Sie dort Ihr eigenes Konto.',
    cookies_blocked:
      'Dieser Browser behält keine Cookies dieser Seite, daher können Sie nicht angemeldet bleiben. Bitte erlauben Sie sie, und versuchen Sie es noch einmal.',
    not_kept: 'Nicht alles ließ sich von selbst zurückholen. Ihre Entwürfe sind weiterhin gespeichert.',
  },
  otherProblem: 'Auf unserer Seite ist etwas schiefgegangen. Bitte versuchen Sie es noch einmal.',
  tooManyTries: (wait) =>
    wait === null
      ? 'Das waren zu viele Versuche. Bitte warten Sie ein wenig und versuchen Sie es dann noch einmal.'
      : `Das waren zu viele Versuche. Bitte versuchen Sie es später noch einmal. Wartezeit: ${wait}.`,
  wrongPassword: 'Dieses Passwort stimmt nicht. Bitte versuchen Sie es noch einmal.',

  warning: {
    documentTitle: 'Bald abgemeldet',
    name: 'Bald abgemeldet (F6)',
    key: 'Mit F6 kommen Sie hierher.',
    dismiss: 'Ausblenden',
    first: (left) => `Sie werden in ${left} abgemeldet, weil längere Zeit nichts geschehen ist.`,
    firstAbsolute: (left, absolute) =>
      `Sie werden in ${left} abgemeldet, weil Ihre Anmeldung fast ${absolute} zurückliegt.`,
    title: 'Sie werden gleich abgemeldet',
    last: (left) => `Zu Ihrer Sicherheit melden wir Sie in ${left} ab. Ihre Arbeit ist gespeichert.`,
    lastAbsolute: (left, absolute) =>
      `Wir melden Sie in ${left} ab, weil Ihre Anmeldung fast ${absolute} zurückliegt. Aufschieben lässt sich das nicht, aber Sie können sich jetzt erneut anmelden und weitermachen. Ihre Arbeit ist gespeichert.`,
    spoken: (left) => `Sie werden in ${left} abgemeldet.`,
    lessThanAMinute: 'weniger als einer Minute',
    stay: 'Angemeldet bleiben',
    extending: 'Wird verlängert…',
    unreachable: (left) =>
      `Der Server war nicht zu erreichen. Sie werden weiterhin in ${left} abgemeldet. Neuer Versuch…`,
    unavailable: (left) =>
      `Der Server konnte das gerade nicht tun. Sie werden weiterhin in ${left} abgemeldet. Neuer Versuch…`,
    notification: (at) => `Um ${at} werden Sie abgemeldet. Ihre Arbeit ist gespeichert. Hier geht es zurück zur Seite.`,
  },
  locked: {
    documentTitle: 'Abgemeldet',
    title: 'Sie sind abgemeldet',
    moment: 'Einen Augenblick',
    keeping: 'Ihre Arbeit wird gespeichert…',
    bringingBack: 'Ihre Arbeit wird zurückgeholt…',
    unreachable: 'Der Server war nicht zu erreichen. Ihre Arbeit ist gespeichert. Neuer Versuch…',
    offline: 'Sie sind offline. Ihre Arbeit ist gespeichert; wir prüfen alles, sobald Sie wieder verbunden sind.',
    signInAndContinue: 'Anmelden und weitermachen',
    somebodyElse: 'Nicht Sie? Als jemand anderes anmelden',
    delete: 'Meine Arbeit von diesem Gerät löschen',
    deleteQuestion: 'Was auf diesem Gerät gespeichert ist, löschen? Es lässt sich nicht zurückholen.',
    keep: 'Behalten',
    deleteNow: 'Löschen',
    welcomeBack: 'Willkommen zurück. Alles ist, wo Sie es verlassen haben.',
    welcomeBackKept: 'Willkommen zurück. Was gespeichert war, ist, wo Sie es verlassen haben.',
    welcomeBackNearly: 'Willkommen zurück. Einiges ist noch nicht an seinem Platz: Sehen Sie nach, was aufgehoben ist.',
  },
  kept: {
    title: 'Aufgehoben',
    notShown: (route) => `Noch nicht angezeigt: eingegeben auf ${route}.`,
    on: 'ausgewählt',
    off: 'nicht ausgewählt',
    use: 'Wieder einsetzen',
    drop: 'Löschen',
    later: 'Nicht jetzt',
    notKept: (name, reason) => `${name} ist nicht gespeichert: ${whyNotKept[reason]}. Bitte heben Sie es anderswo auf.`,
    unreadable: (count) =>
      `${count === 1 ? 'Ein Formular oder Text von Ihnen lässt' : `${count} Formulare oder Texte von Ihnen lassen`} sich nicht mehr lesen.`,
  },
  ways: {
    passkey: 'Passkey verwenden',
    sso: (provider) => `Weiter mit ${provider}`,
    or: 'oder',
    underWay:
      'Melden Sie sich in dem Fenster an, das sich geöffnet hat. Wenn Sie es geschlossen haben, wählen Sie „Abbrechen“.',
    cancel: 'Abbrechen',
    unknown: 'Wir konnten nicht erfragen, wie Sie sich anmelden. Wenn Sie ein Passwort haben, können Sie es verwenden.',
    none: 'Auf dieser Seite können Sie sich nicht erneut anmelden.',
  },
  data: {
    what: 'Eine Datei mit allem, was wir von Ihnen speichern: wer Sie sind, wo Sie angemeldet waren, Ihre Entwürfe und was diese Anwendung hinzufügt.',
    download: 'Eigene Daten herunterladen',
    downloaded: 'Ihre Daten liegen bei Ihren Downloads.',
    proveFirst:
      'Ihre Anmeldung liegt etwas zurück. Bitte zeigen Sie zu Ihrer Sicherheit noch einmal, dass Sie es sind.',
  },
  notices: {
    storage_blocked:
      'Dieser Browser behält nichts von dieser Seite. Ihre Arbeit wird nur auf dem Server gespeichert, und nach dem Neuladen müssen Sie sich vielleicht wieder anmelden.',
    activity_blocked:
      'Etwas in diesem Browser, etwa ein Werbeblocker, verbirgt uns, dass Sie aktiv sind. Wir fragen auf anderem Weg, aber seltener.',
  },
  ended: {
    compromised: 'Wenn Sie glauben, dass jemand anderes hier war, wählen Sie ein neues Passwort.',
    comesBack: 'Was gespeichert war, ist nach der nächsten Anmeldung wieder da.',
  },
  form: {
    account: (name) => `Ihr Konto: ${name}`,
    username: 'Benutzername',
    password: 'Passwort',
    show: 'Passwort anzeigen',
    hide: 'Passwort verbergen',
    signingIn: 'Anmeldung läuft…',
  },
  waiting: {
    moment: 'Einen Augenblick…',
    signingOut: 'Abmeldung läuft…',
    unreachable: 'Der Server ist nicht zu erreichen',
    offline: 'Sie sind offline',
    nothingLost: 'Nichts ist verloren. Wir versuchen es weiter, und Sie können es auch sofort versuchen.',
  },
  time: {
    whileActive: (idle) => `Sie bleiben angemeldet, solange Sie etwas tun, und danach noch ${idle}.`,
    askedSoon: (signedInAt) =>
      `Sie haben sich um ${signedInAt} angemeldet. Bald fragen wir noch einmal nach Ihrem Passwort.`,
    askedAgain: (at) => `Spätestens um ${at} fragen wir erneut. Ihre Arbeit ist so oder so gespeichert.`,
  },
};
