import { createTab, type TabOptions } from 'curfew/client';

const settings = (await (await fetch('/settings.json')).json()) as Required<Pick<TabOptions, 'baseUrl' | 'transport'>>;
const tab = createTab(settings);

function element<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`index.html has no ${kind.name} ${id}`);
  return found;
}

const text = (form: FormData, name: string): string => {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
};

/** What stays in a field would sign in the next person, once the page is locked or its user has signed out. */
function clearPassword(form: HTMLFormElement): void {
  for (const field of form.querySelectorAll<HTMLInputElement>('[type=password]')) field.value = '';
}

function show(): void {
  const { phase, isOpen, problem } = tab.state();
  element('sign-in', HTMLFormElement).hidden = phase !== 'signedOut' && phase !== 'signingIn';
  element('work', HTMLElement).hidden = !isOpen;
  element('locked', HTMLFormElement).hidden = phase !== 'locked' && phase !== 'reauthenticating';
  element('phase', HTMLOutputElement).value = phase;
  element('problem', HTMLOutputElement).value = problem?.code ?? '';
}
tab.subscribe(show);

element('sign-in', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  const form = new FormData(element('sign-in', HTMLFormElement), event.submitter);
  tab.signIn({
    username: text(form, 'username'),
    password: text(form, 'password'),
    register: form.has('register'),
  });
  clearPassword(element('sign-in', HTMLFormElement));
});
element('locked', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  tab.reauthenticate(text(new FormData(element('locked', HTMLFormElement)), 'password'));
  clearPassword(element('locked', HTMLFormElement));
});
async function ask(): Promise<void> {
  // It carries the credential, for it goes to the server of the tab.
  const answer = await tab.fetch(`${settings.baseUrl}/api/hello`);
  element('answer', HTMLOutputElement).value = `${answer.status} ${answer.headers.get('Session-Status')}`;
}
element('ask', HTMLButtonElement).addEventListener('click', () => void ask());
element('sign-out', HTMLButtonElement).addEventListener('click', () => tab.signOut());

await tab.ready();
show();
