/** The keys that have a name and no character. */
export type NamedKey = 'Enter' | 'Escape' | 'F6' | 'F8' | 'ArrowLeft' | 'Backspace';

/** One page in a browser of any engine. What is done to it is done as by hand: browsers call it trusted. */
export interface EnginePage {
  readonly go: (url: string) => Promise<void>;
  /** Runs the body of a function in the page. @returns what it returns, or what its promise comes to */
  readonly run: <Value>(body: string, ...args: readonly unknown[]) => Promise<Value>;
  /** Clicks on the first element that a selector finds. */
  readonly click: (selector: string) => Promise<void>;
  /** Clicks on the first visible button or link that has exactly this text. */
  readonly press: (text: string) => Promise<void>;
  /** Types into whatever has the focus. */
  readonly type: (text: string) => Promise<void>;
  readonly key: (key: NamedKey) => Promise<void>;
  readonly resize: (width: number, height: number) => Promise<void>;
  /** Comes to the front. */
  readonly show: () => Promise<void>;
  /** @returns a picture of what is seen, as PNG */
  readonly screenshot: () => Promise<Uint8Array>;
}

/** A browser, which takes any certificate. */
export interface Engine {
  readonly name: 'Chromium' | 'Firefox' | 'WebKit';
  readonly version: string;
  /** Opens a tab beside the others, of the same person. */
  readonly open: () => Promise<EnginePage>;
  readonly close: () => Promise<void>;
}

/** The body of a function that finds the visible button or link with the text it is given. */
export const byText = `
  const [wanted] = arguments;
  const all = [...document.querySelectorAll('button, a')];
  return all.find((each) => each.checkVisibility() && each.textContent.trim() === wanted);`;
