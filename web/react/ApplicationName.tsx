import { createContext, use, useState, type ReactNode } from 'react';

/** Whose the screens are that ask for a password. What is not given is what the page says itself. */
export interface ApplicationIdentity {
  /** Default: the `application-name` of the page's head, or else the title that it had at first. */
  readonly name?: string;
  /** A picture or the like, shown before the name. Default: the page's icon. */
  readonly mark?: ReactNode;
}

/** With the title that the page had before anything was shown. */
export const ApplicationContext = createContext<ApplicationIdentity & { readonly title?: string }>({});

/** @returns what an element of the page's head says; nothing on a server */
const saidBy = (selector: string, attribute: string): string =>
  (typeof document === 'object' && document.querySelector(selector)?.getAttribute(attribute)) || '';

/** The best first. */
const icons = ['icon i][type*=svg', 'apple-touch-icon i', 'icon i'];

/** @returns what the application is called */
export function useApplicationName(): string {
  const { name, title = '' } = use(ApplicationContext);
  return name ?? (saidBy('meta[name=application-name i]', 'content') || title);
}

/** The mark and the name: a page that asks for a password without them could be anybody's. */
export function ApplicationName(): ReactNode {
  const { mark } = use(ApplicationContext);
  const name = useApplicationName();
  const [icon, setIcon] = useState(() => icons.map((each) => saidBy(`link[rel~=${each}]`, 'href')).find(Boolean));
  return (
    <p className="curfew-application">
      {mark ?? (icon && <img src={icon} alt="" onError={() => setIcon('')} />)}
      <span>{name}</span>
    </p>
  );
}
