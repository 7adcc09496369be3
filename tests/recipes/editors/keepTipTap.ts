import type { Forms } from 'curfew/client';

/** Of TipTap. */
interface Editor {
  view: { dom: HTMLElement };
  getJSON: () => unknown;
  commands: { setContent: (content: never) => unknown };
  on: (event: 'update', listener: () => void) => unknown;
  off: (event: 'update', listener: () => void) => unknown;
}

export function keepTipTap({ adapt }: Pick<Forms, 'adapt'>, editor: Editor, key: string): () => void {
  const kept = adapt(editor.view.dom, {
    key,
    read: () => editor.getJSON(),
    write: (value) => editor.commands.setContent(value as never),
  });
  editor.on('update', kept.changed);
  return () => {
    editor.off('update', kept.changed);
    kept.stop();
  };
}
