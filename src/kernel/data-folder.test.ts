import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dataFolder, isStoredName } from './data-folder.ts';

describe('where imported things are kept', () => {
  test('YIBAO_DATA wins', () => {
    assert.equal(dataFolder({ YIBAO_DATA: 'here', XDG_DATA_HOME: 'there' }, 'linux'), 'here');
  });
  test('each system has its own place', () => {
    assert.match(dataFolder({ XDG_DATA_HOME: 'there' }, 'linux'), /^there.yibao$/);
    assert.match(dataFolder({}, 'linux'), /\.local.share.yibao$/);
    assert.match(dataFolder({}, 'darwin'), /Application Support.yibao$/);
    assert.match(dataFolder({ LOCALAPPDATA: 'local' }, 'win32'), /^local.yibao$/);
  });
  test('a name is not a path', () => {
    for (const name of ['chs-drg-1.1', '重庆_2.0', 'a']) assert.ok(isStoredName(name), name);
    for (const name of ['', '.', '..', '../x', 'a/b', 'a\\b', '-a', 'a.', 'x'.repeat(65)]) {
      assert.ok(!isStoredName(name), name);
    }
  });
});
