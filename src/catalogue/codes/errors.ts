import type { ErrorDefinition, ExitCode } from '#kernel/errors.ts';
import type { Text } from '#kernel/locale.ts';

const define = (code: string, message: Text, remedy: Text, exit: ExitCode = 3): ErrorDefinition => ({
  code: `codes.${code}`,
  exit,
  message,
  remedy,
});

/** What can be wrong with a file of codes or mappings, with the names they are kept under, and with their use. */
export const codesErrors = {
  unreadable: define(
    'unreadable',
    { zh: '文件打不开：{reason}', en: 'the file cannot be opened: {reasonEn}' },
    { zh: '核对路径与读取权限', en: 'check the path and that you may read it' },
  ),
  unsupportedFile: define(
    'unsupported-file',
    { zh: '不认识的文件类型', en: 'not a supported kind of file' },
    { zh: '另存为 .csv 或 .xlsx', en: 'save it as .csv or .xlsx' },
  ),
  tooLarge: define(
    'too-large',
    {
      zh: '文件超过 {most} MB，放不进内存',
      en: 'the file is larger than {most} MB and does not fit into memory',
    },
    {
      zh: '拆成几个文件；结算清单不必先对照，settle 可以直接用映射表（--map-diagnoses）',
      en: 'split it; settlement lists need not be mapped beforehand, as settle uses mapping tables itself (--map-diagnoses)',
    },
  ),
  wrongEncoding: define(
    'wrong-encoding',
    { zh: '编码不对：不是 UTF-8 或 GB18030 文本', en: 'wrong encoding: not UTF-8 or GB18030 text' },
    {
      zh: '用 Excel 另存为“CSV UTF-8（逗号分隔）”或 .xlsx',
      en: 'save it from Excel as "CSV UTF-8 (comma delimited)" or as .xlsx',
    },
  ),
  unclosedQuote: define(
    'unclosed-quote',
    { zh: '从这一行开始有双引号没有闭合', en: 'a quote that opens on this line is never closed' },
    {
      zh: '补上或删去这个双引号；值内的双引号要写成两个',
      en: 'close or remove the quote; a quote inside a value is written twice',
    },
  ),
  badQuote: define(
    'bad-quote',
    {
      zh: '这一行的双引号位置不对，无法分列',
      en: 'a misplaced quote on this line: its columns cannot be told apart',
    },
    {
      zh: '含双引号的值要整个用双引号括起，值内的双引号写成两个',
      en: 'put a value with quotes in quotes and double the ones inside',
    },
  ),
  damagedWorkbook: define(
    'damaged-workbook',
    { zh: '工作簿损坏或不完整（{cause}）', en: 'the workbook is damaged or incomplete ({cause})' },
    { zh: '用 Excel 打开后重新另存为 .xlsx', en: 'open it in Excel and save it as .xlsx again' },
  ),
  oldWorkbook: define(
    'old-workbook',
    { zh: '有打开密码，或是旧版 .xls', en: 'protected by a password, or the old .xls format' },
    { zh: '去掉密码，另存为 .xlsx', en: 'remove the password and save it as .xlsx' },
  ),
  empty: define(
    'empty-file',
    { zh: '文件是空的', en: 'the file is empty' },
    { zh: '核对文件；重新导出', en: 'check the file, or export it again' },
  ),
  noRows: define(
    'no-rows',
    { zh: '只有表头，没有一行数据', en: 'there is a header but not one row' },
    { zh: '核对文件；重新导出', en: 'check the file, or export it again' },
  ),
  noHeader: define(
    'no-header',
    {
      zh: '第一行不是表头：认不出所需的列',
      en: 'the first line is no header: the columns needed are not named',
    },
    {
      zh: '删去表头以上的标题行；编码集的表头写 code,name（或 编码,名称），映射表写 source_code,target_code（或 国临编码,医保编码）',
      en: 'remove titles above the header; a code set has the header code,name (编码,名称), a mapping source_code,target_code (国临编码,医保编码)',
    },
  ),
  missingColumn: define(
    'missing-column',
    { zh: '表头缺少列 {field}（{names}）', en: 'the header lacks column {field} ({names})' },
    {
      zh: '补上该列，列名用字段代码或中文名；映射表的列名认不出时用 --source-column、--target-column 指明',
      en: 'add it under its field code or Chinese name; for a mapping, --source-column and --target-column name columns of other names',
    },
  ),
  repeatedColumn: define(
    'repeated-column',
    {
      zh: '表头中有不止一列是 {field}：{names}',
      en: 'more than one column of the header is {field}: {names}',
    },
    {
      zh: '只保留一列；映射表可用 --source-column、--target-column 指明',
      en: 'keep one of them; for a mapping, name the right ones with --source-column and --target-column',
    },
  ),
  tooManyCells: define(
    'too-many-cells',
    {
      zh: '该行有 {found} 列，表头只有 {expected} 列',
      en: 'the line has {found} columns, the header {expected}',
    },
    { zh: '含逗号的名称要用双引号括起', en: 'put names that hold a comma in quotes' },
  ),
  missingValue: define(
    'missing-value',
    { zh: '{label}为空', en: '{field} is empty' },
    {
      zh: '补填；没有对应内容的行整行删去（映射表中查不到的编码原样保留）',
      en: 'fill it in, or remove the line (codes that a mapping lacks stay as they are)',
    },
  ),
  malformedCode: define(
    'malformed-code',
    { zh: '编码写法不对：应为{expected}', en: 'malformed code: must be {expectedEn}' },
    {
      zh: '改正编码；若是 Excel 改动的（丢了前导零、变成日期或科学记数），把该列设为文本后重新填写',
      en: 'correct it; where Excel has changed it (zeros lost, a date, an exponent), make the column text and enter it again',
    },
  ),
  renamedCode: define(
    'code-twice',
    {
      zh: '编码与第 {earlier} 行重复而名称不同（该行为“{name}”）',
      en: 'the code stands on line {earlier} with another name ("{name}")',
    },
    { zh: '核对编码与名称，只保留正确的一行', en: 'check code and name and keep the right line' },
  ),
  badPreferred: define(
    'bad-preferred',
    { zh: '“首选”列应为 1（是）或 0（否、空）', en: 'preferred must be 1 (yes) or 0 (no, empty)' },
    { zh: '改正该值', en: 'correct the value' },
  ),
  twoPreferred: define(
    'two-preferred',
    {
      zh: '源编码 {source} 有两个首选：第 {earlier} 行已是 {other}',
      en: 'source code {source} has two preferred targets: line {earlier} prefers {other}',
    },
    { zh: '每个源编码至多标一个首选', en: 'mark at most one target of each source code as preferred' },
  ),
  badName: define(
    'bad-name',
    { zh: '“{value}”不能用作名称', en: '"{value}" cannot be a name' },
    {
      zh: '用字母、汉字、数字开头，只含字母、汉字、数字和 . _ -，至多 64 个字符，不以点结尾',
      en: 'begin with a letter or digit, use letters, digits and . _ - only, 64 characters at most, no dot at the end',
    },
    2,
  ),
  reservedName: define(
    'reserved-name',
    {
      zh: '“{value}”是随附的演示编码集的名称',
      en: '"{value}" is the name of a code set that comes with yibao',
    },
    { zh: '换一个名称（--name）', en: 'choose another name with --name' },
    2,
  ),
  exists: define(
    'exists',
    {
      zh: '“{value}”已存有不同的内容（{rows} 行，来自 {source}）',
      en: '"{value}" is already kept with other content ({rows} rows, from {source})',
    },
    {
      zh: '换一个名称（--name），各版本可以并存；确要替换时加 --replace',
      en: 'choose another --name, as versions stand side by side; to replace it, add --replace',
    },
    4,
  ),
  notFound: define(
    'not-found',
    { zh: '没有名为“{value}”的{kind}', en: 'there is no {kindEn} named "{value}"' },
    {
      zh: '现有：{names}；用 yibao codes import 文件 --name 名称 导入',
      en: 'there are: {names}; import one with yibao codes import FILE --name NAME',
    },
  ),
  wrongKind: define(
    'wrong-kind',
    { zh: '“{value}”是{found}，这里要用{kind}', en: '"{value}" is a {foundEn}, this needs a {kindEn}' },
    { zh: '用 yibao codes list 查看各名称的种类', en: 'yibao codes list shows what each name is' },
  ),
  bundledStays: define(
    'bundled-stays',
    { zh: '“{value}”随附于 yibao，不能删除', en: '"{value}" comes with yibao and cannot be removed' },
    { zh: '不必删除：它不占用数据文件夹', en: 'there is no need to: it takes no place in the data folder' },
    4,
  ),
  damagedStore: define(
    'damaged-store',
    {
      zh: '“{value}”的存储内容不完整或被改动过',
      en: 'what is kept as "{value}" is incomplete or was changed',
    },
    {
      zh: '删去后从原文件重新导入：yibao codes remove {value}，再 yibao codes import 文件 --name {value}',
      en: 'remove it and import it again: yibao codes remove {value}, then yibao codes import FILE --name {value}',
    },
  ),
  storeNotWritable: define(
    'store-not-writable',
    { zh: '数据文件夹无法写入：{reason}', en: 'the data folder cannot be written: {reasonEn}' },
    {
      zh: '检查权限与磁盘空间，或用环境变量 YIBAO_DATA 另指文件夹',
      en: 'check permissions and disk space, or name another folder in the environment variable YIBAO_DATA',
    },
    5,
  ),
  noSuchColumn: define(
    'no-such-column',
    { zh: '文件没有列“{value}”', en: 'the file has no column "{value}"' },
    { zh: '表头有：{names}', en: 'its header has: {names}' },
  ),
  columnTaken: define(
    'column-taken',
    {
      zh: '文件已有列“{value}”，结果要用这个列名',
      en: 'the file already has a column "{value}", which the result needs',
    },
    { zh: '改名或删去该列', en: 'rename or remove it' },
  ),
  fileExists: define(
    'file-exists',
    { zh: '文件已存在，不覆盖', en: 'the file exists and is left alone' },
    { zh: '换一个文件名（--out），或加 --replace', en: 'choose another --out, or add --replace' },
    4,
  ),
  outIsInput: define(
    'out-is-input',
    { zh: '写到这里会覆盖输入', en: 'writing here would replace the input' },
    { zh: '用 --out 另选文件', en: 'choose another file with --out' },
    4,
  ),
  notMapped: define(
    'not-mapped',
    { zh: '编码{why}', en: 'the code {whyEn}' },
    {
      zh: '在映射表中补上该编码，或为它标明首选；不加 --unmapped refuse 时这些编码原样保留并列出',
      en: 'add the code to the table, or mark a preferred target; without --unmapped refuse such codes stay as they are and are listed',
    },
    4,
  ),
} satisfies Record<string, ErrorDefinition>;
