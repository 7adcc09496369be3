import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { allBlocks } from '../support/blocks.ts';

test('what keeps the editors in tests/recipes/editors is word for word what docs/recipes.md says', () => {
  const files = globSync('tests/recipes/editors/{keep*,useEditor}.ts*').toSorted();
  const texts = files.map((file) => readFileSync(file, 'utf8'));
  const ofEditors = /export (?:const|function) (?:keep(?:Lexical|TipTap|CodeMirror|Monaco)|useEditor)\b/;
  const blocks = allBlocks().filter(({ name, code }) => name.startsWith('recipes-') && ofEditors.test(code));
  expect(texts.toSorted()).toEqual(blocks.map(({ code }) => code).toSorted());
  expect(files).toHaveLength(5);
});
