import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { Engine, literal } from '#engine/duckdb.ts';
import { AreaFolder, LIST_HEADER, listLine, smallLists } from './support/area-folder.ts';
import { runCli, temporaryFolder } from './support/run-cli.ts';

/** Where one broken run happens: the area is valid until the kind breaks it; nothing is at `out` yet. */
type Place = { readonly root: string; readonly area: AreaFolder; readonly out: string };

type Kind = {
  readonly what: string;
  readonly breaks?: (place: Place) => void;
  /** default: `settle <area> --year 2025 --out <out>` */
  readonly argv?: (place: Place) => readonly string[];
  readonly exit: 2 | 3 | 4 | 5;
  /** pieces of the message in Chinese: file, line, field, value, the error code */
  readonly says: readonly string[];
  readonly skip?: () => string | false;
};

const settle = (place: Place): readonly string[] => [
  'settle',
  place.area.path,
  '--year',
  '2025',
  '--out',
  place.out,
];
const settleTo = (out: (place: Place) => string) => (place: Place) => [
  'settle',
  place.area.path,
  '--year',
  '2025',
  '--out',
  out(place),
];

/** Overrides of area.yaml in place of the valid ones. */
const override =
  (lines: string) =>
  ({ area }: Place) =>
    area.write(
      'area.yaml',
      `area: "990200"\nname: 试算市\nprofile: reference\ndocuments: {local-2025: 试算市 2025 年清算方案}\noverrides:\n${lines}`,
    );

const LISTS = 'settlement_lists/2025.csv';
/** Bytes that are neither UTF-8 nor GB18030. */
const GARBAGE = Uint8Array.from({ length: 3_000 }, (_, index) => ((index * 151 + 255) % 256) | 0x80);
/** made once: Parquet needs an engine */
const parquet = { whole: Buffer.alloc(0), lacking: Buffer.alloc(0) };

const MISSING_FILES: readonly Kind[] = [
  {
    what: 'the area folder is not there',
    breaks: ({ area }) => area.remove('.'),
    exit: 3,
    says: ['area：找不到地区文件夹', 'yibao demo', '[area.folder-missing]'],
  },
  {
    what: 'the area folder is a file',
    breaks: ({ root, area }) => {
      area.remove('.');
      writeFileSync(join(root, 'area'), 'x');
    },
    exit: 3,
    says: ['找不到地区文件夹', '[area.folder-missing]'],
  },
  {
    what: 'area.yaml is missing',
    breaks: ({ area }) => area.remove('area.yaml'),
    exit: 3,
    says: ['area.yaml', '缺少这个文件', '六位代码', '[area.header-missing]'],
  },
  ...[
    ['institutions.csv', 'fixmedins_code,name,level'],
    ['procedures.csv', 'oprn_oprt_code,attribute'],
    ['budget.csv', 'year,insutype,budget'],
  ].map(
    ([file, header]): Kind => ({
      what: `${file} is missing`,
      breaks: ({ area }) => area.remove(file!),
      exit: 3,
      says: [file!, '缺少这个文件', header!, '[area.file-missing]'],
    }),
  ),
];

const AREA_YAML: readonly Kind[] = [
  {
    what: 'area.yaml has a syntax error',
    breaks: ({ area }) => area.replace('area.yaml', 'name: 试算市', 'name: "试算市'),
    exit: 3,
    says: ['area.yaml，第 ', 'YAML', '引号', '[policy.bad-yaml]'],
  },
  {
    what: 'area.yaml has a key nobody knows',
    breaks: ({ area }) => area.replace('area.yaml', 'profile: reference', 'profil: reference'),
    exit: 3,
    says: [
      'area.yaml，第 3 行，字段 profil',
      '不认识的键',
      'profile',
      '[policy.unknown-key]',
      '[policy.missing-key]',
    ],
  },
  {
    what: 'the area code has five digits',
    breaks: ({ area }) => area.replace('area.yaml', '"990200"', '"99020"'),
    exit: 3,
    says: ['area.yaml，第 1 行，字段 area，值“99020”', '六位', '[policy.wrong-area-code]'],
  },
  {
    what: 'the profile does not exist',
    breaks: ({ area }) => area.replace('area.yaml', 'profile: reference', 'profile: drg'),
    exit: 3,
    says: [
      'area.yaml，第 3 行，字段 profile，值“drg”',
      '可用的方案',
      'reference',
      '[policy.unknown-profile]',
    ],
  },
  {
    what: 'an override names a parameter that does not exist',
    breaks: override(
      '  deviation.hi_ratio:\n    unit: ratio\n    values:\n      2025-01-01: {value: "2", from: local-2025, article: 第二条}\n',
    ),
    exit: 3,
    says: [
      'area.yaml，第 6 行',
      'deviation.hi_ratio',
      '没有这个参数',
      'deviation.high_ratio',
      '[policy.unknown-parameter]',
    ],
  },
  {
    what: 'an override has the wrong unit',
    breaks: override(
      '  ungrouped.ratio:\n    unit: points\n    values:\n      2025-01-01: {value: "0.6", from: local-2025, article: 第二条}\n',
    ),
    exit: 3,
    says: ['area.yaml，第 7 行', '值“points”', 'ungrouped.ratio', '单位应为 ratio', '[policy.wrong-unit]'],
  },
  {
    what: 'an override names no source',
    breaks: override('  ungrouped.ratio:\n    unit: ratio\n    values:\n      2025-01-01: {value: "0.6"}\n'),
    exit: 3,
    says: ['area.yaml，第 9 行', 'ungrouped.ratio', 'from', '[policy.missing-source]'],
  },
  {
    what: 'an override cites a document that is not registered',
    breaks: override(
      '  ungrouped.ratio:\n    unit: ratio\n    values:\n      2025-01-01: {value: "0.6", from: local-2024, article: 第二条}\n',
    ),
    exit: 3,
    says: ['area.yaml，第 9 行', '值“local-2024”', 'documents', '[policy.unknown-document]'],
  },
  {
    what: 'an override starts on a day that does not exist',
    breaks: override(
      '  ungrouped.ratio:\n    unit: ratio\n    values:\n      2025-02-30: {value: "0.6", from: local-2025, article: 第二条}\n',
    ),
    exit: 3,
    says: ['area.yaml，第 9 行', '2025-02-30', 'YYYY-MM-DD', '[policy.wrong-date]'],
  },
  {
    what: 'an override is out of range',
    breaks: override(
      '  ungrouped.ratio:\n    unit: ratio\n    values:\n      2025-01-01: {value: "1.6", from: local-2025, article: 第二条}\n',
    ),
    exit: 3,
    says: ['area.yaml，第 9 行', '值“1.6”', 'ungrouped.ratio', '超出', '[policy.value-out-of-range]'],
  },
  {
    what: 'an override is a decimal without quotes',
    breaks: override(
      '  ungrouped.ratio:\n    unit: ratio\n    values:\n      2025-01-01: {value: 0.6, from: local-2025, article: 第二条}\n',
    ),
    exit: 3,
    says: ['area.yaml，第 9 行', '值“0.6”', '加上引号', '[policy.unquoted-decimal]'],
  },
  {
    what: 'area.yaml is not UTF-8',
    breaks: ({ area }) => area.write('area.yaml', GARBAGE),
    exit: 3,
    says: ['area.yaml', 'UTF-8', '[policy.unreadable-file]'],
  },
];

const TABLES: readonly Kind[] = [
  {
    what: 'institutions.csv lacks a column',
    breaks: ({ area }) =>
      area.replace('institutions.csv', 'fixmedins_code,name,level', 'fixmedins_code,name,grade'),
    exit: 3,
    says: [
      'institutions.csv，第 1 行，字段 level',
      '缺少列 level',
      'fixmedins_code,name,level',
      '[area.missing-column]',
    ],
  },
  {
    what: 'a column of institutions.csv stands twice',
    breaks: ({ area }) =>
      area.replace('institutions.csv', 'fixmedins_code,name,level', 'fixmedins_code,name,level,name'),
    exit: 3,
    says: ['institutions.csv，第 1 行，字段 name', '只保留一列', '[area.repeated-column]'],
  },
  {
    what: 'an institution is registered twice',
    breaks: ({ area }) => area.append('institutions.csv', 'H0002,试算市中医医院东院,2\n'),
    exit: 3,
    says: [
      'institutions.csv，第 6 行，字段 fixmedins_code，值“H0002”',
      '与第 3 行重复',
      '[area.repeated-row]',
    ],
  },
  {
    what: 'an institution has level 4',
    breaks: ({ area }) =>
      area.replace('institutions.csv', '城东社区卫生服务中心,1', '城东社区卫生服务中心,4'),
    exit: 3,
    says: ['institutions.csv，第 4 行，字段 level，值“4”', '1、2 或 3', '改正', '[area.bad-value]'],
  },
  {
    what: 'an institution has no name',
    breaks: ({ area }) => area.replace('institutions.csv', '城西医院', ''),
    exit: 3,
    says: ['institutions.csv，第 5 行，字段 name，值“”', '非空', '[area.bad-value]'],
  },
  {
    what: 'institutions.csv has a header and no rows',
    breaks: ({ area }) => area.write('institutions.csv', 'fixmedins_code,name,level\n'),
    exit: 3,
    says: ['institutions.csv', '没有一行数据', '[area.no-rows]'],
  },
  {
    what: 'institutions.csv is empty',
    breaks: ({ area }) => area.write('institutions.csv', ''),
    exit: 3,
    says: ['institutions.csv', '文件是空的', '表头', '[area.empty-file]'],
  },
  {
    what: 'institutions.csv is a folder',
    breaks: ({ area }) => {
      area.remove('institutions.csv');
      mkdirSync(join(area.path, 'institutions.csv'));
    },
    exit: 3,
    says: ['institutions.csv', '文件打不开', '不是文件', '[area.unreadable]'],
  },
  {
    what: 'budget.csv is a link that leads back to itself',
    breaks: ({ area }) => {
      area.remove('budget.csv');
      symlinkSync('budget.csv', join(area.path, 'budget.csv'));
    },
    exit: 3,
    says: ['budget.csv', '文件打不开', '链接指回自己', '[area.unreadable]'],
  },
  {
    what: 'institution_year.csv, which may be left out, is a link that leads nowhere',
    breaks: ({ area }) => {
      rmSync(join(area.path, 'institution_year.csv'), { force: true });
      symlinkSync('nowhere.csv', join(area.path, 'institution_year.csv'));
    },
    exit: 3,
    says: ['institution_year.csv', '文件打不开', '找不到', '[area.unreadable]'],
  },
  {
    what: 'institutions.csv is garbage in no encoding',
    breaks: ({ area }) => area.write('institutions.csv', GARBAGE),
    exit: 3,
    says: ['institutions.csv', '编码不对', 'CSV UTF-8', '[area.wrong-encoding]'],
  },
  {
    what: 'institutions.csv is UTF-16',
    breaks: ({ area }) =>
      area.write('institutions.csv', Buffer.from(`\uFEFF${area.read('institutions.csv')}`, 'utf16le')),
    exit: 3,
    says: ['institutions.csv', '编码不对', '[area.wrong-encoding]'],
  },
  {
    what: 'a quote of institutions.csv is never closed',
    breaks: ({ area }) => area.replace('institutions.csv', 'H0002,试算', 'H0002,"试算'),
    exit: 3,
    says: ['institutions.csv，第 3 行', '双引号没有闭合', '[area.unclosed-quote]'],
  },
  {
    what: 'a quote stands inside a value, after a name on two lines',
    breaks: ({ area }) => {
      area.replace('institutions.csv', '试算市第一人民医院', '"试算市\n第一人民医院"');
      area.replace('institutions.csv', '城西医院', '城西"医院"');
    },
    exit: 3,
    says: ['institutions.csv，第 6 行', '双引号位置不对', '[area.bad-quote]'],
  },
  {
    what: 'a procedure has an attribute nobody knows',
    breaks: ({ area }) => area.replace('procedures.csv', '36.0700,intervention', '36.0700,介入'),
    exit: 3,
    says: ['procedures.csv，第 4 行，字段 attribute，值“介入”', 'intervention', '[area.bad-value]'],
  },
  {
    what: 'a procedure stands twice',
    breaks: ({ area }) => area.append('procedures.csv', '47.0100,diagnostic\n'),
    exit: 3,
    says: [
      'procedures.csv，第 7 行，字段 oprn_oprt_code，值“47.0100”',
      '与第 2 行重复',
      '[area.repeated-row]',
    ],
  },
  ...(
    [
      ['is not a number', 'abc', '至多两位小数'],
      ['is below zero', '-5.00', '不小于 0'],
      ['has three decimals', '300000.005', '至多两位小数'],
      ['has thousands separators', '"300,000.00"', '不带千分位'],
    ] as const
  ).map(
    ([what, value, expected]): Kind => ({
      what: `a budget ${what}`,
      breaks: ({ area }) => area.replace('budget.csv', '300000.00', value),
      exit: 3,
      says: [
        'budget.csv，第 2 行，字段 budget',
        `值“${value.replaceAll('"', '')}”`,
        expected,
        '[area.bad-value]',
      ],
    }),
  ),
  {
    what: 'a budget has thousands separators and no quotes, which makes it two columns',
    breaks: ({ area }) => area.replace('budget.csv', '300000.00', '300,000.00'),
    exit: 3,
    says: ['budget.csv，第 2 行', '值“2025,310,300,000.00”', '4 列', '千分位', '[area.too-many-cells]'],
  },
  {
    what: 'a budget is of no year',
    breaks: ({ area }) => area.replace('budget.csv', '2025,310', '25,310'),
    exit: 3,
    says: ['budget.csv，第 2 行，字段 year，值“25”', '四位年份', '[area.bad-value]'],
  },
  {
    what: 'a budget is of an unknown scheme',
    breaks: ({ area }) => area.replace('budget.csv', '2025,310', '2025,职工'),
    exit: 3,
    says: ['budget.csv，第 2 行，字段 insutype，值“职工”', '310', '[area.bad-value]'],
  },
  {
    what: 'a budget stands twice',
    breaks: ({ area }) => area.append('budget.csv', '2025,390,1.00\n'),
    exit: 3,
    says: ['budget.csv，第 4 行，字段 year,insutype，值“2025,390”', '与第 3 行重复', '[area.repeated-row]'],
  },
  {
    what: 'there is no budget for the year of the run',
    breaks: ({ area }) => area.write('budget.csv', 'year,insutype,budget\n2024,310,1.00\n'),
    exit: 3,
    says: ['budget.csv', '2025', '现有：2024', '--year', '[area.no-budget]'],
  },
  {
    what: 'a scheme has lists and no budget',
    breaks: ({ area }) => area.replace('budget.csv', '2025,390,160000.00\n', ''),
    exit: 3,
    says: ['budget.csv，字段 insutype，值“390”', '2025', '加一行 2025,390', '[area.budget-missing]'],
  },
  {
    what: 'institution_year.csv names an unknown institution',
    breaks: ({ area }) => area.replace('institution_year.csv', '2025,H0002', '2025,H9999'),
    exit: 3,
    says: [
      'institution_year.csv，第 3 行，字段 fixmedins_code，值“H9999”',
      'institutions.csv',
      '[area.unknown-institution]',
    ],
  },
  ...['-1', 'abc', '10.5', '1e0'].map(
    (value): Kind => ({
      what: `an assessment coefficient is ${value}`,
      breaks: ({ area }) => area.replace('institution_year.csv', '0.98', value),
      exit: 3,
      says: [
        'institution_year.csv，第 2 行，字段 assessment_coefficient',
        `值“${value}”`,
        '0 至 10',
        '[area.bad-value]',
      ],
    }),
  ),
  {
    what: 'an institution and scheme stand twice in institution_year.csv',
    breaks: ({ area }) => area.append('institution_year.csv', '2025,H0001,310,1,0,0\n'),
    exit: 3,
    says: ['institution_year.csv，第 4 行', '值“2025,H0001,310”', '与第 2 行重复', '[area.repeated-row]'],
  },
];

const LIST_FILES: readonly Kind[] = [
  {
    what: 'settlement_lists is missing',
    breaks: ({ area }) => area.remove('settlement_lists'),
    exit: 3,
    says: ['settlement_lists', '建立', '[intake.no-folder]'],
  },
  {
    what: 'settlement_lists is empty',
    breaks: ({ area }) => {
      area.remove('settlement_lists');
      mkdirSync(join(area.path, 'settlement_lists'));
    },
    exit: 3,
    says: ['settlement_lists', '.csv .parquet .xlsx .json', '[intake.no-file]'],
  },
  {
    what: 'a CSV has no header',
    breaks: ({ area }) => area.replace(LISTS, `${LIST_HEADER}\n`, ''),
    exit: 3,
    says: ['2025.csv，第 1 行', '没有表头', 'setl_id', '[intake.no-header]'],
  },
  {
    what: 'a CSV lacks a column',
    breaks: ({ area }) => area.replace(LISTS, 'medfee_sumamt', 'medfee'),
    exit: 3,
    says: ['2025.csv，第 1 行，字段 medfee_sumamt', '医疗费总额', '补上', '[intake.missing-column]'],
  },
  {
    what: 'a CSV with a Chinese header lacks columns',
    breaks: ({ area }) =>
      area.replace(
        LISTS,
        LIST_HEADER,
        '结算ID,医疗机构编码,人员编号,险种,性别,年龄,a,b,入院时间,出院时间,离院方式,c,基金支付总额,出院诊断编码,d',
      ),
    exit: 3,
    says: ['2025.csv，第 1 行', 'medfee_sumamt（医疗费总额）、procedures', '[intake.missing-column]'],
  },
  {
    what: 'a column is there under its code and its Chinese name',
    breaks: ({ area }) => area.replace(LISTS, 'nwb_age', '险种类型'),
    exit: 3,
    says: ['2025.csv，第 1 行，字段 insutype', '险种类型', '只保留', '[intake.duplicate-column]'],
  },
  {
    what: 'the last row of a CSV breaks off',
    breaks: ({ area }) => area.write(LISTS, area.read(LISTS).trimEnd().slice(0, -60)),
    exit: 3,
    says: ['2025.csv，第 50 行', '不完整', '重新导出', '[intake.truncated]'],
  },
  {
    what: 'a quote of a CSV is never closed',
    breaks: ({ area }) => area.write(LISTS, area.read(LISTS).replace('P202510,', '"P202510,')),
    exit: 3,
    says: ['2025.csv，第 11 行', '双引号没有闭合', '[intake.unclosed-quote]'],
  },
  {
    what: 'a CSV is UTF-16',
    breaks: ({ area }) => area.write(LISTS, Buffer.from(`\uFEFF${area.read(LISTS)}`, 'utf16le')),
    exit: 3,
    says: ['2025.csv', 'UTF-16', 'CSV UTF-8', '[intake.utf-16]'],
  },
  {
    what: 'a CSV has bytes of no encoding in a row',
    breaks: ({ area }) =>
      area.write(
        LISTS,
        Buffer.concat([Buffer.from(area.read(LISTS)), Buffer.from([0xff, 0xfe, 0xff, 0x0a])]),
      ),
    exit: 3,
    says: ['2025.csv，第 51 行', '编码不对', '[intake.wrong-encoding]'],
  },
  {
    what: 'a CSV is binary garbage',
    breaks: ({ area }) => area.write(LISTS, GARBAGE),
    exit: 3,
    says: ['2025.csv', '编码不对', '[intake.wrong-encoding]'],
  },
  {
    what: 'a CSV has no bytes',
    breaks: ({ area }) => area.write(LISTS, ''),
    exit: 3,
    says: ['2025.csv', '没有表头', '[intake.no-header]'],
  },
  {
    what: 'a Parquet file breaks off',
    breaks: ({ area }) => area.write('settlement_lists/2025.parquet', parquet.whole.subarray(0, -40)),
    exit: 3,
    says: ['2025.parquet', '不是完整的 Parquet', '重新导出', '[intake.damaged-parquet]'],
  },
  {
    what: 'a Parquet file lacks a column',
    breaks: ({ area }) => area.write('settlement_lists/2025.parquet', parquet.lacking),
    exit: 3,
    says: ['2025.parquet', '字段 diagnoses', '补上', '[intake.missing-column]'],
  },
  {
    what: 'a workbook is damaged',
    breaks: ({ area }) => area.write('settlement_lists/2025.xlsx', Buffer.from('PK\x03\x04 not a workbook')),
    exit: 3,
    says: ['2025.xlsx', '不是完整的 XLSX', '另存为', '[intake.damaged-xlsx]'],
  },
  {
    what: 'a workbook is of the old kind',
    breaks: ({ area }) => area.write('settlement_lists/2025.xls', 'x'),
    exit: 3,
    says: ['2025.xls', '不认识的文件类型', '另存为 .xlsx', '[intake.unsupported-file]'],
  },
  {
    what: 'a workbook has a password, or is an old one renamed',
    breaks: ({ area }) =>
      area.write(
        'settlement_lists/2025.xlsx',
        Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(600)]),
      ),
    exit: 3,
    says: ['2025.xlsx', '密码', '[intake.protected-xlsx]'],
  },
  {
    what: 'a JSON file breaks off',
    breaks: ({ area }) =>
      area.write('settlement_lists/x.json', JSON.stringify(smallLists().slice(0, 3), null, 1).slice(0, -40)),
    exit: 3,
    says: ['x.json，第 ', '不完整', '重新导出', '[intake.truncated]'],
  },
  {
    what: 'a JSON array holds a number',
    breaks: ({ area }) => area.write('settlement_lists/x.json', `[\n${JSON.stringify(smallLists()[0])},\n7]`),
    exit: 3,
    says: ['x.json，第 3 行', '第 2 条不是 JSON 对象', '[intake.json-not-object]'],
  },
  {
    what: 'settlement_lists holds a folder',
    breaks: ({ area }) => area.write('settlement_lists/一月/a.csv', `${LIST_HEADER}\n`),
    exit: 3,
    says: ['一月', '子文件夹', '移到上一级', '[intake.sub-folder]'],
  },
  {
    what: 'settlement_lists holds a link that leads nowhere',
    breaks: ({ area }) => symlinkSync('nowhere.csv', join(area.path, 'settlement_lists', 'x.csv')),
    exit: 3,
    says: ['x.csv', '文件打不开：找不到', '权限', '[intake.unreadable]'],
  },
  {
    what: 'settlement_lists holds a file of another kind',
    breaks: ({ area }) => area.write('settlement_lists/说明.docx', 'x'),
    exit: 3,
    says: ['说明.docx', '不认识的文件类型', '移走', '[intake.unsupported-file]'],
  },
  {
    what: 'two files are broken, which is said of both',
    breaks: ({ area }) => {
      area.write('settlement_lists/2024.csv', '');
      area.write('settlement_lists/2026.json', '{');
    },
    exit: 3,
    says: ['2024.csv', '[intake.no-header]', '2026.json', '[intake.truncated]'],
  },
  {
    what: 'no list is of a history year',
    breaks: ({ area }) => area.remove('settlement_lists/2022-2024.csv'),
    exit: 3,
    says: ['settlement_lists', '2022–2024', '历史年份', '[area.no-history]'],
  },
  {
    what: 'every list is refused',
    breaks: ({ area }) => {
      area.write('institutions.csv', 'fixmedins_code,name,level\nX0001,别处医院,3\n');
      area.remove('institution_year.csv');
    },
    exit: 3,
    says: [
      '2022-2024.csv',
      '第 2 行',
      '没有可用的清单',
      '拒收 164 份',
      'fixmedins_code',
      '[area.no-history-refused]',
    ],
  },
];

const OUTPUT: readonly Kind[] = [
  {
    what: '--out is a file',
    breaks: ({ root }) => writeFileSync(join(root, '报告.txt'), 'mine'),
    argv: settleTo(({ root }) => join(root, '报告.txt')),
    exit: 4,
    says: ['报告.txt', '是一个文件', '--out', '[output.not-a-folder]'],
  },
  {
    what: '--out holds somebody else’s files',
    breaks: ({ root }) => {
      mkdirSync(join(root, '文件'));
      writeFileSync(join(root, '文件', '合同.docx'), 'mine');
    },
    argv: settleTo(({ root }) => join(root, '文件')),
    exit: 4,
    says: ['文件', '合同.docx', '不覆盖', '--out', '[output.not-ours]'],
  },
  {
    what: '--out holds a manifest.json of another program',
    breaks: ({ root }) => {
      mkdirSync(join(root, '网站'));
      writeFileSync(join(root, '网站', 'manifest.json'), '{"name": "my site"}');
    },
    argv: settleTo(({ root }) => join(root, '网站')),
    exit: 4,
    says: ['网站', 'manifest.json', '不覆盖', '[output.not-ours]'],
  },
  {
    what: '--out of the demo is a file',
    breaks: ({ root }) => writeFileSync(join(root, 'demo'), 'mine'),
    argv: ({ root }) => ['demo', '--out', join(root, 'demo')],
    exit: 5,
    says: ['demo', '无法写入', '不是文件夹', '[output.not-writable]'],
  },
  {
    what: '--out is the area folder',
    argv: settleTo(({ area }) => area.path),
    exit: 4,
    says: ['会覆盖输入', 'area.yaml', '--out', '[output.over-input]'],
  },
  {
    what: '--out is the area folder under another name, and has a manifest.json',
    breaks: ({ area }) => area.write('manifest.json', '{}'),
    argv: settleTo(({ area }) => join(area.path, 'settlement_lists', '..', '.')),
    exit: 4,
    says: ['会覆盖输入', '[output.over-input]'],
  },
  {
    what: '--out is settlement_lists',
    argv: settleTo(({ area }) => join(area.path, 'settlement_lists')),
    exit: 4,
    says: ['会覆盖输入', 'settlement_lists', '[output.over-input]'],
  },
  {
    what: '--out is inside settlement_lists',
    argv: settleTo(({ area }) => join(area.path, 'settlement_lists', '结果')),
    exit: 4,
    says: ['会覆盖输入', 'settlement_lists', '[output.over-input]'],
  },
  {
    what: '--out holds the area folder',
    breaks: ({ root }) => writeFileSync(join(root, 'manifest.json'), '{}'),
    argv: settleTo(({ root }) => root),
    exit: 4,
    says: ['会覆盖输入', '[output.over-input]'],
  },
  {
    what: '--out is below a file',
    breaks: ({ root }) => writeFileSync(join(root, '报告.txt'), 'mine'),
    argv: settleTo(({ root }) => join(root, '报告.txt', '2025')),
    exit: 5,
    says: ['2025', '无法写入', '不是文件夹', '--out', '[output.not-writable]'],
  },
  {
    what: '--out is in a folder that may not be written to',
    breaks: ({ root }) => {
      mkdirSync(join(root, '只读'));
      chmodSync(join(root, '只读'), 0o555);
    },
    argv: settleTo(({ root }) => join(root, '只读', '2025')),
    exit: 5,
    says: ['2025', '无法写入', '没有权限', '[output.not-writable]'],
    skip: () =>
      process.getuid?.() === 0 ? 'root may write everywhere: run the tests as another user' : false,
  },
];

const USAGE: readonly Kind[] = [
  {
    what: 'no command',
    argv: () => [],
    exit: 2,
    says: ['用法:', '没有给出已有的命令', 'yibao --help', '[usage.no-command]'],
  },
  {
    what: 'an unknown command',
    argv: ({ area, out }) => ['setle', area.path, '--out', out],
    exit: 2,
    says: ['“setle”', 'settle', '[usage.unknown-command]'],
  },
  {
    what: 'an unknown option',
    argv: (place) => [...settle(place), '--reprot'],
    exit: 2,
    says: ['“--reprot”', '--report', 'yibao settle --help', '[usage.unknown-option]'],
  },
  {
    what: '--year is missing',
    argv: ({ area, out }) => ['settle', area.path, '--out', out],
    exit: 2,
    says: ['必须给出', '--year', '[usage.missing-option]'],
  },
  {
    what: '--out is missing',
    argv: ({ area }) => ['settle', area.path, '--year', '2025'],
    exit: 2,
    says: ['必须给出', '--out', '[usage.missing-option]'],
  },
  {
    what: 'the year has two digits',
    argv: ({ area, out }) => ['settle', area.path, '--year', '25', '--out', out],
    exit: 2,
    says: ['--year', '“25”', '四位', '[usage.wrong-value]'],
  },
  {
    what: '--out has no value',
    argv: ({ area }) => ['settle', area.path, '--year', '2025', '--out'],
    exit: 2,
    says: ['--out <folder>', '缺少值', '[usage.missing-option-value]'],
  },
  {
    what: 'the area folder is not given',
    argv: ({ out }) => ['settle', '--year', '2025', '--out', out],
    exit: 2,
    says: ['缺少 <地区文件夹>', '[usage.missing-argument]'],
  },
  {
    what: 'one argument too many',
    argv: (place) => [...settle(place), '多余'],
    exit: 2,
    says: ['多出的参数', '引号', '[usage.too-many-arguments]'],
  },
  {
    what: '--known-at is no date',
    argv: (place) => [...settle(place), '--known-at', '2025-02-30'],
    exit: 2,
    says: ['--known-at', '“2025-02-30”', 'YYYY-MM-DD', '[usage.wrong-value]'],
  },
  {
    what: 'the demo is asked for too few lists',
    argv: ({ out }) => ['demo', '--lists', '10', '--out', out],
    exit: 2,
    says: ['--lists', '“10”', '2000 到 10000000', '[usage.wrong-value]'],
  },
  {
    what: 'the demo is asked for an unknown format',
    argv: ({ out }) => ['demo', '--format', 'xls', '--out', out],
    exit: 2,
    says: ['--format', '“xls”', 'csv 或 parquet', '[usage.wrong-value]'],
  },
  {
    what: 'the policy of an unknown parameter',
    argv: () => ['policy', 'explain', 'deviation.hi_ratio', '--area', '990100', '--date', '2025-01-01'],
    exit: 2,
    says: [
      '“deviation.hi_ratio”',
      '没有这个参数',
      'deviation.high_ratio',
      '[policy.unknown-parameter-asked]',
    ],
  },
  {
    what: 'the policy of no place',
    argv: () => ['policy', 'explain', 'deviation.high_ratio', '--area', '某地', '--date', '2025-01-01'],
    exit: 3,
    says: ['“某地”', '990100', '[policy.area-not-found]'],
  },
  {
    what: 'the policy on no day',
    argv: () => ['policy', 'explain', 'deviation.high_ratio', '--area', '990100', '--date', '2025-1-1'],
    exit: 2,
    says: ['--date', '“2025-1-1”', 'YYYY-MM-DD', '[usage.wrong-value]'],
  },
  {
    what: 'the policy between days in the wrong order',
    argv: () => ['policy', 'diff', '990100', '--from', '2025-01-01', '--to', '2024-01-01'],
    exit: 2,
    says: ['2025-01-01', '晚于', '2024-01-01', '交换', '[policy.dates-reversed]'],
  },
  {
    what: 'the explanation of a list that is not there',
    argv: ({ area }) => ['explain', area.path, '--year', '2025', '--case', 'X1'],
    exit: 3,
    says: ['字段 setl_id，值“X1”', '2025', 'cases.csv', '[explain.no-such-list]'],
  },
  {
    what: 'the explanation of a refused list',
    breaks: ({ area }) =>
      area.write(LISTS, area.read(LISTS).replace('20250002,H0003,P20252,310', '20250002,H0003,P20252,999')),
    argv: ({ area }) => ['explain', area.path, '--year', '2025', '--case', '20250002'],
    exit: 4,
    says: [
      '2025.csv，第 3 行，字段 setl_id，值“20250002”',
      '拒收',
      '险种（insutype）“999”',
      '[explain.refused]',
    ],
  },
];

const KINDS = { MISSING_FILES, AREA_YAML, TABLES, LIST_FILES, OUTPUT, USAGE };

before(async () => {
  const engine = await Engine.open();
  const file = join(engine.workFolder, 'lists.csv');
  writeFileSync(file, `${[LIST_HEADER, ...smallLists().map(listLine)].join('\n')}\n`);
  const source = `read_csv(${literal(file)}, all_varchar = true)`;
  const make = async (select: string) => {
    const path = join(engine.workFolder, 'lists.parquet');
    await engine.run(`COPY (SELECT ${select} FROM ${source}) TO ${literal(path)} (FORMAT parquet)`);
    return readFileSync(path);
  };
  parquet.whole = await make('*');
  parquet.lacking = await make(LIST_HEADER.replace('diagnoses,', ''));
  engine.close();
});

test('at least forty-five kinds of broken input are kept here', () => {
  const names = Object.values(KINDS)
    .flat()
    .map((kind) => kind.what);
  assert.ok(names.length >= 45, String(names.length));
  assert.equal(new Set(names).size, names.length);
});

for (const [group, kinds] of Object.entries(KINDS)) {
  describe(`broken: ${group.toLowerCase().replace('_', ' ')}`, { concurrency: 2 }, () => {
    for (const kind of kinds) {
      const skip = kind.skip?.() ?? false;
      test(kind.what, { skip }, async (context) => {
        const root = temporaryFolder(context);
        const place = { root, area: new AreaFolder(join(root, 'area')), out: join(root, 'out') };
        kind.breaks?.(place);
        const before = fingerprint(root);
        const run = await runCli(kind.argv?.(place) ?? settle(place));
        for (const piece of [...kind.says, '处理：']) {
          assert.ok(run.stderr.includes(piece), `no ${piece} in: ${run.stderr}`);
        }
        assert.equal(run.exit, kind.exit, run.stderr);
        assert.equal(run.stdout, '');
        assert.doesNotMatch(
          run.stderr,
          /\{\w+\}|undefined|Error:|\n {4}at /,
          'a gap or a stack in the message',
        );
        assert.deepEqual(fingerprint(root), before, 'the run left something behind or changed something');
      });
    }
  });
}

describe('an earlier result', { concurrency: 2 }, () => {
  const later: readonly [string, (area: AreaFolder) => void, number][] = [
    ['a table is broken', (area) => area.replace('budget.csv', '300000.00', 'abc'), 3],
    ['a policy is broken', (area) => area.replace('area.yaml', '"0.6"', '0.6'), 3],
    ['a list file is broken', (area) => area.write('settlement_lists/x.csv', 'x'), 3],
    ['the year has no history', (area) => area.remove('settlement_lists/2022-2024.csv'), 3],
    [
      'a budget is missing, which is seen last',
      (area) => area.replace('budget.csv', '2025,390', '2024,390'),
      3,
    ],
  ];
  for (const [what, breaks, exit] of later) {
    test(`stays byte for byte when ${what}`, async (context) => {
      const root = temporaryFolder(context);
      const area = new AreaFolder(join(root, 'area'));
      const out = join(root, 'out');
      const argv = ['settle', area.path, '--year', '2025', '--out', out, '--quiet'];
      const good = await runCli(argv);
      assert.equal(good.exit, 0, good.stderr);
      const earlier = fingerprint(out);
      assert.ok('manifest.json' in earlier && 'clearing.csv' in earlier);
      breaks(area);
      assert.equal((await runCli(argv)).exit, exit);
      assert.deepEqual(fingerprint(out), earlier);
      assert.deepEqual(readdirSync(root).toSorted(), ['area', 'out']);
    });
  }
});

describe('--skip-bad-files', { concurrency: 2 }, () => {
  const broken: readonly [string, string | Uint8Array, string][] = [
    ['坏的.csv', 'no header here\n1,2\n', 'intake.no-header'],
    ['坏的.parquet', 'PAR1', 'intake.damaged-parquet'],
    ['坏的.json', '[{', 'intake.truncated'],
    ['坏的.xlsx', 'x', 'intake.damaged-xlsx'],
    ['坏的.zip', 'x', 'intake.unsupported-file'],
  ];
  test('settles the good files and names each one left out', async (context) => {
    const root = temporaryFolder(context);
    const area = new AreaFolder(join(root, 'area'));
    const argv = (out: string) => [
      'settle',
      area.path,
      '--year',
      '2025',
      '--skip-bad-files',
      '--quiet',
      '--out',
      join(root, out),
    ];
    assert.equal((await runCli(argv('good'))).exit, 0);
    for (const [name, content] of broken) area.write(`settlement_lists/${name}`, content);
    const run = await runCli(argv('skipped'));
    assert.equal(run.exit, 0, run.stderr);
    const manifest = JSON.parse(readFileSync(join(root, 'skipped', 'manifest.json'), 'utf8'));
    assert.equal(manifest.skipped_files.length, broken.length);
    for (const [name, , code] of broken) {
      assert.match(run.stderr, new RegExp(`^注意：已跳过文件 ${name}.*处理：.*\\[${code}`, 'm'));
      assert.ok(
        manifest.skipped_files.some((text: string) => text.startsWith(name) && text.includes(code)),
        name,
      );
      assert.ok(!manifest.inputs.some((input: { file: string }) => input.file.includes(name)));
    }
    const same = (folder: string) => {
      const { 'manifest.json': _, ...files } = fingerprint(join(root, folder));
      return files;
    };
    assert.deepEqual(same('skipped'), same('good'));
  });

  test('is no way to settle without any list', async (context) => {
    const root = temporaryFolder(context);
    const area = new AreaFolder(join(root, 'area'));
    for (const name of ['2022-2024.csv', '2025.csv']) area.write(`settlement_lists/${name}`, 'x');
    const run = await runCli([
      'settle',
      area.path,
      '--year',
      '2025',
      '--skip-bad-files',
      '--quiet',
      '--out',
      join(root, 'out'),
    ]);
    assert.equal(run.exit, 3);
    for (const piece of ['2022-2024.csv', '2025.csv', '[intake.no-file]'])
      assert.ok(run.stderr.includes(piece), piece);
    assert.deepEqual(readdirSync(root), ['area']);
  });
});

test('all problems of all tables are said at once, in English too', async (context) => {
  const root = temporaryFolder(context);
  const area = new AreaFolder(join(root, 'area'));
  area.replace('institutions.csv', '第一人民医院,3', '第一人民医院,三级');
  area.replace('budget.csv', '300000.00', '-1');
  area.replace('procedures.csv', 'surgery', 'operation');
  const run = await runCli([
    'settle',
    area.path,
    '--year',
    '2025',
    '--out',
    join(root, 'out'),
    '--lang',
    'en',
  ]);
  assert.equal(run.exit, 3);
  assert.deepEqual(run.stderr.trimEnd().split('\n'), [
    'institutions.csv, line 2, field level, value "三级": must be a level: 1, 2 or 3. Remedy: correct the value and run again. [area.bad-value]',
    'procedures.csv, line 2, field attribute, value "operation": must be one of surgery, intervention, therapeutic, diagnostic, minor. Remedy: correct the value and run again. [area.bad-value]',
    'budget.csv, line 2, field budget, value "-1": must be an amount in yuan, not below 0, at most two decimals, no thousands separators. Remedy: correct the value and run again. [area.bad-value]',
  ]);
});

/** sha256 of every file below a folder, folders and links with an empty text, by path. */
function fingerprint(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .map((entry): [string, string] => {
        const path = join(entry.parentPath, entry.name);
        const hash = !entry.isFile() ? '' : createHash('sha256').update(readFileSync(path)).digest('hex');
        return [path.slice(folder.length + 1), hash];
      })
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}
