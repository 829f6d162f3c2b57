import { type ErrorDefinition, type Problem, YibaoError } from '#kernel/errors.ts';
import type { Text } from '#kernel/locale.ts';

const define = (code: string, message: Text, remedy: Text): ErrorDefinition => ({
  code: `intake.${code}`,
  exit: 3,
  message,
  remedy,
});

const JSON_REMEDY: Text = {
  zh: '每条清单是一个 JSON 对象：一行一个，或整个文件是一个数组；改正此处或重新导出整个文件',
  en: 'each list is one JSON object, one a line or all in one array; mend this place or export the whole file again',
};

/** What makes a file of settlement lists, or their folder, unreadable as a whole. All end a run with exit code 3. */
export const INTAKE_ERRORS = {
  noFolder: define(
    'no-folder',
    { zh: '没有结算清单文件夹', en: 'the folder of settlement lists does not exist' },
    {
      zh: '在统筹地区文件夹下建立 settlement_lists 文件夹，放入清单文件',
      en: 'make a folder settlement_lists in the area folder and put the files in it',
    },
  ),
  noFile: define(
    'no-file',
    { zh: '文件夹里没有可用的结算清单文件', en: 'the folder holds no usable file of settlement lists' },
    {
      zh: '放入 CSV、Parquet、XLSX 或 4101A JSON 清单文件（.csv .parquet .xlsx .json .jsonl .ndjson）',
      en: 'put CSV, Parquet, XLSX or 4101A JSON files there (.csv .parquet .xlsx .json .jsonl .ndjson)',
    },
  ),
  unsupportedFile: define(
    'unsupported-file',
    { zh: '不认识的文件类型', en: 'not a supported kind of file' },
    {
      zh: '另存为 .xlsx 或 .csv 后重新放入；压缩包请先解压；与清单无关的文件请移走',
      en: 'save it as .xlsx or .csv and put that here; unpack archives; move unrelated files away',
    },
  ),
  subFolder: define(
    'sub-folder',
    {
      zh: '结算清单文件夹里不能有子文件夹',
      en: 'the folder of settlement lists must not hold folders',
    },
    { zh: '把里面的清单文件移到上一级，删去子文件夹', en: 'move its files one level up and remove it' },
  ),
  unreadable: define(
    'unreadable',
    { zh: '文件打不开：{reason}', en: 'the file cannot be opened: {reasonEn}' },
    {
      zh: '检查文件是否仍在、是否有读取权限、是否被其他程序占用',
      en: 'check that it still exists, that you may read it and that no other program holds it',
    },
  ),
  noHeader: define(
    'no-header',
    { zh: '没有表头：第一行不是列名', en: 'no header: the first line does not name the columns' },
    {
      zh: '删去表头以上的标题和空行，使第一行为字段代码或中文名；必需的列：{columns}',
      en: 'remove titles above the header so that line 1 holds field codes or Chinese names; required: {columns}',
    },
  ),
  missingColumn: define(
    'missing-column',
    { zh: '缺少必需的列：{columns}', en: 'required columns are missing: {columns}' },
    {
      zh: '请出具方补上这些列（列名用字段代码或中文名，顺序不限）后重新导出',
      en: 'have the file exported again with these columns (field code or Chinese name, any order)',
    },
  ),
  duplicateColumn: define(
    'duplicate-column',
    { zh: '同一列出现两次：{names}', en: 'the same column is there twice: {names}' },
    {
      zh: '只保留其中一列（字段代码与中文名算同一列）',
      en: 'keep one of them (a field code and its Chinese name are the same column)',
    },
  ),
  columnType: define(
    'column-type',
    { zh: '列的类型 {type} 不能用', en: 'the column has the unusable type {type}' },
    {
      zh: '导出为文本、数值或日期；诊断和手术操作可以是文本数组或用 | 连接的文本',
      en: 'export it as text, number or date; diagnoses and procedures may be lists of text or text joined by |',
    },
  ),
  wrongEncoding: define(
    'wrong-encoding',
    {
      zh: '编码不对：从这一行起既不是 UTF-8 也不是 GB18030',
      en: 'wrong encoding: from this line on neither UTF-8 nor GB18030',
    },
    {
      zh: '用 Excel 另存为“CSV UTF-8（逗号分隔）”，或用文本编辑器以 UTF-8 重新保存；若文件传输中损坏请重新获取',
      en: 'save it from Excel as "CSV UTF-8 (comma delimited)" or from a text editor as UTF-8; fetch it again if it was damaged on its way',
    },
  ),
  utf16: define(
    'utf-16',
    {
      zh: '编码不对：这是 UTF-16（Excel 的“Unicode 文本”）或二进制内容，不是 UTF-8 或 GB18030 文本',
      en: 'wrong encoding: UTF-16 (Excel\'s "Unicode text") or binary content, not UTF-8 or GB18030 text',
    },
    {
      zh: '用 Excel 另存为“CSV UTF-8（逗号分隔）”，或用文本编辑器以 UTF-8 重新保存',
      en: 'save it from Excel as "CSV UTF-8 (comma delimited)" or from a text editor as UTF-8',
    },
  ),
  truncated: define(
    'truncated',
    {
      zh: '文件不完整：最后一条记录在中途断开',
      en: 'the file is truncated: its last record breaks off',
    },
    {
      zh: '重新导出或重新传输整个文件，并核对文件大小',
      en: 'export or transfer the whole file again and compare its size',
    },
  ),
  unclosedQuote: define(
    'unclosed-quote',
    {
      zh: '从这一行开始的记录有双引号没有闭合：文件不完整，或多了一个双引号',
      en: 'a quote in the record that starts on this line is never closed: truncated file or stray quote',
    },
    {
      zh: '补上或删去这一行多余的双引号（值内的双引号要写成两个），或重新导出整个文件',
      en: 'close or remove the quote (a quote inside a value is written twice), or export the whole file again',
    },
  ),
  badQuote: define(
    'bad-quote',
    {
      zh: '从这一行开始的记录双引号位置不对，无法分列',
      en: 'a misplaced quote in the record that starts on this line: its columns cannot be told apart',
    },
    {
      zh: '含双引号的值要整个用双引号括起，值内的双引号写成两个；改正这一行或重新导出',
      en: 'put a value with quotes in quotes and double the ones inside; mend this line or export again',
    },
  ),
  recordTooLong: define(
    'record-too-long',
    {
      zh: '从这一行开始的记录超过一百万个字符：没有换行，或不是 CSV 文件',
      en: 'the record that starts on this line has more than a million characters: no line ends, or not a CSV file',
    },
    {
      zh: '用 Excel 打开并另存为“CSV UTF-8（逗号分隔）”，或重新导出',
      en: 'open it in Excel and save it as "CSV UTF-8 (comma delimited)", or export it again',
    },
  ),
  tooManyMalformed: define(
    'too-many-malformed',
    {
      zh: '超过 {limit} 行的列数与表头不符（此行是第一处）',
      en: 'more than {limit} lines do not have as many columns as the header (this is the first)',
    },
    {
      zh: '检查分隔符是否一致、值里的逗号是否加了双引号，然后重新导出',
      en: 'check that one separator is used and that values with commas are in quotes, then export again',
    },
  ),
  damagedParquet: define(
    'damaged-parquet',
    {
      zh: '不是完整的 Parquet 文件（{cause}）',
      en: 'not a complete Parquet file ({cause})',
    },
    {
      zh: '重新导出或重新传输整个文件，并核对文件大小',
      en: 'export or transfer the whole file again and compare its size',
    },
  ),
  protectedXlsx: define(
    'protected-xlsx',
    {
      zh: '文件有打开密码，或是改了扩展名的旧版 .xls',
      en: 'the workbook has a password, or is an old .xls under another name',
    },
    {
      zh: '用 Excel 打开，去掉密码，另存为“Excel 工作簿 (.xlsx)”',
      en: 'open it in Excel, remove the password and save it as "Excel workbook (.xlsx)"',
    },
  ),
  damagedXlsx: define(
    'damaged-xlsx',
    { zh: '不是完整的 XLSX 文件（{cause}）', en: 'not a complete XLSX file ({cause})' },
    {
      zh: '用 Excel 打开并另存为 .xlsx 或“CSV UTF-8”；打不开则重新获取文件。编码类的列要设为文本格式，以免丢失前导零',
      en: 'open it in Excel and save it as .xlsx or "CSV UTF-8"; fetch it again if it does not open. Code columns must be text cells, or leading zeros are lost',
    },
  ),
  severalSheets: define(
    'several-sheets',
    {
      zh: '不止第一张工作表里有清单（还有 {sheets}）',
      en: 'more sheets than the first hold lists ({sheets})',
    },
    {
      zh: '每张工作表另存为一个文件，或把清单合并到第一张工作表',
      en: 'save each sheet as a file of its own, or put all lists on the first sheet',
    },
  ),
  jsonSyntax: define(
    'json-syntax',
    {
      zh: '第 {record} 条清单（从这一行开始）有 JSON 语法错误',
      en: 'record {record}, which starts on this line, is not valid JSON',
    },
    JSON_REMEDY,
  ),
  jsonNotObject: define(
    'json-not-object',
    { zh: '第 {record} 条不是 JSON 对象', en: 'record {record} is not a JSON object' },
    JSON_REMEDY,
  ),
  jsonStray: define(
    'json-stray',
    {
      zh: '第 {record} 条清单之前有多余或缺少的字符，或文件结束之后还有内容',
      en: 'characters too many or missing before record {record}, or content after the end',
    },
    JSON_REMEDY,
  ),
  jsonEmpty: define('json-empty', { zh: '文件里没有内容', en: 'there is nothing in the file' }, JSON_REMEDY),
} as const satisfies Record<string, ErrorDefinition>;

/** Throws one problem of a file. */
export function refuseFile(
  definition: ErrorDefinition,
  file: string,
  place: Omit<Problem, 'definition' | 'file'> = {},
  cause?: unknown,
): never {
  throw new YibaoError({ definition, file, ...place }, cause === undefined ? undefined : { cause });
}
