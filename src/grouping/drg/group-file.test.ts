import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { YibaoError } from '#kernel/errors.ts';
import { temporaryFolder } from '../../../test/support/run-cli.ts';
import { compileScheme } from './compile.ts';
import { groupFile } from './group-file.ts';
import { readScheme } from './read-scheme.ts';
import { writeScheme } from './testing.ts';

const HEADER =
  'case_id,sex,age_years,age_days,birth_weight_g,length_of_stay,disposition,diagnoses,procedures';

type Test = { readonly after: (remove: () => void) => void };

/** Groups a file by the small scheme; the lines of the result. */
async function grouped(
  t: Test,
  cases: string | Buffer,
  options: { readonly explain?: boolean; readonly out?: string; readonly language?: 'zh' | 'en' } = {},
) {
  const folder = temporaryFolder(t);
  const { scheme } = readScheme(writeScheme(join(folder, 'scheme')));
  writeFileSync(join(folder, 'cases.csv'), cases);
  const out = join(folder, options.out ?? 'out.csv');
  const counts = await groupFile({
    program: compileScheme(scheme),
    cases: join(folder, 'cases.csv'),
    out,
    explainBy: options.explain ? scheme : undefined,
    language: options.language ?? 'en',
  });
  assert.deepEqual(readdirSync(folder).toSorted(), ['cases.csv', options.out ?? 'out.csv', 'scheme']);
  return { lines: readFileSync(out, 'utf8').trimEnd().split('\n'), counts };
}

const codesOf = async (run: Promise<unknown>): Promise<string[]> => {
  try {
    await run;
  } catch (error) {
    assert.ok(error instanceof YibaoError, String(error));
    return error.problems.map(({ definition, row, field }) => [definition.code, row, field].join(' ').trim());
  }
  return [];
};

describe('grouping a file of cases', () => {
  test('every status, in the order of the file', async (t) => {
    const { lines, counts } = await grouped(
      t,
      [
        HEADER,
        'a,1,60,,,7,1,I63.900|J96.000,01.2408',
        'b,2,60,,,7,1,I63.900,01.2409',
        'c,2,60,,,7,1,Z99.900,',
        'd,2,60,,,7,1,|I63.900,01.2409',
        'e,1,60,,,7,2, I63.900 ,',
        'f,2,60,,,7,1,I63.900,',
      ].join('\n'),
    );
    assert.deepEqual(lines, [
      'case_id,mdc,adrg,drg,status,reason',
      'a,MDCB,BB1,BB11,grouped,',
      'b,MDCB,,BQY,ambiguous,',
      'c,,,0000,ungrouped,',
      'd,,,,invalid,the principal diagnosis (first code of diagnoses) is missing',
      'e,MDCB,BR1,BR1,grouped,',
      'f,,,0000,ungrouped,',
    ]);
    assert.deepEqual(counts, {
      cases: 6,
      grouped: 2,
      ambiguous: 1,
      ungrouped: 2,
      invalid: 1,
      columnsMissing: ['department'],
    });
  });

  test('what makes a case invalid, and what is only missing', async (t) => {
    const row = (id: string, changes: Partial<Record<string, string>>) => {
      const values: Record<string, string> = {
        case_id: id,
        sex: '1',
        age_years: '0',
        age_days: '3',
        birth_weight_g: '1400',
        length_of_stay: '5',
        disposition: '1',
        diagnoses: 'P07.000',
        procedures: '',
        ...changes,
      };
      return HEADER.split(',')
        .map((column) => values[column])
        .join(',');
    };
    const { lines } = await grouped(
      t,
      [
        HEADER,
        row('sound', {}),
        row('decimals', { birth_weight_g: '1400.5' }),
        row('no weight', { birth_weight_g: '' }),
        row('sex not stated', { sex: '9' }),
        row('', {}),
        row('no diagnosis', { diagnoses: ' ' }),
        row('word', { age_years: 'zero' }),
        row('below zero', { age_days: '-1' }),
        row('exponent', { length_of_stay: '1e1' }),
        row('sex', { sex: '男' }),
        `${row('ragged', {})},x`,
        row('twice', {}),
        row('twice', {}),
      ].join('\r\n'),
    );
    assert.deepEqual(lines.slice(1), [
      'sound,MDCP,PS1,PS19,grouped,',
      'decimals,MDCP,PS1,PS19,grouped,',
      'no weight,,,0000,ungrouped,',
      'sex not stated,MDCP,PS1,PS19,grouped,',
      ',,,,invalid,case_id is empty',
      'no diagnosis,,,,invalid,the principal diagnosis (first code of diagnoses) is missing',
      'word,,,,invalid,"age_years ""zero"" is not a number, or below zero"',
      'below zero,,,,invalid,"age_days ""-1"" is not a number, or below zero"',
      'exponent,,,,invalid,"length_of_stay ""1e1"" is not a number, or below zero"',
      'sex,,,,invalid,"sex ""男"" must be 1 (male) or 2 (female); 0, 9 or nothing where it is unknown"',
      'ragged,,,,invalid,"the line has 10 columns, the header 9; put values with commas in quotes"',
      'twice,,,,invalid,"case_id stands on several lines, none of them is grouped; keep one"',
      'twice,,,,invalid,"case_id stands on several lines, none of them is grouped; keep one"',
    ]);
  });

  test('columns in any order, others not read, optional ones used', async (t) => {
    const { lines } = await grouped(
      t,
      'procedures,remark,diagnoses,department,disposition,length_of_stay,birth_weight_g,age_days,age_years,sex,case_id\n' +
        ',"x, y",I63.900,ICU,1,3,,,50,2,a\n,,I63.900,,1,3,,,50,2,b\n',
    );
    assert.deepEqual(lines.slice(1), ['a,MDCB,BR1,BR1,grouped,', 'b,,,0000,ungrouped,']);
  });

  test('GB18030, a byte order mark, semicolons: the same result', async (t) => {
    const text = `${HEADER},remark\n甲,1,60,,,7,1,I63.900|J96.000,01.2408,x\n`;
    const expected = ['甲,MDCB,BB1,BB11,grouped,'];
    assert.deepEqual((await grouped(t, text)).lines.slice(1), expected);
    assert.deepEqual((await grouped(t, `\ufeff${text}`)).lines.slice(1), expected);
    assert.deepEqual((await grouped(t, text.replaceAll(',', ';'))).lines.slice(1), expected);
    // 甲 is 0xBCD7 in GB18030
    const [before, after] = text.split('甲') as [string, string];
    const gb18030 = Buffer.concat([Buffer.from(before), Buffer.from([0xbc, 0xd7]), Buffer.from(after)]);
    assert.deepEqual((await grouped(t, gb18030)).lines.slice(1), expected);
  });

  test('the steps that decided, with the codes and values that satisfied them', async (t) => {
    const cases = `${HEADER}\na,1,60,,,7,1,I63.900|J96.000,01.2408\nb,2,60,,,7,1,I63.900,\nc,2,0,,,7,1,Z99.900,\n`;
    const { lines } = await grouped(t, cases, { explain: true });
    assert.deepEqual(lines, [
      'case_id,mdc,adrg,drg,status,reason,explanation',
      'a,MDCB,BB1,BB11,grouped,,#4 mdc MDCB: principal_diagnosis in @MDCB [I63.900]; #5 adrg BB1: any_procedure in @BB1.px [01.2408] and any_procedure in @BB1.px/a [01.2408]; #6 drg BB11: has_mcc [J96.000]',
      'b,,,0000,ungrouped,,"(#4 mdc MDCB: principal_diagnosis in @MDCB [I63.900], no result)"',
      'c,,,0000,ungrouped,,',
    ]);
    const json = await grouped(t, cases, { explain: true, out: 'out.jsonl' });
    const first = JSON.parse(json.lines[0]!);
    assert.equal(first.drg, 'BB11');
    assert.deepEqual(first.steps[2].tests, [{ test: 'has_mcc', holds: true, by: ['J96.000'] }]);
    assert.equal(JSON.parse(json.lines[1]!).left[0].code, 'MDCB');
  });

  test('ids that stand twice in JSON lines too', async (t) => {
    const cases = `${HEADER}\na,1,60,,,7,1,I63.900,\nb,2,60,,,7,1,I63.900,\na,1,60,,,7,1,I63.900,\n`;
    const { lines, counts } = await grouped(t, cases, { out: 'out.jsonl' });
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).status),
      ['invalid', 'ungrouped', 'invalid'],
    );
    assert.deepEqual([counts.invalid, counts.ungrouped], [2, 1]);
  });

  test('a file that cannot be read as a whole is refused and leaves nothing behind', async (t) => {
    const sound = `${HEADER}\na,1,60,,,7,1,I63.900,\n`;
    assert.deepEqual(await codesOf(grouped(t, sound.replace('sex,', 'gender,'))), [
      'drg.missing-column 1 sex',
    ]);
    assert.deepEqual(await codesOf(grouped(t, sound.replace('case_id,sex', 'case_id,case_id'))), [
      'drg.repeated-column 1 case_id',
      'drg.missing-column 1 sex',
    ]);
    assert.deepEqual(await codesOf(grouped(t, `${HEADER}\n`)), ['drg.no-cases']);
    assert.deepEqual(await codesOf(grouped(t, '')), [
      'drg.missing-column 1 case_id',
      'drg.missing-column 1 sex',
      'drg.missing-column 1 age_years',
      'drg.missing-column 1 age_days',
      'drg.missing-column 1 birth_weight_g',
      'drg.missing-column 1 disposition',
      'drg.missing-column 1 diagnoses',
      'drg.missing-column 1 procedures',
    ]);
    assert.deepEqual(await codesOf(grouped(t, `${sound}b,1,"60,,,7`)), ['intake.unclosed-quote 3']);
    const broken = Buffer.concat([Buffer.from(`${sound}b,1,60,,,7,1,`), Buffer.from([0xff, 0xff, 0x0a])]);
    assert.deepEqual(await codesOf(grouped(t, broken)), ['intake.wrong-encoding 3']);
    assert.deepEqual(await codesOf(grouped(t, sound, { out: 'cases.csv' })), ['drg.over-cases']);
    assert.deepEqual(await codesOf(grouped(t, sound, { out: 'scheme' })), ['drg.out-not-writable']);
    assert.deepEqual(await codesOf(grouped(t, sound, { out: 'nowhere/out.csv' })), ['drg.out-not-writable']);
  });
});
