import assert from 'node:assert/strict';
import { test } from 'node:test';
import { displayWidth, wrapText } from '#kernel/text-width.ts';

test('a Chinese character and full-width punctuation take two columns', () => {
  assert.equal(displayWidth('yibao'), 5);
  assert.equal(displayWidth('医保：'), 6);
  assert.equal(displayWidth('Ａ—𠀀'), 5);
});

test('Chinese text is broken between characters, never before punctuation', () => {
  assert.equal(wrapText('跳过无法读取的清单文件，继续结算', 12), '跳过无法读取\n的清单文件，\n继续结算');
  for (const line of wrapText('结果（新建，或替换上次的结果）文件夹。', 10).split('\n')) {
    assert.ok(displayWidth(line) <= 10, line);
    assert.doesNotMatch(line, /^[，。）]|（$/);
  }
});

test('English words, options and codes stay whole', () => {
  assert.equal(wrapText('go on without list files', 10), 'go on\nwithout\nlist files');
  assert.equal(wrapText('按 YYYY-MM-DD 写', 12), '按\nYYYY-MM-DD\n写');
});

test('line feeds of the text stay, and a text that fits is left alone', () => {
  assert.equal(wrapText('a\n\nb', 40), 'a\n\nb');
});
