import { registerRichText } from '@lexical/rich-text';
import { Editor } from '@tiptap/core';
import StarterKit from '@tiptap/starter-kit';
import { EditorView, basicSetup } from 'codemirror';
import type { Forms } from 'curfew/client';
import { createEditor } from 'lexical';
import { editor as monaco } from 'monaco-editor';
import EditorWorker from 'monaco-editor/editor/editor.worker?worker';
import { keepCodeMirror } from './keepCodeMirror.ts';
import { keepLexical } from './keepLexical.ts';
import { keepMonaco } from './keepMonaco.ts';
import { keepTipTap } from './keepTipTap.ts';

/** Opens an editor in an element and keeps it. @returns what closes it */
export type Open = (element: HTMLElement, forms: Pick<Forms, 'adapt'>) => () => void;

self.MonacoEnvironment = { getWorker: () => new EditorWorker() };

/** How each editor is opened. */
export const editors: Readonly<Record<string, Open>> = {
  Lexical(element, forms) {
    const editor = createEditor({
      onError(error) {
        throw error;
      },
    });
    element.contentEditable = 'true';
    editor.setRootElement(element);
    const stops = [registerRichText(editor), keepLexical(forms, editor, 'lexical')];
    return () => {
      for (const stop of stops) stop();
      editor.setRootElement(null);
    };
  },
  TipTap(element, forms) {
    const editor = new Editor({ element, extensions: [StarterKit], content: '<p>Dear all,</p>' });
    const stop = keepTipTap(forms, editor, 'tiptap');
    return () => {
      stop();
      editor.destroy();
    };
  },
  CodeMirror(element, forms) {
    let changed = () => {};
    const told = EditorView.updateListener.of(({ docChanged }) => docChanged && changed());
    const view = new EditorView({ doc: '# a list\n', extensions: [basicSetup, told], parent: element });
    const kept = keepCodeMirror(forms, view, 'codemirror');
    changed = kept.changed;
    return () => {
      kept.stop();
      view.destroy();
    };
  },
  Monaco(element, forms) {
    const editor = monaco.create(element, { value: 'let one = 1;\n', language: 'plaintext' });
    const stop = keepMonaco(forms, editor, 'monaco');
    return () => {
      stop();
      editor.dispose();
    };
  },
};
