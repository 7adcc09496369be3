import { createContext, use, useCallback, useMemo, useState, type ReactNode } from 'react';
import { useViewState, type Keepable } from '../react/index.ts';
import { useRouter } from './router.tsx';

/** What was typed in each panel that is open, by the panel's name; `''` where nothing is typed. */
type Open = Readonly<Record<string, string>>;

interface Opened {
  readonly path: string;
  readonly moves: number;
  readonly open: Open;
  /** Nobody has opened or shut one since these came back with the rest of the place. */
  readonly areBroughtBack: boolean;
}

interface Panels {
  readonly open: Open;
  readonly areBroughtBack: boolean;
  /** `null` shuts it. */
  readonly set: (name: string, typed: string | null) => void;
}

const PanelsContext = createContext<Panels>({ open: {}, areBroughtBack: false, set: () => {} });

function openIn(kept: Keepable): { readonly path: string; readonly open: Open } | null {
  if (typeof kept !== 'object' || kept === null || !('path' in kept) || !('open' in kept)) return null;
  const { path, open } = kept;
  if (typeof path !== 'string' || typeof open !== 'object' || open === null) return null;
  const entries = Object.entries(open).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return { path, open: Object.fromEntries(entries) };
}

/** Keeps which panels of the page are open, and brings them back with the rest of the place. Moving to another page shuts them. */
export function PanelsProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const { path, moves } = useRouter();
  const [opened, setOpened] = useState<Opened>({ path, moves, open: {}, areBroughtBack: false });
  const isHere = opened.path === path && opened.moves === moves;
  const kept = useMemo(() => ({ path, open: isHere ? opened.open : {} }), [path, isHere, opened]);
  useViewState('panels', kept, (value) => {
    const found = openIn(value);
    if (found) setOpened({ ...found, moves, areBroughtBack: true });
  });
  const set = useCallback(
    (name: string, typed: string | null) =>
      setOpened((last) => {
        const { [name]: _, ...others } = last.path === path && last.moves === moves ? last.open : {};
        return { path, moves, open: typed === null ? others : { ...others, [name]: typed }, areBroughtBack: false };
      }),
    [path, moves],
  );
  const panels = useMemo<Panels>(
    () => ({ open: kept.open, areBroughtBack: opened.areBroughtBack, set }),
    [kept, opened, set],
  );
  return <PanelsContext value={panels}>{children}</PanelsContext>;
}

/** A part of a page that the user opens and shuts. */
export interface Panel {
  /** What was typed in it, `''` when nothing was; `null` when it is shut. */
  readonly typed: string | null;
  readonly isOpen: boolean;
  /** It came back with the rest of the place: the focus is where it was, and need not move to it. */
  readonly isBroughtBack: boolean;
  readonly open: (typed?: string) => void;
  readonly shut: () => void;
  /** Opens it when it is shut, and shuts it when it is open. */
  readonly toggle: () => void;
}

/** @param name says which it is, on its page. */
export function usePanel(name: string): Panel {
  const { open, areBroughtBack, set } = use(PanelsContext);
  const typed = open[name] ?? null;
  return {
    typed,
    isOpen: typed !== null,
    isBroughtBack: areBroughtBack,
    open: (next = '') => set(name, next),
    shut: () => set(name, null),
    toggle: () => set(name, typed === null ? '' : null),
  };
}
