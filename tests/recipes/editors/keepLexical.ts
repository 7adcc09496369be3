import type { Forms } from 'curfew/client';

type Adapts = Pick<Forms, 'adapt'>;

interface EditorState {
  toJSON: () => unknown;
}
/** Of Lexical. */
interface LexicalEditor<State extends EditorState> {
  getRootElement: () => HTMLElement | null;
  getEditorState: () => State;
  parseEditorState: (json: string) => State;
  setEditorState: (state: State) => void;
  registerUpdateListener: (listener: () => void) => () => void;
}

export function keepLexical<State extends EditorState>(
  { adapt }: Adapts,
  editor: LexicalEditor<State>,
  key: string,
): () => void {
  const element = editor.getRootElement();
  if (element === null) return () => {};
  const kept = adapt(element, {
    key,
    read: () => editor.getEditorState().toJSON(),
    write: (value) => editor.setEditorState(editor.parseEditorState(JSON.stringify(value))),
  });
  const stop = editor.registerUpdateListener(kept.changed);
  return () => {
    stop();
    kept.stop();
  };
}
