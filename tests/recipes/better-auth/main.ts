import { createTab, type ProveElsewhere } from 'curfew/client';

const tab = createTab();

function element<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`index.html has no ${kind.name} ${id}`);
  return found;
}
const form = element('sign-in', HTMLFormElement);
const letter = element('letter', HTMLTextAreaElement);

/** A sign-in at better-auth, as this tab: what it answers says whether it worked, and the server who it was. */
const atBetterAuth =
  (credentials: object): ProveElsewhere =>
  ({ fetch }) =>
    fetch('/identity/sign-in/email', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(credentials),
    });

function show(): void {
  const { phase, isOpen, problem } = tab.state();
  const asks = phase === 'signedOut' || phase === 'signingIn' || phase === 'locked' || phase === 'reauthenticating';
  form.hidden = !asks;
  element('work', HTMLElement).hidden = !isOpen;
  element('phase', HTMLOutputElement).value = phase;
  element('problem', HTMLOutputElement).value = problem?.code ?? '';
}
function showLetter(): void {
  const { value } = tab.drafts.read('letter');
  if (letter.value !== value) letter.value = value;
}

tab.subscribe(show);
tab.drafts.subscribe('letter', showLetter);
tab.drafts.open('letter', { label: 'letter' });
letter.addEventListener('input', () => tab.drafts.write('letter', letter.value));
form.addEventListener('submit', (event) => {
  event.preventDefault();
  const proof = atBetterAuth(Object.fromEntries(new FormData(form)));
  // A password that stays in its field signs in whoever comes to the locked page.
  for (const field of form.querySelectorAll<HTMLInputElement>('[type=password]')) field.value = '';
  if (tab.state().isLocked) tab.reauthenticate(proof);
  else tab.signIn(proof);
});
element('sign-out', HTMLButtonElement).addEventListener('click', () => tab.signOut());

await tab.ready();
show();
