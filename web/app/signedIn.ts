import { finishSignIn } from '../client/index.ts';
import '../styles/curfew.css';
import './styles/app.css';
import { lookNow, recallLook } from './look.ts';
import { postAnswer } from './ways/postAnswer.ts';

// The page at which a sign-in elsewhere ends. It starts no application: it tells the tabs, and closes or goes back.

const said = {
  en: {
    worked: 'You are signed in. You can close this window.',
    failed: "That didn't work. You can close this window and try again.",
    goOn: 'Go on here',
  },
  de: {
    worked: 'Sie sind angemeldet. Sie können dieses Fenster schließen.',
    failed: 'Das hat nicht geklappt. Sie können dieses Fenster schließen und es noch einmal versuchen.',
    goOn: 'Hier weitermachen',
  },
};

recallLook();
const { language } = lookNow();
const words = said[language];
document.documentElement.lang = language;
const asked = new URLSearchParams(location.search);
// The provider itself has sent the user here, where the token is in this browser's storage: no cookie was set on the way.
const isAnswer = asked.has('state');
const problem = asked.get('error') === 'access_denied' ? 'cancelled' : asked.get('problem');
// What has been answered is good once, and stays in no history.
if (isAnswer) history.replaceState(null, '', location.pathname);
const goes = await finishSignIn({
  problem,
  ...(isAnswer && { transport: 'bearer', send: postAnswer(`${asked}`) }),
});
if (!goes) {
  const status = document.querySelector('[role=status]');
  if (status && problem !== null) status.role = 'alert';
  if (status) status.textContent = problem === null ? words.worked : words.failed;
  const link = document.querySelector('a');
  if (link) {
    // A path of this site alone, whatever the address says.
    const { origin } = location;
    const back = asked.get('returnTo') ?? '/';
    link.href = URL.canParse(back, origin) && new URL(back, origin).origin === origin ? back : '/';
    link.textContent = words.goOn;
    link.hidden = false;
  }
}
