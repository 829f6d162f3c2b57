import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parse } from 'csv-parse/sync';
import writeXlsx from 'write-excel-file/node';
import { AreaFolder, LIST_HEADER, listLine, type SmallList, smallLists } from './support/area-folder.ts';
import { runCli, temporaryFolder } from './support/run-cli.ts';

const COLUMNS = LIST_HEADER.split(',');
const GOOD = smallLists().find((list) => list.setl_id === '20250001')!;

/** What is wrong with a list, and what refused.csv must say of it. */
type Refusal = {
  readonly change: SmallList;
  readonly zh: readonly string[];
  readonly en: readonly string[];
};

const REFUSALS: Readonly<Record<string, Refusal>> = {
  institution: {
    change: { fixmedins_code: 'H9999' },
    zh: ['机构编号（fixmedins_code）“H9999”', 'institutions.csv', '登记该机构'],
    en: ['fixmedins_code "H9999"', 'institutions.csv', 'register'],
  },
  scheme: {
    change: { insutype: '340' },
    zh: ['险种（insutype）“340”', '310（职工）或 390（居民）', '请改正'],
    en: ['insutype "340"', '310 (employee) or 390 (resident)', 'correct it'],
  },
  diagnosis: {
    change: { diagnoses: '|I10.x00' },
    zh: ['主要诊断', 'diagnoses', '“|I10.x00”', '请补填'],
    en: ['principal diagnosis', '"|I10.x00"', 'fill it in'],
  },
  'no-diagnosis': {
    change: { diagnoses: '' },
    zh: ['主要诊断', 'diagnoses', '“”'],
    en: ['principal diagnosis', 'diagnoses', '""'],
  },
  admission: {
    change: { adm_time: '2025-02-30' },
    zh: ['入院时间（adm_time）“2025-02-30”', '2025-03-01', '请改正'],
    en: ['adm_time "2025-02-30"', '2025-03-01', 'correct it'],
  },
  discharge: {
    change: { dscg_time: '20250701' },
    zh: ['出院时间（dscg_time）“20250701”', '2025-03-01', '请改正'],
    en: ['dscg_time "20250701"', '2025-03-01', 'correct it'],
  },
  'no-discharge': {
    change: { dscg_time: '' },
    zh: ['出院时间（dscg_time）“”'],
    en: ['dscg_time ""'],
  },
  order: {
    change: { adm_time: '2025-03-05', dscg_time: '2025-03-04' },
    zh: ['入院时间（adm_time）“2025-03-05”晚于出院时间（dscg_time）“2025-03-04”', '核对'],
    en: ['adm_time "2025-03-05" is after dscg_time "2025-03-04"', 'check both'],
  },
  'order-within-a-day': {
    change: { adm_time: '2025-03-05 10:00:00', dscg_time: '2025-03-05 09:00:00' },
    zh: ['“2025-03-05 10:00:00”晚于'],
    en: ['"2025-03-05 10:00:00" is after'],
  },
  cost: {
    change: { medfee_sumamt: '12.345' },
    zh: ['医疗费总额（medfee_sumamt）“12.345”', '至多两位小数', '请改正'],
    en: ['medfee_sumamt "12.345"', 'at most two decimals', 'correct it'],
  },
  'no-cost': {
    change: { medfee_sumamt: '' },
    zh: ['医疗费总额（medfee_sumamt）“”'],
    en: ['medfee_sumamt ""'],
  },
  'cost-zero': {
    change: { medfee_sumamt: '0.00', fund_pay_sumamt: '0' },
    zh: ['医疗费总额（medfee_sumamt）“0.00”应大于 0'],
    en: ['medfee_sumamt "0.00" must be above 0'],
  },
  'cost-negative': {
    change: { medfee_sumamt: '-100', fund_pay_sumamt: '0' },
    zh: ['医疗费总额（medfee_sumamt）“-100”应大于 0', '撤回'],
    en: ['medfee_sumamt "-100" must be above 0', 'withdraw'],
  },
  fund: {
    change: { fund_pay_sumamt: '壹佰元' },
    zh: ['基金支付总额（fund_pay_sumamt）“壹佰元”', '至多两位小数'],
    en: ['fund_pay_sumamt "壹佰元"', 'at most two decimals'],
  },
  'fund-negative': {
    change: { medfee_sumamt: '100', fund_pay_sumamt: '-0.01' },
    zh: ['基金支付总额（fund_pay_sumamt）“-0.01”应在 0 与医疗费总额“100”之间'],
    en: ['fund_pay_sumamt "-0.01" must lie between 0 and medfee_sumamt "100"'],
  },
  'fund-above-cost': {
    change: { medfee_sumamt: '100', fund_pay_sumamt: '100.01' },
    zh: ['“100.01”应在 0 与医疗费总额“100”之间'],
    en: ['"100.01" must lie between 0 and medfee_sumamt "100"'],
  },
  several: {
    change: { fixmedins_code: '', insutype: '职工', medfee_sumamt: 'x' },
    zh: ['（fixmedins_code）“”', '（insutype）“职工”', '（medfee_sumamt）“x”'],
    en: ['fixmedins_code ""', 'insutype "职工"', 'medfee_sumamt "x"'],
  },
};

const NO_ID: Refusal = {
  change: { setl_id: '' },
  zh: ['结算ID（setl_id）为空', '请补填'],
  en: ['setl_id is empty', 'fill it in'],
};
const twice = (id: string) => ({
  zh: [`结算ID“${id}”出现在多份清单上`, '只保留一份'],
  en: [`setl_id "${id}" stands on several lists`, 'keep the one'],
});

/** `file:row setl_id` → the pieces its reason must hold */
const expected = new Map<string, { readonly zh: readonly string[]; readonly en: readonly string[] }>();

/** One list for each refusal, ids beginning with `prefix`; `rowOf` says where the list at an index stands. */
function brokenLists(prefix: string, file: string, rowOf: (index: number) => number): SmallList[] {
  const kinds = [...Object.entries(REFUSALS), ['', NO_ID] as const];
  const lists = kinds.map(([name, refusal], index) => {
    const list = { ...GOOD, setl_id: `${prefix}-${name}`, ...refusal.change };
    expected.set(`${file}:${rowOf(index)} ${list.setl_id}`, refusal);
    return list;
  });
  const shared = { ...GOOD, setl_id: 'in-two-files' };
  expected.set(`${file}:${rowOf(lists.length)} in-two-files`, twice('in-two-files'));
  return [...lists, shared];
}

function writeBrokenCsv(area: AreaFolder): void {
  const file = '1.csv';
  // the header, then a good list on lines 2 and 3; every broken list has a line break in psn_no, too
  const lists = brokenLists('csv', file, (index) => 4 + 2 * index);
  const onTwoLines = (list: SmallList) => listLine({ ...list, psn_no: '"P1\n2"' });
  const rows = [{ ...GOOD, setl_id: 'csv-good' }, ...lists].map(onTwoLines);
  const next = 2 + 2 * rows.length;
  rows.push(`csv-short,${GOOD.fixmedins_code}`);
  expected.set(`${file}:${next} csv-short`, { zh: ['2 列', '15 列', '分隔符'], en: ['2 columns', '15'] });
  rows.push(`${listLine({ ...GOOD, setl_id: 'csv-twice' })},,`, listLine({ ...GOOD, setl_id: 'csv-twice' }));
  expected.set(`${file}:${next + 1} csv-twice`, {
    zh: ['17 列', ...twice('csv-twice').zh],
    en: ['17 columns', ...twice('csv-twice').en],
  });
  expected.set(`${file}:${next + 2} csv-twice`, twice('csv-twice'));
  area.write(`settlement_lists/${file}`, `${[LIST_HEADER, ...rows].join('\n')}\n`);
}

function writePlainCsv(area: AreaFolder): void {
  const lists = brokenLists('plain', '2.csv', (index) => index + 3);
  const rows = [{ ...GOOD, setl_id: 'plain-good' }, ...lists];
  area.write('settlement_lists/2.csv', `\uFEFF${[LIST_HEADER, ...rows.map(listLine)].join('\r\n')}\r\n`);
}

function writeJson(area: AreaFolder): void {
  area.write(
    'settlement_lists/3.json',
    JSON.stringify(
      brokenLists('array', '3.json', (index) => index + 1),
      null,
      1,
    ),
  );
  const lines = brokenLists('line', '4.jsonl', (index) => index + 1).map((list) => JSON.stringify(list));
  area.write('settlement_lists/4.jsonl', lines.join('\n'));
}

async function writeWorkbook(area: AreaFolder): Promise<void> {
  // the header is row 1, and row 2 is empty
  const lists = brokenLists('sheet', '5.xlsx', (index) => index + 3);
  const cells = [COLUMNS, [], ...lists.map((list) => COLUMNS.map((column) => list[column] ?? ''))];
  const data = cells.map((row) => row.map((value) => (value === '' ? null : { value, type: String })));
  await writeXlsx([{ sheet: '清单', data }] as never).toFile(join(area.path, 'settlement_lists', '5.xlsx'));
}

type RefusedRow = {
  readonly file: string;
  readonly row: string;
  readonly setl_id: string;
  readonly reason: string;
};
const refused: Record<'zh' | 'en', readonly RefusedRow[]> = { zh: [], en: [] };
let acceptedIds: readonly string[] = [];

describe('refused lists', () => {
  const root = temporaryFolder({ after });
  before(async () => {
    const area = new AreaFolder(join(root, 'area'));
    writeBrokenCsv(area);
    writePlainCsv(area);
    writeJson(area);
    await writeWorkbook(area);
    for (const language of ['zh', 'en'] as const) {
      const out = join(root, language);
      const argv = ['settle', area.path, '--year', '2025', '--out', out, '--quiet', '--lang', language];
      const run = await runCli(argv);
      assert.equal(run.exit, 0, run.stderr);
      refused[language] = parse(readFileSync(join(out, 'refused.csv')), { columns: true });
      acceptedIds = parse<{ setl_id: string }>(readFileSync(join(out, 'cases.csv')), { columns: true }).map(
        (row) => row.setl_id,
      );
    }
  });

  test('are each reported once, in the order of file and row, and nothing else is', () => {
    for (const language of ['zh', 'en'] as const) {
      assert.deepEqual(
        refused[language].map((row) => `${row.file}:${row.row} ${row.setl_id}`),
        [...expected.keys()].toSorted((a, b) => {
          const [[fileA, rowA], [fileB, rowB]] = [a, b].map((key) => key.split(/[: ]/)) as [
            string[],
            string[],
          ];
          return fileA! < fileB! ? -1 : fileA! > fileB! ? 1 : Number(rowA) - Number(rowB);
        }),
      );
    }
  });

  for (const language of ['zh', 'en'] as const) {
    test(`name field, value and remedy (${language})`, () => {
      for (const { file, row, setl_id, reason } of refused[language]) {
        for (const piece of expected.get(`${file}:${row} ${setl_id}`)![language]) {
          assert.ok(reason.includes(piece), `${file}:${row}: no ${piece} in ${reason}`);
        }
        assert.doesNotMatch(reason, /\{\w+\}|undefined|null/);
      }
    });
  }

  test('a list without one thing wrong has one reason, in English without a Chinese character', () => {
    for (const { setl_id, reason } of refused.en.filter((row) =>
      /-(order|cost|fund|scheme)$/.test(row.setl_id),
    )) {
      assert.equal(reason.split('; ').length, 2, `${setl_id}: ${reason}`);
    }
    for (const { reason } of refused.en) {
      assert.doesNotMatch(reason.replaceAll(/"[^"]*"/g, ''), /[\u3000-\u9fff\uff00-\uffef]/, reason);
    }
  });

  test('take no part, and the good lists beside them do', () => {
    const ids = new Set(acceptedIds);
    for (const { setl_id } of refused.zh) assert.ok(!ids.has(setl_id), setl_id);
    for (const id of ['csv-good', 'plain-good', '20250001']) assert.ok(ids.has(id), id);
    assert.equal(ids.size, 51);
  });
});
