import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { YibaoError } from '#kernel/errors.ts';
import { temporaryFolder } from '../../../test/support/run-cli.ts';
import { diffSchemes } from './diff-schemes.ts';
import { readScheme } from './read-scheme.ts';
import { showCode, summariseScheme } from './show-scheme.ts';
import { SOUND, writeScheme } from './testing.ts';

describe('what a scheme holds', () => {
  test('in numbers', (t) => {
    const { scheme } = readScheme(writeScheme(temporaryFolder(t)));
    const { mdcs, ...rest } = summariseScheme(scheme);
    assert.deepEqual(mdcs, [
      { code: 'MDCP', adrgs: 1, groups: 1 },
      { code: 'MDCB', adrgs: 2, groups: 5 },
    ]);
    assert.deepEqual(rest, {
      adrgs: 3,
      groups: 6,
      steps: 11,
      lists: 4,
      listCodes: 6,
      mcc: 2,
      cc: 1,
      exclusions: 3,
      validProcedures: 2,
    });
  });

  test('a group, an ADRG and an MDC with the steps that lead to them, their lists and names', (t) => {
    const { scheme } = readScheme(writeScheme(temporaryFolder(t)));
    const seqs = (code: string) => showCode(scheme, code).steps.map(({ seq }) => seq);
    assert.deepEqual(seqs('BB13'), [4, 5, 7]);
    assert.deepEqual(seqs('BB1'), [4, 5, 6, 7, 8]);
    assert.deepEqual(seqs('BQY'), [4, 11]);
    assert.deepEqual(seqs('MDCP'), [1, 2, 3]);
    const group = showCode(scheme, 'BB13');
    assert.equal(group.name, '开颅手术，伴并发症');
    assert.deepEqual(group.lists, [
      { name: '@MDCB', codes: ['I63.900'] },
      { name: '@BB1.px', codes: ['01.2408', '01.2409'] },
      { name: '@BB1.px/a', codes: ['01.2408'] },
    ]);
    assert.throws(
      () => showCode(scheme, 'XX99'),
      (error: YibaoError) => {
        assert.equal(error.problems[0]!.definition.code, 'drg.no-such-code');
        return true;
      },
    );
  });
});

test('the difference between two schemes: groups, steps, lists', (t) => {
  const folder = temporaryFolder(t);
  const before = readScheme(writeScheme(`${folder}/a`)).scheme;
  assert.deepEqual(diffSchemes(before, before), {
    groups: { came: [], went: [], renamed: [] },
    steps: { came: [], went: [], changed: [], moved: [] },
    lists: [],
  });
  const steps = SOUND['steps.csv'];
  const after = readScheme(
    writeScheme(`${folder}/b`, {
      // BB11 and BB13 change places, BB15 asks something, the newborn step goes, BR15 comes
      'steps.csv': [
        ...steps.slice(3, 5),
        '6,drg,MDCB,BB13,has_mcc   or has_cc',
        '7,drg,MDCB,BB11,has_mcc',
        '8,drg,MDCB,BB15,sex == 1',
        ...steps.slice(8, 10),
        '11,drg,MDCB,BR15,always',
        '12,ambiguous,MDCB,BQY,principal_procedure in @valid_procedures',
      ],
      'groups.csv': [...SOUND['groups.csv'].slice(1).with(2, 'BB15,开颅手术，男'), 'BR15,脑梗死，其他'],
      'lists.csv': [...SOUND['lists.csv'].slice(1).with(1, 'BB1.px,01.2408,b'), 'BB1.px,02.0503,a'],
      'mcc.csv': ['J96.000,2', 'J80.x00,2'],
    }),
  ).scheme;
  const diff = diffSchemes(before, after);
  assert.deepEqual(diff.groups, {
    came: [{ code: 'BR15', name: '脑梗死，其他' }],
    went: [{ code: 'PS19', name: '极低体重儿' }],
    renamed: [{ code: 'BB15', before: '开颅手术', after: '开颅手术，男' }],
  });
  const codes = (places: readonly { code: string }[]) => places.map(({ code }) => code);
  assert.deepEqual(codes(diff.steps.came), ['BR15']);
  assert.deepEqual(codes(diff.steps.went), ['MDCP', 'PS1', 'PS19']);
  assert.deepEqual(codes(diff.steps.changed), ['BB15'], 'blanks are no change');
  assert.equal(diff.steps.moved.length, 1);
  assert.deepEqual(diff.lists, [
    { name: '@MDCP', change: 'went', came: [], went: ['P07.000'], changed: [] },
    {
      name: '@BB1.px',
      change: 'changed',
      came: ['02.0503'],
      went: [],
      changed: [{ code: '01.2408', before: 'a', after: 'b' }],
    },
    {
      name: 'mcc.csv',
      change: 'changed',
      came: [],
      went: [],
      changed: [{ code: 'J96.000', before: '1', after: '2' }],
    },
  ]);
});
