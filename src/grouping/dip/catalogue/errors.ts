import type { ErrorDefinition } from '#kernel/errors.ts';

const input = (
  code: string,
  message: ErrorDefinition['message'],
  remedy: ErrorDefinition['remedy'],
): ErrorDefinition => ({ code: `group-catalogue.${code}`, exit: 3, message, remedy });

/** What can be wrong with a catalogue of disease groups, its list of operations, or a file of cases. */
export const catalogueErrors = {
  notThere: input(
    'not-there',
    {
      zh: '没有名为“{value}”的病种目录，也没有这个文件',
      en: 'there is neither a catalogue named "{value}" nor such a file',
    },
    {
      zh: 'yibao catalogue list 列出已导入的目录（现有：{known}）；新的先用 yibao catalogue import 导入',
      en: 'yibao catalogue list shows what is imported (there are: {known}); import a new one with yibao catalogue import',
    },
  ),
  noSuchGroup: input(
    'no-such-group',
    {
      zh: '目录 {name} 中没有病种或诊断“{value}”',
      en: 'catalogue {name} has no group or diagnosis "{value}"',
    },
    {
      zh: '核对编码；不写编码则列出整个目录',
      en: 'check the code; without one the whole catalogue is listed',
    },
  ),
  wrongName: input(
    'wrong-name',
    { zh: '名称不能用作文件夹名', en: 'the name cannot be the name of a folder' },
    {
      zh: '用字母、汉字、数字、点、横线和下划线，至多 64 个字符，如 市目录-2025',
      en: 'use letters, digits, dots, hyphens and underscores, 64 characters at the most, such as city-2025',
    },
  ),
  unreadable: input(
    'unreadable',
    { zh: '文件打不开：{reason}', en: 'the file cannot be opened: {reasonEn}' },
    {
      zh: '检查路径、读取权限，以及是否被其他程序占用',
      en: 'check the path, that you may read it and that no other program holds it',
    },
  ),
  wrongFormat: input(
    'wrong-format',
    { zh: '不是 CSV 或 XLSX 文件', en: 'neither a CSV nor an XLSX file' },
    {
      zh: '另存为 .csv（UTF-8）或 .xlsx 后重试；旧的 .xls 和加密的工作簿不能读',
      en: 'save it as .csv (UTF-8) or .xlsx; the old .xls and protected workbooks cannot be read',
    },
  ),
  wrongText: input(
    'wrong-text',
    { zh: '不是完整的文本：{reason}', en: 'not a sound text: {reasonEn}' },
    {
      zh: '用 UTF-8 重新保存；含双引号的值整个用双引号括起，值内的双引号写成两个',
      en: 'save it as UTF-8; put a value with quotes in quotes and double the ones inside',
    },
  ),
  noHeader: input(
    'no-header',
    { zh: '第一行不是表头', en: 'the first line is not a header' },
    { zh: '第一行写列名，至少有 {columns}', en: 'begin with a header that has at least {columns}' },
  ),
  missingColumn: input(
    'missing-column',
    { zh: '表头缺少列 {field}', en: 'the header lacks column {field}' },
    { zh: '补上该列（也可写作 {names}）', en: 'add the column (also called {names})' },
  ),
  repeatedColumn: input(
    'repeated-column',
    { zh: '表头中这一列不止一个', en: 'the column stands in the header more than once' },
    { zh: '只保留一列', en: 'keep one of them' },
  ),
  tooManyCells: input(
    'too-many-cells',
    {
      zh: '该行有 {found} 列，表头只有 {expected} 列',
      en: 'the line has {found} columns, the header {expected}',
    },
    { zh: '含逗号的值用双引号括起', en: 'put values that hold a comma in quotes' },
  ),
  otherColumns: input(
    'other-columns',
    {
      zh: '这一行的列数与表头的 {expected} 列不同，或双引号没有配对',
      en: 'the line has not the {expected} columns of the header, or its quotes do not match',
    },
    {
      zh: '补齐或删去多余的列；含逗号的值用双引号括起',
      en: 'add or remove columns; put values that hold a comma in quotes',
    },
  ),
  wrongCase: input(
    'wrong-case',
    { zh: '该值不对，这一例不参与分组', en: 'the value is wrong, so that the case is not grouped' },
    {
      zh: '改正后重新运行；结果文件中该例的状态是 invalid',
      en: 'correct it and run again; the case stands in the result as invalid',
    },
  ),
  noRows: input(
    'no-rows',
    { zh: '只有表头，没有一行数据', en: 'there is a header but not one row' },
    { zh: '填写数据后重试', en: 'fill in the rows and try again' },
  ),
  badValue: input(
    'bad-value',
    { zh: '应为{expected}', en: 'must be {expectedEn}' },
    { zh: '改正该值后重试', en: 'correct the value and try again' },
  ),
  repeatedRow: input(
    'repeated-row',
    { zh: '与第 {earlier} 行相同', en: 'the same as on line {earlier}' },
    { zh: '两行只保留一行', en: 'keep one of the two lines' },
  ),
  differentScores: input(
    'different-rows',
    {
      zh: '同一病种编码在第 {earlier} 行的类型、分值或均次费用不同',
      en: 'the group has another kind, score or mean cost on line {earlier}',
    },
    {
      zh: '同一病种的各行只可在诊断、手术操作和条件上不同；不同的病种用不同的编码',
      en: 'rows of one group may differ in diagnosis, operations and conditions only; give different groups different codes',
    },
  ),
  sameKey: input(
    'same-key',
    {
      zh: '与第 {earlier} 行（病种 {other}）的诊断、手术操作和条件完全相同，无法区分',
      en: 'diagnosis, operations and conditions are those of line {earlier} (group {other}): the two cannot be told apart',
    },
    {
      zh: '删去其中一行，或补上区分两者的条件',
      en: 'remove one of them, or add the condition that tells them apart',
    },
  ),
} satisfies Record<string, ErrorDefinition>;
