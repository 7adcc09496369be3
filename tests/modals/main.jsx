import MuiDialog from '@mui/material/Dialog';
import MuiMenu from '@mui/material/Menu';
import MuiSnackbar from '@mui/material/Snackbar';
import * as RadixDialog from '@radix-ui/react-dialog';
import * as RadixPopover from '@radix-ui/react-popover';
import * as RadixToast from '@radix-ui/react-toast';
import { createRoot } from 'react-dom/client';
import Swal from 'sweetalert2';
import { CurfewProvider, SessionGuard, useCurfew, useDraft } from '../../web/react/index.ts';
import '../../web/styles/curfew.css';

const secret = 'the key is 4711';
const red = { background: 'red', color: 'white', padding: 40 };
const over = { ...red, position: 'fixed', inset: '10%', zIndex: 2147483647 };

/** Where an application renders what it opens from anywhere: beside the guard, in a root of its own. */
function rendered(element) {
  const place = document.body.appendChild(document.createElement('div'));
  const root = createRoot(place);
  root.render(element);
  return () => {
    root.unmount();
    place.remove();
  };
}

function put(tag, parent = document.body) {
  const element = parent.appendChild(document.createElement(tag));
  element.textContent = secret;
  element.style.cssText = 'background: red; color: white; padding: 40px';
  return element;
}

/** How each is opened. Each returns what closes it. */
const open = {
  'a SweetAlert2': () => {
    Swal.fire({ title: secret, input: 'text', showCancelButton: true, backdrop: 'red', animation: false });
    return () => Swal.close();
  },
  'a toast of SweetAlert2': () => {
    Swal.fire({ title: secret, toast: true, position: 'center', background: 'red', animation: false });
    return () => Swal.close();
  },
  'a dialog of MUI': () =>
    rendered(
      <MuiDialog open fullScreen transitionDuration={0} slotProps={{ paper: { sx: red } }}>
        {secret} <input />
      </MuiDialog>,
    ),
  'a menu of MUI': () =>
    rendered(
      <MuiMenu open anchorEl={document.body} transitionDuration={0}>
        {secret}
      </MuiMenu>,
    ),
  'a snackbar of MUI': () => rendered(<MuiSnackbar open transitionDuration={0} message={secret} />),
  'a dialog of Radix': () =>
    rendered(
      <RadixDialog.Root defaultOpen>
        <RadixDialog.Portal>
          <RadixDialog.Overlay style={over} />
          <RadixDialog.Content style={over} aria-describedby={undefined}>
            <RadixDialog.Title>{secret}</RadixDialog.Title>
            <input />
          </RadixDialog.Content>
        </RadixDialog.Portal>
      </RadixDialog.Root>,
    ),
  'a popover of Radix': () =>
    rendered(
      <RadixPopover.Root defaultOpen modal>
        <RadixPopover.Trigger>Open</RadixPopover.Trigger>
        <RadixPopover.Portal>
          <RadixPopover.Content style={red}>
            {secret} <input />
          </RadixPopover.Content>
        </RadixPopover.Portal>
      </RadixPopover.Root>,
    ),
  'a toast of Radix': () =>
    rendered(
      <RadixToast.Provider duration={3_600_000}>
        <RadixToast.Root defaultOpen>
          <RadixToast.Title style={red}>{secret}</RadixToast.Title>
        </RadixToast.Root>
        <RadixToast.Viewport style={over} />
      </RadixToast.Provider>,
    ),
  'a dialog of its own': () => {
    const dialog = put('dialog');
    dialog.showModal();
    return () => dialog.remove();
  },
  'a popover that stays': () => {
    const popover = put('div');
    popover.popover = 'manual';
    popover.showPopover();
    return () => popover.remove();
  },
  // Opened in a tree that no style sheet of the page reaches, beside a closed one, with what WebKit has hung upon.
  'a popover in a shadow': () => {
    const host = document.body.appendChild(document.createElement('div'));
    const shadow = host.attachShadow({ mode: 'closed' });
    const fallbacks = 'position-area: block-end; position-try-fallbacks: block-start, flip-inline; visibility: visible';
    for (const [name, kind] of Object.entries({ closed: 'auto', opened: 'manual' })) {
      const button = put('button', shadow);
      const popover = put('div', shadow);
      button.popoverTargetElement = popover;
      popover.popover = kind;
      popover.style.cssText += fallbacks;
      if (name === 'opened') popover.showPopover();
    }
    return () => host.remove();
  },
  'something beside the body': () => {
    const element = put('div', document.documentElement);
    element.style.cssText += 'position: fixed; inset: 0; z-index: 2147483647; visibility: visible';
    return () => element.remove();
  },
  'a body that is inert': () => {
    document.body.inert = true;
    return () => (document.body.inert = false);
  },
};

// Browsers let a page open a window, or fill the screen, in answer to a key.
const opened = [];
addEventListener('keydown', ({ key }) => {
  if (key === 'F8') void put('section').requestFullscreen();
  if (key === 'F6') opened.push(window.open(`/aside.html?${opened.length}`, `aside${opened.length}`, 'popup'));
});

let close = () => {};
Object.assign(window, {
  kinds: Object.keys(open),
  opened,
  openOne: (kind) => void (close = open[kind]()),
  closeOne: () => close(),
});

function Enter() {
  const { signIn } = useCurfew();
  const enter = () => signIn({ username: 'ada', password: 'correct horse battery', register: true });
  return (
    <button type="button" onClick={enter}>
      Enter
    </button>
  );
}

function Letter() {
  const { value, setValue } = useDraft('letter', { label: 'letter' });
  return <textarea aria-label="Letter" value={value} onChange={(event) => setValue(event.target.value)} />;
}

createRoot(document.getElementById('root')).render(
  <CurfewProvider>
    <SessionGuard signIn={<Enter />}>
      <Letter />
    </SessionGuard>
  </CurfewProvider>,
);
