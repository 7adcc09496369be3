/** A standard, and what of it concerns the life of a session, in our own short words. */
export interface Family {
  /** How its name is written before a clause. */
  readonly name: string;
  /** The part of the name that says this standard is meant, however the rest is written. */
  readonly mark: string;
  readonly standard: string;
  readonly clauses: readonly (readonly [id: string, asked: string])[];
}

/** One clause of one standard. */
export interface Clause {
  readonly family: Family;
  readonly id: string;
}

const asvs: Family = {
  name: 'ASVS',
  mark: 'ASVS',
  standard: 'OWASP ASVS 5.0',
  clauses: [
    ['3.3.1', 'cookies are Secure'],
    ['3.3.2', 'cookies have the SameSite that their purpose allows'],
    ['3.3.3', 'cookies have the prefix `__Host-`'],
    ['3.3.4', 'the token is HttpOnly, and goes to the browser by Set-Cookie alone'],
    ['3.3.5', 'a cookie has no more than 4096 bytes'],
    ['3.4.2', 'pages of listed origins alone can read answers'],
    ['3.4.4', 'no answer is taken for another kind of content than it says'],
    ['3.5.1', 'requests from another origin are told apart and refused'],
    ['3.5.2', 'nothing is reached by a request that needs no preflight'],
    ['3.5.3', 'safe methods change nothing'],
    ['3.7.2', 'nobody is sent on to an address that is not on the list'],
    ['4.4.2', 'the origin of a WebSocket is checked when it opens'],
    ['4.4.4', 'the token of a WebSocket comes through the session that there is'],
    ['6.3.1', 'guessing and stuffing of passwords is slowed down'],
    ['6.3.8', 'a refusal does not tell whether there is such a user, not by its time either'],
    ['7.1.1', 'the limits of inactivity and lifetime are documented'],
    ['7.1.2', 'the limit of sessions at once, and what happens at it, is documented'],
    ['7.2.1', 'the server judges sessions, and nobody else'],
    ['7.2.2', 'tokens are made anew for each session'],
    ['7.2.3', 'what names a session is random, with 128 bits or more'],
    ['7.2.4', 'authenticating makes a new token and ends the old one'],
    ['7.3.1', 'a session ends without activity'],
    ['7.3.2', 'a session ends at a greatest age, whatever anybody does'],
    ['7.4.1', 'an ended session is of no further use, with a token that still looks good either'],
    ['7.4.2', 'all sessions end with the account'],
    ['7.4.3', 'the other sessions can be ended after a change of password'],
    ['7.4.4', 'signing out is in sight on every page behind the sign-in'],
    ['7.4.5', 'administrators can end sessions, of one user and of all'],
    ['7.5.1', 'what changes the account takes a new authentication'],
    ['7.5.2', 'people see their own sessions, and end them after proving who they are'],
    ['7.6.2', 'a session begins by an explicit action only'],
    ['8.2.1', 'functions are open to those alone who may use them'],
    ['8.2.2', 'data is open to those alone whose it is'],
    ['8.3.1', 'what is allowed is decided by the server, on every way there'],
    ['8.3.2', 'what somebody may do changes at once'],
    ['9.1.1', 'the signature is verified before anything is believed'],
    ['9.1.2', 'algorithms are on a list, and `none` is not'],
    ['9.1.3', 'keys come from the configuration, never from the token'],
    ['9.2.1', 'a token is good within its time only'],
    ['9.2.2', 'a token of another type is refused'],
    ['9.2.3', 'a token for another audience is refused'],
    ['9.2.4', 'tokens name the audience that they are for'],
    ['10.4.5', 'rotated tokens that are used again end the session'],
    ['10.4.8', 'refreshing does not get past the greatest age'],
    ['13.4.5', 'documentation and measurements are shown to those they are meant for'],
    ['14.2.1', 'no token is in a URL'],
    ['14.2.6', 'no more that is sensitive is sent than is needed'],
    ['14.3.1', 'what belongs to somebody leaves the browser when the session ends'],
    ['14.3.2', 'answers about somebody are kept in no cache'],
    ['16.2.1', 'log entries say who, what, when and where'],
    ['16.2.2', 'times in the log are UTC'],
    ['16.2.3', 'logs go where the documentation says, and nowhere else'],
    ['16.2.4', 'log entries have one format that programs read'],
    ['16.2.5', 'no log holds a secret, and names only as what they are not to be read from'],
    ['16.3.1', 'authentications are logged, those that failed too'],
    ['16.3.2', 'refused authorisations are logged'],
    ['16.3.3', 'attempts to get around the controls are logged'],
    ['16.4.1', 'nothing that is sent can forge a line of the log'],
    ['16.4.2', 'changes to the log are found out'],
    ['16.5.1', 'errors say nothing about the inside'],
    ['16.5.2', 'without its store the server refuses'],
    ['16.5.3', 'whatever goes wrong, nobody is let in by it'],
  ],
};

const nist: Family = {
  name: 'NIST SP 800-63B-4',
  mark: 'NIST',
  standard: 'NIST SP 800-63B-4',
  clauses: [
    ['§3.1.1.2', 'passwords are compared in one normal form, however they are typed'],
    [
      '§5.1',
      'the session secret is random, erased at sign-out, out of reach of scripts, and changes nothing without a check against forgery',
    ],
    ['§5.1.2', 'a token alone does not mean that the person is there'],
    ['§5.2', 'either limit ends a session, activity moves the idle one, proving who one is moves both'],
    ['AAL1', 'greatest age 30 days'],
    ['AAL2', 'greatest age 24 h, idle 1 h, and the password is enough after an idle time-out'],
    ['AAL3', 'greatest age 12 h, idle 15 min'],
  ],
};

const pci: Family = {
  name: 'PCI DSS',
  mark: 'PCI',
  standard: 'PCI DSS 4.0.1',
  clauses: [['8.2.8', 'who was idle for more than 15 min proves again who they are']],
};

const owasp: Family = {
  name: 'OWASP',
  mark: 'OWASP',
  standard: 'OWASP cheat sheets',
  clauses: [
    ['Session Management', 'ids that nobody has handed out are not adopted, tokens are renewed, nothing is cached'],
    ['JWT', 'secrets of HS256 have 256 bits or more; what is denied is the session, not one spelling of its token'],
    ['Logging Vocabulary', 'events have the names that others look for'],
    ['Password Storage', 'passwords are hashed with argon2id at no less than the cost that is asked for'],
  ],
};

const caep: Family = {
  name: 'CAEP',
  mark: 'CAEP',
  standard: 'OpenID CAEP',
  clauses: [
    ['session-established', 'others are told of sign-ins, and how they were proved'],
    ['session-revoked', 'others are told of sessions that have ended'],
  ],
};

const rfc: Family = {
  name: 'RFC',
  mark: 'RFC',
  standard: 'IETF',
  clauses: [
    ['6265bis', 'cookies with the prefix `__Host-` bind to one host, every path and TLS'],
    ['8176', 'a sign-in says by registered values how it was proved'],
    ['8417', 'security events are told in tokens of their own kind'],
    ['8725 3.1', 'JSON Web Tokens: the algorithm is the verifier’s choice'],
    ['8725 3.5', 'JSON Web Tokens: a shared key is long enough'],
    ['8725 3.8', 'JSON Web Tokens: the issuer is the expected one'],
    ['8725 3.9', 'JSON Web Tokens: the audience is the expected one'],
    ['8725 3.10', 'JSON Web Tokens: what a token says of its key is not followed'],
    ['8725 3.11', 'JSON Web Tokens: tokens say of what kind they are'],
    ['9110 13.1.1', 'If-Match is taken at its word'],
    ['9110 13.1.2', 'If-None-Match is taken at its word'],
    ['9110 15.5.6', 'a wrong method is told which are right'],
    ['9112 11.2', 'requests hidden in requests are refused'],
    ['9457', 'problems have one shape, with a code that stays'],
    ['9651', 'header fields of our own are structured fields'],
    ['9700 4.7.1', 'an answer of a provider counts once, and only in the browser that has asked for it'],
    ['9700 4.14.2', 'tokens are rotated, and one that is used again ends the session'],
  ],
};

const wcag: Family = {
  name: 'WCAG',
  mark: 'WCAG',
  standard: 'WCAG 2.2',
  clauses: [
    ['1.4.1', 'colour is never the only sign'],
    ['1.4.3', 'text has contrast'],
    ['1.4.6', 'text has much contrast where that is asked for'],
    ['1.4.10', 'everything fits in 320 px'],
    ['1.4.11', 'controls have contrast'],
    ['1.4.12', 'text can be spaced out'],
    ['2.1.1', 'everything works by keyboard'],
    ['2.1.2', 'the keyboard is trapped nowhere'],
    ['2.2.1', 'there is a warning of 20 s or more, and one key extends, ten times in a row'],
    ['2.2.2', 'nothing but the clock of the warning changes by itself'],
    ['2.2.5', 'after proving again who one is everything is as it was'],
    ['2.2.6', 'how long inactivity may last is told, and work is kept for 20 h'],
    ['2.3.3', 'nothing moves for those who ask for that'],
    ['2.4.3', 'the focus goes where the work goes'],
    ['2.4.7', 'the focus is visible'],
    ['2.4.11', 'the focus is never covered'],
    ['2.5.8', 'targets have 24 px'],
    ['3.1.2', 'words can be in another language'],
    ['3.3.1', 'an error is said in words'],
    ['3.3.7', 'what was entered need not be entered again'],
    ['3.3.8', 'signing in takes no puzzle, and password managers work'],
    ['4.1.2', 'the warning has role, name and description'],
    ['4.1.3', 'what changes is spoken, on schedule'],
  ],
};

const gdpr: Family = {
  name: 'GDPR',
  mark: 'GDPR',
  standard: 'GDPR (EU) 2016/679',
  clauses: [
    ['art. 15', 'people get what is kept of them'],
    ['art. 20', 'they get it in a form that programs read'],
  ],
};

/** The standards that tests name, each with the clauses that there are to be proved. */
export const families: readonly Family[] = [asvs, nist, pci, owasp, caep, rfc, wcag, gdpr];
