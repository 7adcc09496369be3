import type { Forms } from 'curfew/client';

/** Of CodeMirror. */
interface EditorView {
  dom: HTMLElement;
  state: { doc: { length: number; toString: () => string } };
  dispatch: (change: { changes: { from: number; to: number; insert: string } }) => void;
}

export const keepCodeMirror = ({ adapt }: Pick<Forms, 'adapt'>, view: EditorView, key: string) =>
  adapt(view.dom, {
    key,
    read: () => view.state.doc.toString(),
    write: (value) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: String(value) } }),
  });
