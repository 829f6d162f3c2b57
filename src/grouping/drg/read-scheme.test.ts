import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type Problem, renderProblem, YibaoError } from '#kernel/errors.ts';
import { temporaryFolder } from '../../../test/support/run-cli.ts';
import { testWithSharedData } from '../../../test/support/shared-data.ts';
import { readScheme } from './read-scheme.ts';
import { SOUND, writeScheme } from './testing.ts';

type Changes = Readonly<Record<string, readonly string[] | null>>;

const short = ({ definition, file, row }: Problem) =>
  `${definition.code} ${file}${row === undefined ? '' : `:${row}`}`;

/** A file of SOUND with line `at` (of the file, the header being 1) replaced; `after` adds one behind it. */
const replaced = (file: keyof typeof SOUND, at: number, line: string): Changes => ({
  [file]: SOUND[file].with(at - 2, line),
});
const added = (file: keyof typeof SOUND, after: number, line: string): Changes => ({
  [file]: SOUND[file].toSpliced(after - 1, 0, line),
});
const step = (at: number, line: string): Changes => replaced('steps.csv', at, line);
/** Step 8 (line 9), whose condition is replaced. */
const condition = (text: string): Changes => step(9, `8,drg,MDCB,BB15,"${text.replaceAll('"', '""')}"`);

const REFUSED: readonly [title: string, changes: Changes, expected: readonly string[]][] = [
  ['a file that is missing', { 'cc.csv': null }, ['drg.file-missing cc.csv']],
  [
    'a file with only a header where rows are needed',
    { 'groups.csv': [] },
    [
      'drg.no-name steps.csv:4',
      'drg.no-name steps.csv:7',
      'drg.no-name steps.csv:8',
      'drg.no-name steps.csv:9',
      'drg.no-rows groups.csv',
    ],
  ],
  [
    'too few cells in a line',
    replaced('lists.csv', 3, 'MDCB,I63.900'),
    ['drg.unknown-list steps.csv:5', 'drg.cell-count lists.csv:3'],
  ],
  ['a quote that is not closed', replaced('groups.csv', 3, '"BB11,开颅'), ['drg.bad-csv groups.csv:3']],
  ['a seq that is not a number', step(4, 'x3,drg,MDCP,PS19,always'), ['drg.bad-seq steps.csv:4']],
  ['a seq that stands twice', step(4, '2,drg,MDCP,PS19,always'), ['drg.seq-order steps.csv:4']],
  ['a seq that goes back', step(4, '1,drg,MDCP,PS19,always'), ['drg.seq-order steps.csv:4']],
  ['an unknown level', step(12, '11,ambigous,MDCB,BQY,always'), ['drg.unknown-level steps.csv:12']],
  ['a step without a code', step(12, '11,ambiguous,MDCB,,always'), ['drg.empty-field steps.csv:12']],
  ['a step without a condition', step(12, '11,ambiguous,MDCB,BQY,'), ['drg.empty-field steps.csv:12']],
  [
    'an adrg before any mdc',
    step(2, '1,adrg,MDCP,PS0,always'),
    ['drg.outside-mdc steps.csv:2', 'drg.outside-mdc steps.csv:3', 'drg.outside-mdc steps.csv:4'],
  ],
  [
    'a drg straight under an mdc',
    step(3, '2,drg,MDCP,PS19,always'),
    ['drg.outside-adrg steps.csv:3', 'drg.outside-adrg steps.csv:4'],
  ],
  [
    'a drg behind an ambiguous step',
    added('steps.csv', 12, '12,drg,MDCB,BB15,always'),
    ['drg.outside-adrg steps.csv:13'],
  ],
  [
    'an ambiguous step under an adrg',
    step(11, '10,ambiguous,MDCB,BQX,always'),
    ['drg.ambiguous-under-adrg steps.csv:11'],
  ],
  ['a step of another section', step(9, '8,drg,MDCX,BB15,always'), ['drg.wrong-mdc steps.csv:9']],
  ['a drg of another adrg', step(9, '8,drg,MDCB,BR1,always'), ['drg.foreign-drg steps.csv:9']],
  ['a group without a line in groups.csv', step(9, '8,drg,MDCB,BB19,always'), ['drg.no-name steps.csv:9']],
  ['a group whose name is empty', replaced('groups.csv', 2, 'PS19,'), ['drg.no-name groups.csv:2']],
  ['a group with two names', added('groups.csv', 2, 'PS19,别的'), ['drg.other-name groups.csv:3']],
  ['an unknown list', condition('any_diagnosis in @NOPE'), ['drg.unknown-list steps.csv:9']],
  [
    'an unknown list of diagnosis_sites',
    condition('diagnosis_sites(@NOPE) >= 2'),
    ['drg.unknown-list steps.csv:9'],
  ],
  ['an unknown part', condition('any_procedure in @BB1.px/c'), ['drg.unknown-part steps.csv:9']],
  [
    'a part of valid_procedures',
    condition('any_procedure in @valid_procedures/a'),
    ['drg.unknown-part steps.csv:9'],
  ],
  ['a list that is named but empty', replaced('lists.csv', 3, 'MDCB,,'), ['drg.empty-list steps.csv:5']],
  [
    'valid_procedures empty and needed',
    { 'valid_procedures.csv': [] },
    ['drg.empty-list steps.csv:10', 'drg.empty-list steps.csv:12'],
  ],
  ['mcc empty and needed', { 'mcc.csv': [] }, ['drg.empty-list steps.csv:7', 'drg.empty-list steps.csv:8']],
  ['an empty list written in place', condition('any_procedure in []'), ['drg.empty-list steps.csv:9']],
  ['a gap among the codes of a list', added('lists.csv', 5, 'BB1.px,,'), ['drg.empty-field lists.csv:6']],
  [
    'a list with the reserved name',
    added('lists.csv', 5, 'valid_procedures,01.0000,'),
    ['drg.reserved-list lists.csv:6'],
  ],
  ['an unknown test', condition('secondary_diagnosis in @MDCB'), ['drg.unknown-test steps.csv:9']],
  ['an unknown test after a number', condition('2 <= age_months < 6'), ['drg.unknown-test steps.csv:9']],
  ['a test in capitals', condition('HAS_MCC'), ['drg.unknown-test steps.csv:9']],
  ['an unknown operator', condition('age_years != 3'), ['drg.unknown-operator steps.csv:9']],
  ['= instead of ==', condition('age_years = 3'), ['drg.unknown-operator steps.csv:9']],
  ['not in', condition('any_diagnosis not in @MDCB'), ['drg.unknown-operator steps.csv:9']],
  ['sex compared by order', condition('sex >= 1'), ['drg.unknown-operator steps.csv:9']],
  ['a sex that is none', condition('sex == 3'), ['drg.condition-syntax steps.csv:9']],
  ['a parenthesis that is not closed', condition('(has_mcc or has_cc'), ['drg.condition-syntax steps.csv:9']],
  ['a parenthesis too many', condition('has_mcc)'), ['drg.condition-syntax steps.csv:9']],
  ['and without anything behind it', condition('has_mcc and'), ['drg.condition-syntax steps.csv:9']],
  ['two tests without and', condition('has_mcc has_cc'), ['drg.condition-syntax steps.csv:9']],
  ['a comparison without a number', condition('age_days <='), ['drg.condition-syntax steps.csv:9']],
  ['a number that is none', condition('age_days <= 2x'), ['drg.condition-syntax steps.csv:9']],
  [
    'a quote that is not closed in a condition',
    condition("disposition in ['2]"),
    ['drg.condition-syntax steps.csv:9'],
  ],
  ['a full-width parenthesis', condition('（has_mcc）'), ['drg.condition-syntax steps.csv:9']],
  ['an empty value in place', condition("any_diagnosis in ['']"), ['drg.condition-syntax steps.csv:9']],
  ['program text instead of a condition', condition('process.exit(0)'), ['drg.unknown-test steps.csv:9']],
  [
    'conditions nested beyond reason',
    condition(`${'('.repeat(300)}always${')'.repeat(300)}`),
    ['drg.condition-syntax steps.csv:9'],
  ],
];

function problemsOf(folder: string): readonly Problem[] {
  try {
    readScheme(folder);
  } catch (error) {
    assert.ok(error instanceof YibaoError, String(error));
    assert.equal(error.exitCode, 3);
    return error.problems;
  }
  return [];
}

describe('a broken scheme is refused with file and line', () => {
  for (const [title, changes, expected] of REFUSED) {
    test(title, (t) => {
      const problems = problemsOf(writeScheme(temporaryFolder(t), changes));
      assert.deepEqual(problems.map(short), expected);
      for (const language of ['zh', 'en'] as const) {
        for (const problem of problems) {
          assert.doesNotMatch(renderProblem(problem, language), /[{}]|undefined/, 'a gap in the message');
        }
      }
    });
  }

  test('a missing, a repeated and an extra column', (t) => {
    const folder = writeScheme(temporaryFolder(t));
    writeFileSync(join(folder, 'cc.csv'), 'code,list\nE11.900,3\n');
    writeFileSync(join(folder, 'groups.csv'), 'drg,name,name\nBB11,a,b\n');
    assert.deepEqual(problemsOf(folder).map(short), [
      'drg.repeated-column groups.csv:1',
      'drg.missing-column cc.csv:1',
    ]);
  });

  test('text that is neither UTF-8 nor GB18030', (t) => {
    const folder = writeScheme(temporaryFolder(t));
    writeFileSync(join(folder, 'groups.csv'), Buffer.from([0x64, 0x72, 0x67, 0xff, 0xff, 0x0a]));
    assert.deepEqual(problemsOf(folder).map(short), ['drg.wrong-encoding groups.csv']);
  });

  test('all problems of all files are told at once, in the order of files and lines', (t) => {
    const folder = writeScheme(temporaryFolder(t), {
      ...step(9, '8,drg,MDCB,BB15,any_diagnosis in @NOPE'),
      ...replaced('groups.csv', 2, 'PS19,'),
      'cc.csv': [',3'],
      'exclusions.csv': null,
    });
    assert.deepEqual(
      problemsOf(folder).map(short),
      [
        'drg.unknown-list steps.csv:9',
        'drg.no-name groups.csv:2',
        'drg.empty-field cc.csv:2',
        'drg.file-missing exclusions.csv',
        'drg.empty-list steps.csv:8',
      ].toSorted((a, b) => order(a) - order(b)),
    );
  });
});

const FILES = ['steps.csv', 'groups.csv', 'cc.csv', 'exclusions.csv'];
const order = (problem: string) => {
  const [, file, row] = /(\w+\.csv)(?::(\d+))?$/.exec(problem)!;
  return FILES.indexOf(file!) * 1000 + Number(row ?? 0);
};

const warningsOf = (folder: string) => readScheme(folder).warnings.map(short);

describe('what is odd is reported and the scheme can be used', () => {
  test('nothing about a sound scheme', (t) => {
    assert.deepEqual(warningsOf(writeScheme(temporaryFolder(t))), []);
  });

  const steps = (...lines: string[]): Changes => ({ 'steps.csv': lines });
  const HEAD = SOUND['steps.csv'].slice(0, 3);
  const TAIL = (...lines: string[]) =>
    steps(...HEAD, '4,mdc,MDCB,MDCB,principal_diagnosis in @MDCB', ...lines);
  const cases: readonly [title: string, changes: Changes, expected: RegExp | string][] = [
    [
      'a drg behind an always',
      TAIL('5,adrg,MDCB,BB1,has_cc', '6,drg,MDCB,BB15,always', '7,drg,MDCB,BB11,has_mcc'),
      'drg.unreachable-step steps.csv:8',
    ],
    [
      'the fallback behind an always',
      TAIL('5,adrg,MDCB,BB1,has_cc', '6,drg,MDCB,BB15,always', '7,drg,MDCB,BB1,always'),
      'drg.unreachable-fallback steps.csv:8',
    ],
    [
      'an adrg behind one that always gives a result',
      TAIL(
        '5,adrg,MDCB,BB1,always',
        '6,drg,MDCB,BB15,always',
        '7,adrg,MDCB,BR1,has_cc',
        '8,drg,MDCB,BR1,always',
      ),
      'drg.unreachable-step steps.csv:8',
    ],
    [
      'a condition that stood before',
      TAIL('5,adrg,MDCB,BB1,has_cc', '6,drg,MDCB,BB11,has_mcc', '7,drg,MDCB,BB13,( has_mcc )'),
      'drg.repeated-condition steps.csv:8',
    ],
    [
      'a list whose codes are all taken before',
      TAIL(
        '5,adrg,MDCB,BB1,any_procedure in @BB1.px',
        '6,drg,MDCB,BB15,always',
        '7,adrg,MDCB,BR1,any_procedure in @BB1.px/a',
        '8,drg,MDCB,BR1,always',
      ),
      'drg.shadowed-step steps.csv:8',
    ],
    [
      'numbers that contradict each other',
      TAIL('5,adrg,MDCB,BB1,age_days > 28 and age_days <= 28', '6,drg,MDCB,BB15,always'),
      'drg.impossible-condition steps.csv:6',
    ],
    [
      'a principal diagnosis that the section excludes',
      TAIL('5,adrg,MDCB,BB1,principal_diagnosis in @SITE', '6,drg,MDCB,BB15,always'),
      'drg.impossible-condition steps.csv:6',
    ],
    ['an adrg without drg steps', TAIL('5,adrg,MDCB,BB1,has_cc'), 'drg.adrg-without-drg steps.csv:6'],
    ['a group no step gives', added('groups.csv', 3, 'BX11,别的'), 'drg.group-never-reached groups.csv:4'],
    [
      'a group only an unreachable step gives',
      TAIL('5,adrg,MDCB,BB1,has_cc', '6,drg,MDCB,BB15,always', '7,drg,MDCB,BB11,has_mcc'),
      'drg.group-never-reached groups.csv:3',
    ],
    [
      'an ambiguous result without a name',
      replaced('groups.csv', 7, 'BQX,x'),
      'drg.unnamed-result steps.csv:12',
    ],
    [
      'a code that stands twice in a list',
      added('lists.csv', 3, 'MDCB,I63.900,'),
      'drg.code-twice lists.csv:4',
    ],
    [
      'a code that stands twice in a part',
      added('lists.csv', 4, 'BB1.px,01.2408,a'),
      'drg.code-twice lists.csv:5',
    ],
    [
      'a procedure that stands twice',
      added('valid_procedures.csv', 2, '01.2408'),
      'drg.code-twice valid_procedures.csv:3',
    ],
    [
      'a complication with two exclusion lists',
      added('mcc.csv', 2, 'J96.000,2'),
      'drg.other-value mcc.csv:3',
    ],
    ['a code of several sites', added('lists.csv', 7, 'SITE,S27.000,head'), 'drg.several-parts lists.csv:8'],
    [
      'a site list with codes without a part',
      added('lists.csv', 7, 'SITE,S99.000,'),
      'drg.no-part lists.csv:6',
    ],
    ['a code in both mcc.csv and cc.csv', added('cc.csv', 2, 'J96.000,1'), 'drg.cc-and-mcc cc.csv:3'],
    ['a list no step uses', added('lists.csv', 3, 'XX1,A00.000,'), 'drg.unused-list lists.csv:4'],
  ];
  for (const [title, changes, expected] of cases) {
    test(title, (t) => {
      const found = warningsOf(writeScheme(temporaryFolder(t), changes));
      assert.ok(found.includes(String(expected)), found.join('\n'));
    });
  }

  test('a column that is not read', (t) => {
    const folder = writeScheme(temporaryFolder(t));
    writeFileSync(join(folder, 'cc.csv'), 'code,exclusion_list,remark\nE11.900,3,x\n');
    assert.deepEqual(warningsOf(folder), ['drg.extra-column cc.csv:1']);
  });

  test('a file in GB18030 with columns in another order reads the same', (t) => {
    const folder = writeScheme(temporaryFolder(t));
    const sound = readScheme(folder).scheme;
    // 脑 is 0xC4D4, 梗 0xB9A3, 死 0xCBC0 in GB18030
    const name = Buffer.from([0xc4, 0xd4, 0xb9, 0xa3, 0xcb, 0xc0]);
    const rest = 'PS19,a\nBB11,b\nBB13,c\nBB15,d\nBQY,e\n'.replaceAll(/(\w+),(\w)/g, '$2,$1');
    writeFileSync(
      join(folder, 'groups.csv'),
      Buffer.concat([Buffer.from('name,drg\n'), name, Buffer.from(`,BR1\n${rest}`)]),
    );
    assert.equal(readScheme(folder).scheme.groups.get('BR1'), sound.groups.get('BR1'));
  });
});

testWithSharedData('the CHS-DRG 1.1 scheme is accepted, with its 376 fallback steps noted', (data) => {
  const { scheme, warnings } = readScheme(join(data, 'drg', 'chs-drg-1.1'));
  assert.equal(scheme.steps.length, 1406);
  const counts = Object.groupBy(warnings, ({ definition }) => definition.code);
  assert.deepEqual(
    Object.entries(counts)
      .map(([code, problems]) => `${code} ${problems!.length}`)
      .toSorted(),
    ['drg.code-twice 92', 'drg.unknown-exclusion 2', 'drg.unreachable-fallback 376'],
  );
});
