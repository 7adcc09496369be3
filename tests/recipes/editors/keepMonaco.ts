import type { Forms } from 'curfew/client';

/** Of Monaco. */
interface CodeEditor {
  getContainerDomNode: () => HTMLElement;
  getValue: () => string;
  setValue: (value: string) => void;
  onDidChangeModelContent: (listener: () => void) => { dispose: () => void };
}

export function keepMonaco({ adapt }: Pick<Forms, 'adapt'>, code: CodeEditor, key: string): () => void {
  const kept = adapt(code.getContainerDomNode(), {
    key,
    read: () => code.getValue(),
    write: (value) => code.setValue(String(value)),
  });
  const listening = code.onDidChangeModelContent(kept.changed);
  return () => {
    listening.dispose();
    kept.stop();
  };
}
