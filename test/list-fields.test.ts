import assert from 'node:assert/strict';

import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { reduceList } from '#claims/intake/json-list.ts';
import { Engine, literal } from '#engine/duckdb.ts';
import { explainCase, renderCaseExplanation, settlementWarnings, settleYear } from '#payment/index.ts';
import { AreaFolder, LIST_HEADER, listLine, SMALL_AREA_YEAR, smallLists } from './support/area-folder.ts';
import { temporaryFolder } from './support/run-cli.ts';
import { settleToFiles } from './support/settle-files.ts';

/**
 * Fields of a list beyond the fifteen columns of the reference profile, from the file to the payment: the kind of stay
 * (ipt_med_type, 2 is day surgery) and the time in intensive care.
 */

type Row = Readonly<Record<string, string>>;
const rowsOf = (text: string): Row[] => parse(text, { columns: true }) as Row[];

const CATALOGUE = `病种编码,病种名称,病种类型,主要诊断,手术操作,分值,均次费用
A1,阑尾炎,核心,K35.9,,700,
A2,腹腔镜阑尾切除,核心,K35.9,47.0100,1338.3383,
A4,日间腹腔镜阑尾切除,日间手术,K35.9,47.0100,900,
`;

const LISTS = smallLists();
/** Every third appendectomy of the payment year is day surgery. */
const DAY_SURGERY = LISTS.filter(
  ({ setl_id, procedures }) => setl_id!.startsWith('2025') && procedures === '47.0100',
)
  .filter((_, index) => index % 3 === 0)
  .map(({ setl_id }) => setl_id!);

const YEAR_FILES = ['settlement_lists/2022-2024.csv', 'settlement_lists/2025.csv'];

/** Rewrites the lists of the area with one more column. */
function withColumn(area: AreaFolder, header: string, cell: (setlId: string) => string): void {
  for (const name of YEAR_FILES) {
    const years = name.includes('2025') ? ['2025'] : ['2022', '2023', '2024'];
    const own = LISTS.filter(({ setl_id }) => years.includes(setl_id!.slice(0, 4)));
    const lines = own.map((list) => `${listLine(list)},${cell(list.setl_id!)}`);
    area.write(name, [`${LIST_HEADER},${header}`, ...lines, ''].join('\n'));
  }
}

function catalogueArea(test: TestContext): AreaFolder {
  const area = new AreaFolder(join(temporaryFolder(test), 'area'));
  area.replace('area.yaml', 'profile: reference', 'profile: dip-3.0-draft');
  area.write('catalogue.csv', CATALOGUE);
  return area;
}

const groupsOf = (files: Record<string, string>, code: string): string[] =>
  rowsOf(files['cases.csv']!)
    .filter(({ group_code }) => group_code === code)
    .map(({ setl_id }) => setl_id!)
    .toSorted();

test('a list that says day surgery is in the day-surgery group, whichever name and format the field has', async (test) => {
  assert.ok(DAY_SURGERY.length > 1);
  const area = catalogueArea(test);
  const type = (setlId: string) => (DAY_SURGERY.includes(setlId) ? ' 2 ' : '1');
  withColumn(area, 'ipt_med_type', type);
  const byCode = await settleToFiles(area.path, SMALL_AREA_YEAR);
  assert.deepEqual(groupsOf(byCode, 'A4'), DAY_SURGERY.toSorted());
  assert.ok(groupsOf(byCode, 'A2').length > 0);

  withColumn(area, '住院医疗类型', type);
  const byName = await settleToFiles(area.path, SMALL_AREA_YEAR);
  assert.equal(byName['cases.csv'], byCode['cases.csv']);

  const engine = await Engine.open();
  try {
    const csv = join(area.path, YEAR_FILES[1]!);
    await engine.run(
      `COPY (SELECT * REPLACE (CAST("住院医疗类型" AS INTEGER) AS "住院医疗类型") FROM read_csv(${literal(csv)}, all_varchar = true))
       TO ${literal(csv.replace('.csv', '.parquet'))} (FORMAT parquet)`,
    );
  } finally {
    engine.close();
  }
  area.remove(YEAR_FILES[1]!);
  const byParquet = await settleToFiles(area.path, SMALL_AREA_YEAR);
  assert.equal(byParquet['cases.csv'], byCode['cases.csv']);
});

test('a catalogue with day-surgery groups says aloud when the lists cannot be in them', async (test) => {
  const area = catalogueArea(test);
  const engine = await Engine.open();
  try {
    const settlement = await settleYear(engine, { areaFolder: area.path, year: SMALL_AREA_YEAR });
    const warnings = await settlementWarnings(engine, settlement);
    assert.ok(warnings.some(({ zh, en }) => zh.includes('ipt_med_type') && en.includes('ipt_med_type')));
    const { grouped } = await engine.row(
      `SELECT count(*) AS grouped FROM case_result WHERE group_code = 'A4'`,
    );
    assert.equal(grouped, 0n);
  } finally {
    engine.close();
  }
});

test('the explanation of a list says whether it is day surgery, where a group asks', async (test) => {
  const area = catalogueArea(test);
  withColumn(area, 'ipt_med_type', (setlId) => (DAY_SURGERY.includes(setlId) ? '2' : '1'));
  const engine = await Engine.open();
  try {
    const settlement = await settleYear(engine, { areaFolder: area.path, year: SMALL_AREA_YEAR });
    assert.ok(!(await settlementWarnings(engine, settlement)).some(({ zh }) => zh.includes('ipt_med_type')));
    const other = LISTS.find(
      ({ setl_id, procedures }) =>
        setl_id!.startsWith('2025') && procedures === '47.0100' && !DAY_SURGERY.includes(setl_id!),
    )!;
    const textOf = async (setlId: string) =>
      renderCaseExplanation(await explainCase(engine, settlement, setlId), 'zh');
    assert.match(await textOf(DAY_SURGERY[0]!), /ipt_med_type）2：日间手术/);
    assert.match(await textOf(other.setl_id!), /不是日间手术/);
  } finally {
    engine.close();
  }
});

test('the reference profile gives the same bytes with and without the fields it does not read', async (test) => {
  const area = new AreaFolder(join(temporaryFolder(test), 'area'));
  const plain = await settleToFiles(area.path, SMALL_AREA_YEAR);
  withColumn(area, 'ipt_med_type,scs_cutd_sum_dura', () => '2,3/4/5');
  const more = await settleToFiles(area.path, SMALL_AREA_YEAR);
  const { 'manifest.json': _plain, ...results } = plain;
  const { 'manifest.json': _more, ...same } = more;
  assert.deepEqual(same, results);
});

test('a message of the national form gives the kind of stay and the time in intensive care of all its stays', () => {
  const read = (icuinfo: readonly Record<string, string>[] | undefined) => {
    const { values } = reduceList({
      setlinfo: { setl_id: '1', ipt_med_type: '2' },
      ...(icuinfo ? { icuinfo } : {}),
    });
    return values.slice(-2);
  };
  assert.deepEqual(read(undefined), ['2', null]);
  assert.deepEqual(read([{ scs_cutd_sum_dura: '1/13/24' }]), ['2', '1/13/24']);
  const byTimes = {
    scs_cutd_inpool_time: '2025-03-01 22:00:00',
    scs_cutd_exit_time: '2025-03-03 01:30:59',
  };
  assert.deepEqual(read([{ scs_cutd_sum_dura: '1/13/24' }, byTimes]), ['2', '2/16/54']);
  // what cannot be read is not guessed
  assert.deepEqual(read([{ scs_cutd_sum_dura: '30h' }, byTimes]), ['2', '30h']);
  assert.deepEqual(
    read([{ scs_cutd_inpool_time: '2025-03-03 00:00:00', scs_cutd_exit_time: '2025-03-01 00:00:00' }]),
    ['2', '?'],
  );
});

const TYPES = `families:
  icu:
    title: { zh: 重症监护, en: Intensive care }
    types:
      icu-2: { title: { zh: 2 天及以上, en: 2 days and above }, when: { icu_days: { from: 2 } } }
`;

/** Minutes in intensive care of one list, by the place that says it; days as typing sees them. */
async function intensiveCareDays(area: AreaFolder): Promise<ReadonlyMap<string, number | null>> {
  const engine = await Engine.open();
  try {
    await settleYear(engine, { areaFolder: area.path, year: SMALL_AREA_YEAR });
    const rows = await engine.rows(
      `SELECT a.setl_id, f.icu_days FROM typing_fact AS f JOIN accepted_list AS a ON a.list_no = f.list_no
       WHERE a.setl_id IS NOT NULL AND f.icu_days IS NOT NULL ORDER BY a.setl_id`,
    );
    return new Map(rows.map((row) => [String(row.setl_id), Number(row.icu_days)]));
  } finally {
    engine.close();
  }
}

test('days in intensive care come from case_details.csv, then the list, then the icuinfo nodes of the national form', async (test) => {
  const area = catalogueArea(test);
  area.write('types.yaml', TYPES);
  area.append(
    'area.yaml',
    `  typing.types:
    unit: name
    values:
      2025-01-01: {value: "types.yaml", from: local-2025, article: 第三条}
  typing.method:
    unit: choice
    values:
      2025-01-01: {value: "highest-trigger", from: local-2025, article: 第三条}
${['disease_cases', 'type_cases', 'loose.disease_cases', 'loose.type_cases']
  .map(
    (name) =>
      `  typing.${name}:\n    unit: cases\n    values:\n      2025-01-01: {value: "1", from: local-2025, article: 第三条}\n`,
  )
  .join('')}`,
  );
  const [first, second, third, fourth, fifth] = LISTS.filter(({ setl_id }) =>
    setl_id!.startsWith('2025'),
  ).map(({ setl_id }) => setl_id!);
  withColumn(area, 'scs_cutd_sum_dura', (setlId) =>
    setlId === first ? '2/0/1' : setlId === second ? '9/0/0' : setlId === fifth ? '1/0/0' : '',
  );
  area.write(
    'national_form/icuinfo.csv',
    `setl_id,scs_cutd_ward_type,scs_cutd_inpool_time,scs_cutd_exit_time,scs_cutd_sum_dura
${third},4,2025-01-01 00:00:00,2025-01-02 00:00:00,
${third},4,2025-01-03 00:00:00,2025-01-04 00:00:00,1/0/0
${fourth},4,,,30h
${fifth},4,,,7/0/0
`,
  );
  area.write('case_details.csv', `setl_id,icu_days,treatment_fee,drug_fee\n${second},4,,\n`);
  // a day that has begun counts; 30h is no duration, and what the list says goes before the nodes
  assert.deepEqual(
    await intensiveCareDays(area),
    new Map([
      [first, 3],
      [second, 4],
      [third, 2],
      [fifth, 1],
    ]),
  );
  const manifest = JSON.parse((await settleToFiles(area.path, SMALL_AREA_YEAR))['manifest.json']!);
  assert.match(JSON.stringify(manifest), /national_form\/icuinfo\.csv/);
});

test('a DRG scheme may ask for day surgery and for hours in intensive care', async (test) => {
  const area = new AreaFolder(join(temporaryFolder(test), 'area'));
  area.replace('area.yaml', 'profile: reference', 'profile: drg-reference');
  area.append(
    'area.yaml',
    `  grouping.scheme:
    unit: name
    values:
      2025-01-01: {value: "scheme", from: local-2025, article: 第三条}
`,
  );
  const files = {
    'steps.csv':
      "seq,level,mdc,code,condition\n1,mdc,MDCX,MDCX,always\n2,adrg,MDCX,XA1,always\n3,drg,MDCX,XA11,icu_hours >= 24\n4,drg,MDCX,XA13,inpatient_type == '2'\n5,drg,MDCX,XA15,always\n",
    'lists.csv': 'list,code,part\n',
    'groups.csv': 'drg,name\nXA11,重症\nXA13,日间\nXA15,其他\n',
    'mcc.csv': 'code,exclusion_list\n',
    'cc.csv': 'code,exclusion_list\n',
    'exclusions.csv': 'principal_diagnosis,exclusion_list\n',
    'valid_procedures.csv': 'code\n47.0100\n',
  };
  for (const [name, text] of Object.entries(files)) area.write(`scheme/${name}`, text);
  const withoutFields = await Engine.open();
  try {
    const settlement = await settleYear(withoutFields, { areaFolder: area.path, year: SMALL_AREA_YEAR });
    const warnings = (await settlementWarnings(withoutFields, settlement)).map(({ en }) => en).join();
    assert.match(warnings, /icu_hours, inpatient_type/);
  } finally {
    withoutFields.close();
  }
  const [intensive, almost] = LISTS.filter(
    ({ setl_id }) => setl_id!.startsWith('2025') && !DAY_SURGERY.includes(setl_id!),
  ).map(({ setl_id }) => setl_id!);
  const duration = (setlId: string) => (setlId === intensive ? '1/0/0' : setlId === almost ? '0/23/59' : '');
  withColumn(
    area,
    'ipt_med_type,重症监护合计时长',
    (setlId) => `${DAY_SURGERY.includes(setlId) ? '2' : '1'},${duration(setlId)}`,
  );
  // without history the groups have no weight: the lists of earlier years are in them too
  const groups = await Engine.open();
  try {
    const settlement = await settleYear(groups, {
      areaFolder: area.path,
      year: SMALL_AREA_YEAR,
      keepList: intensive!,
    });
    const rows = await groups.rows(
      `SELECT c.setl_id, d.group_code FROM case_score AS c JOIN signature_drg AS d ON d.signature_no = c.signature_no
       WHERE d.group_code <> 'XA15' ORDER BY c.setl_id`,
    );
    assert.deepEqual(
      rows.map((row) => [row.setl_id, row.group_code]),
      [[intensive!, 'XA11'], ...DAY_SURGERY.map((setlId) => [setlId, 'XA13'])].toSorted((a, b) =>
        a[0]! < b[0]! ? -1 : 1,
      ),
    );
    const explanation = await explainCase(groups, settlement, intensive!);
    const text = renderCaseExplanation(explanation, 'en');
    assert.match(text, /icu_hours 24/);
    assert.match(text, /inpatient_type 1/);
  } finally {
    groups.close();
  }
});
