import { createTab } from 'curfew/client';
import { nearestDeadline } from 'curfew/machines';

const tab = createTab();

function element<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`index.html has no ${kind.name} ${id}`);
  return found;
}
const text = (form: FormData, name: string): string => {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
};
const letter = element('letter', HTMLTextAreaElement);

/** Shows one part of the page, by what the tab says. */
function show(): void {
  const { phase, isOpen, isLocked, user, problem, view } = tab.state();
  const shown: Record<string, boolean> = {
    'sign-in': phase === 'signedOut' || phase === 'signingIn',
    work: isOpen,
    warning: phase === 'warning',
    // Before it is certain that the time is up, nothing is shown at all.
    locked: phase === 'locked' || phase === 'reauthenticating',
    over: phase === 'ended',
    waiting: phase === 'starting' || phase === 'unreachable' || phase === 'signingOut',
  };
  for (const [id, isShown] of Object.entries(shown)) element(id, HTMLElement).hidden = !isShown;
  element('who', HTMLOutputElement).value = isLocked ? (user?.username ?? '') : '';
  element('problem', HTMLElement).textContent = problem?.code ?? '';
  if (view && phase === 'warning')
    element('left', HTMLOutputElement).value = String(Math.ceil((nearestDeadline(view) - tab.now()) / 1000));
}

/** The text is the tab's: when the page is locked it is taken out of the field, and put back afterwards. */
function showLetter(): void {
  const { value, status } = tab.drafts.read('letter');
  if (letter.value !== value) letter.value = value;
  element('status', HTMLOutputElement).value = status;
}

tab.subscribe(show);
tab.onTick(show);
tab.drafts.subscribe('letter', showLetter);
tab.drafts.open('letter', { label: 'letter' });
letter.addEventListener('input', () => tab.drafts.write('letter', letter.value));

element('sign-in', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  const form = new FormData(element('sign-in', HTMLFormElement), event.submitter);
  tab.signIn({
    username: text(form, 'username'),
    password: text(form, 'password'),
    register: form.has('register'),
  });
  // What stays in the field would sign in the next person, once this user has signed out.
  const fields = element('sign-in', HTMLFormElement).querySelectorAll<HTMLInputElement>('[type=password]');
  for (const field of fields) field.value = '';
});
element('locked', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  tab.reauthenticate(text(new FormData(element('locked', HTMLFormElement)), 'password'));
  element('locked', HTMLFormElement).reset();
});
element('stay', HTMLButtonElement).addEventListener('click', tab.extend);
element('sign-out', HTMLButtonElement).addEventListener('click', () => tab.signOut());
element('somebody-else', HTMLButtonElement).addEventListener('click', tab.chooseSignIn);
element('again', HTMLButtonElement).addEventListener('click', tab.chooseSignIn);

await tab.ready();
show();
