import type { ErrorDefinition } from '#kernel/errors.ts';
import type { Text } from '#kernel/locale.ts';

const define = (code: string, message: Text, remedy: Text, exit: 3 | 4 = 3): ErrorDefinition => ({
  code: `drg.${code}`,
  exit,
  message,
  remedy,
});

const LANGUAGE: Text = {
  zh: '按 docs/domain/drg.md 的条件语言改正这一步的条件',
  en: 'write the condition in the language of docs/domain/drg.md',
};

/** Why a DRG scheme, or a file of cases, is refused as a whole. */
export const drgErrors = {
  schemeNotFound: define(
    'scheme-not-found',
    {
      zh: '没有这个分组方案：既不是文件夹，也不是已导入或自带的方案（现有：{names}）',
      en: 'there is no such DRG scheme: neither a folder nor an imported or bundled scheme (there are: {names})',
    },
    {
      zh: '给出方案文件夹，或用 yibao drg list 查看名称，用 yibao drg import 导入',
      en: 'give the folder of a scheme, or see the names with yibao drg list and import with yibao drg import',
    },
  ),
  fileMissing: define(
    'file-missing',
    { zh: '方案文件夹里缺少这个文件', en: 'this file is missing in the folder of the scheme' },
    {
      zh: '补上文件，首行为列名：{columns}；没有内容也要有首行',
      en: 'add it with the header {columns}; the header alone will do where there is no content',
    },
  ),
  unreadable: define(
    'file-unreadable',
    { zh: '文件打不开：{reason}', en: 'the file cannot be read: {reasonEn}' },
    { zh: '检查权限和磁盘', en: 'check permissions and disk' },
  ),
  wrongEncoding: define(
    'wrong-encoding',
    { zh: '编码既不是 UTF-8 也不是 GB18030', en: 'neither UTF-8 nor GB18030 text' },
    { zh: '另存为“CSV UTF-8（逗号分隔）”', en: 'save it as "CSV UTF-8 (comma delimited)"' },
  ),
  badCsv: define(
    'bad-csv',
    {
      zh: '从这一行开始的记录无法分列：双引号没有闭合或位置不对',
      en: 'the record that starts on this line cannot be split: a quote is not closed or misplaced',
    },
    {
      zh: '含逗号或双引号的值要整个用双引号括起，值内的双引号写成两个',
      en: 'put a value with commas or quotes in quotes and double the quotes inside',
    },
  ),
  missingColumn: define(
    'missing-column',
    { zh: '首行缺少这一列', en: 'the header lacks this column' },
    { zh: '首行应有：{columns}（顺序不限）', en: 'the header must have {columns}, in any order' },
  ),
  repeatedColumn: define(
    'repeated-column',
    { zh: '首行中这一列出现多次', en: 'the header names this column more than once' },
    { zh: '只保留一列', en: 'keep one of them' },
  ),
  cellCount: define(
    'cell-count',
    {
      zh: '这一行有 {found} 列，首行有 {expected} 列',
      en: 'the line has {found} columns, the header {expected}',
    },
    {
      zh: '补齐或删去多余的逗号；含逗号的值要用双引号括起',
      en: 'add or remove commas; put values that hold a comma in quotes',
    },
  ),
  noRows: define(
    'no-rows',
    { zh: '文件只有首行', en: 'the file has nothing but a header' },
    { zh: '填入内容', en: 'fill it in' },
  ),
  emptyField: define(
    'empty-field',
    { zh: '这一格是空的', en: 'the field is empty' },
    { zh: '填入内容，或删去这一行', en: 'fill it in, or remove the line' },
  ),
  badSeq: define(
    'bad-seq',
    { zh: '步骤序号不是非负整数', en: 'seq is not a whole number' },
    { zh: '写成 1、2、3 这样的整数', en: 'write whole numbers such as 1, 2, 3' },
  ),
  seqOrder: define(
    'seq-order',
    {
      zh: '步骤序号没有递增：上一步（第 {earlierRow} 行）是 {earlier}',
      en: 'seq does not ascend: the step before (line {earlierRow}) has {earlier}',
    },
    {
      zh: '按判定顺序排列步骤并重新编号，序号不得重复',
      en: 'put the steps in the order of evaluation and number them without repetition',
    },
  ),
  unknownLevel: define(
    'unknown-level',
    { zh: '不认识的层级', en: 'unknown level' },
    { zh: '写 mdc、adrg、drg 或 ambiguous', en: 'write mdc, adrg, drg or ambiguous' },
  ),
  outsideMdc: define(
    'outside-mdc',
    { zh: '{level} 步骤前面没有 mdc 步骤', en: 'a step of level {level} before any mdc step' },
    { zh: '把它移到所属的 mdc 步骤之后', en: 'move it behind the mdc step it belongs to' },
  ),
  outsideAdrg: define(
    'outside-adrg',
    {
      zh: 'drg 步骤不在 adrg 之下（前一步是第 {earlierRow} 行的 {earlier}）',
      en: 'a drg step that is not under an adrg (the step before, line {earlierRow}, is {earlier})',
    },
    { zh: '把它移到所属的 adrg 步骤之后', en: 'move it behind the adrg step it belongs to' },
  ),
  ambiguousUnderAdrg: define(
    'ambiguous-under-adrg',
    {
      zh: 'ambiguous 步骤紧跟在 adrg（第 {earlierRow} 行 {earlier}）之下',
      en: 'an ambiguous step under an adrg (line {earlierRow}, {earlier})',
    },
    {
      zh: '先写该 adrg 的 drg 步骤，ambiguous 放在其后',
      en: 'write the drg steps of that adrg first and put the ambiguous step behind them',
    },
  ),
  wrongMdc: define(
    'wrong-mdc',
    {
      zh: 'mdc 列与所在的节不一致：这一节是 {mdc}（第 {earlierRow} 行）',
      en: 'the mdc column differs from the section, which is {mdc} (line {earlierRow})',
    },
    {
      zh: '改正 mdc 列，或把这一步移到它的节',
      en: 'correct the mdc column, or move the step to its section',
    },
  ),
  foreignDrg: define(
    'foreign-drg',
    {
      zh: 'drg 编码不属于所在的 adrg {adrg}（第 {earlierRow} 行）：应以它开头',
      en: 'the drg does not belong to its adrg {adrg} (line {earlierRow}): it must begin with it',
    },
    { zh: '改正编码，或把这一步移到它的 adrg 之下', en: 'correct the code, or move the step under its adrg' },
  ),
  syntax: define(
    'condition-syntax',
    {
      zh: '条件的第 {position} 个字符处有语法错误：{reason}',
      en: 'syntax error at character {position} of the condition: {reasonEn}',
    },
    LANGUAGE,
  ),
  unknownTest: define(
    'unknown-test',
    {
      zh: '条件的第 {position} 个字符处有不认识的判断“{test}”',
      en: 'unknown test "{test}" at character {position} of the condition',
    },
    LANGUAGE,
  ),
  unknownOperator: define(
    'unknown-operator',
    {
      zh: '条件的第 {position} 个字符处有不认识的运算符“{operator}”',
      en: 'unknown operator "{operator}" at character {position} of the condition',
    },
    LANGUAGE,
  ),
  unknownList: define(
    'unknown-list',
    {
      zh: '条件引用的列表 @{list} 不在 lists.csv 中',
      en: 'the condition names the list @{list}, which lists.csv lacks',
    },
    { zh: '在 lists.csv 中补上这个列表，或改正名称', en: 'add the list to lists.csv, or correct its name' },
  ),
  unknownPart: define(
    'unknown-part',
    { zh: '列表 @{list} 没有分部“{part}”', en: 'the list @{list} has no part "{part}"' },
    {
      zh: '在 lists.csv 的 part 列补上，或改正名称',
      en: 'add it in column part of lists.csv, or correct its name',
    },
  ),
  emptyList: define(
    'empty-list',
    { zh: '条件需要的列表 {list} 是空的', en: 'the condition needs the list {list}, which is empty' },
    { zh: '在 {place} 中补上编码，或删去这一步', en: 'add codes to {place}, or remove the step' },
  ),
  reservedList: define(
    'reserved-list',
    {
      zh: '列表名 valid_procedures 保留给 valid_procedures.csv',
      en: 'the name valid_procedures is reserved for valid_procedures.csv',
    },
    { zh: '换一个列表名', en: 'choose another name for the list' },
  ),
  noName: define(
    'no-name',
    { zh: '病组在 groups.csv 中没有名称', en: 'the group has no name in groups.csv' },
    { zh: '在 groups.csv 中补上名称', en: 'add it with a name to groups.csv' },
  ),
  otherName: define(
    'other-name',
    { zh: '病组在第 {earlier} 行已有另一个名称', en: 'the group has another name on line {earlier}' },
    { zh: '只保留一个名称', en: 'keep one name' },
  ),
  notAName: define(
    'not-a-name',
    { zh: '不能用作方案名称', en: 'cannot be the name of a scheme' },
    {
      zh: '名称用字母、汉字、数字和 . _ -，不超过 64 个字符',
      en: 'use letters, digits and . _ -, at most 64 characters',
    },
  ),
  bundledName: define(
    'bundled-name',
    { zh: '这是自带方案的名称', en: 'this is the name of a bundled scheme' },
    { zh: '换一个名称（--name）', en: 'choose another name with --name' },
    4,
  ),
  otherContent: define(
    'other-content',
    {
      zh: '已有同名方案，内容不同（不同的文件：{files}）',
      en: 'a scheme of that name with other content exists (files that differ: {files})',
    },
    {
      zh: '换一个名称，或加 --replace 替换；用 yibao drg diff 看差别',
      en: 'choose another name, or replace it with --replace; yibao drg diff shows what differs',
    },
    4,
  ),
  storeNotWritable: {
    code: 'drg.store-not-writable',
    exit: 5,
    message: { zh: '无法存下方案：{reason}', en: 'the scheme cannot be stored: {reasonEn}' },
    remedy: {
      zh: '检查权限与磁盘空间；用环境变量 YIBAO_DATA 可换一个存放的文件夹',
      en: 'check permissions and disk space; the variable YIBAO_DATA names another folder',
    },
  },
  noSuchCode: define(
    'no-such-code',
    { zh: '方案里没有这个编码', en: 'the scheme does not have this code' },
    {
      zh: '给出 MDC、ADRG 或病组编码，如 {examples}',
      en: 'give the code of an MDC, an ADRG or a group, such as {examples}',
    },
  ),
  overCases: define(
    'over-cases',
    { zh: '结果文件就是病例文件，不覆盖', en: 'the result would replace the file of cases' },
    { zh: '用 --out 另选文件', en: 'choose another file with --out' },
    4,
  ),
  outNotWritable: {
    code: 'drg.out-not-writable',
    exit: 5,
    message: { zh: '无法写入：{reason}', en: 'cannot be written: {reasonEn}' },
    remedy: {
      zh: '检查文件夹是否存在、权限与磁盘空间，或换一个文件（--out）',
      en: 'check that its folder exists, permissions and disk space, or choose another file with --out',
    },
  },
  noListsOfYear: define(
    'no-lists-of-year',
    { zh: '没有 {year} 年出院的可用清单', en: 'there are no usable lists discharged in {year}' },
    {
      zh: '换一个年度（--year），或核对清单文件',
      en: 'choose another year with --year, or check the list files',
    },
  ),
  noCases: define(
    'no-cases',
    { zh: '没有病例', en: 'there are no cases' },
    { zh: '检查文件是否只有首行', en: 'check whether the file has nothing but a header' },
  ),
} as const satisfies Record<string, ErrorDefinition>;

/** What is odd in a scheme although it can be used; reported, never refused. */
export const drgWarnings = {
  unreachable: define(
    'unreachable-step',
    {
      zh: '这一步永远轮不到：第 {earlierRow} 行的 {earlier} 总是先得出结果',
      en: 'the step is never tried: {earlier} on line {earlierRow} always gives a result first',
    },
    { zh: '删去，或调整顺序', en: 'remove it, or change the order' },
  ),
  unreachableFallback: define(
    'unreachable-fallback',
    {
      zh: 'ADRG 的兜底步骤轮不到：第 {earlierRow} 行的 {earlier} 总是先得出结果',
      en: 'the fallback of the ADRG is never tried: {earlier} on line {earlierRow} always gives a result first',
    },
    { zh: '可以保留，不影响分组', en: 'it may stay, grouping is the same' },
  ),
  repeatedCondition: define(
    'repeated-condition',
    {
      zh: '条件与第 {earlierRow} 行的 {earlier} 相同，这一步轮不到',
      en: 'the same condition as {earlier} on line {earlierRow}: the step is never reached',
    },
    { zh: '删去，或改正条件', en: 'remove it, or correct the condition' },
  ),
  shadowed: define(
    'shadowed-step',
    {
      zh: '列表中的编码都已被前面的步骤（{earlier}）取走，这一步轮不到',
      en: 'every code of its list is taken by earlier steps ({earlier}): the step is never reached',
    },
    { zh: '核对列表和步骤的顺序', en: 'check the list and the order of the steps' },
  ),
  impossible: define(
    'impossible-condition',
    { zh: '条件不可能成立（{reason}）', en: 'the condition can never hold ({reasonEn})' },
    { zh: '核对数值范围', en: 'check the ranges of its numbers' },
  ),
  adrgWithoutDrg: define(
    'adrg-without-drg',
    { zh: '这个 adrg 下没有 drg 步骤，不会得出结果', en: 'no drg step under this adrg: it gives no result' },
    { zh: '补上 drg 步骤，或删去', en: 'add drg steps, or remove it' },
  ),
  groupNeverReached: define(
    'group-never-reached',
    { zh: '没有步骤得出这个病组', en: 'no step gives this group' },
    { zh: '补上步骤，或从 groups.csv 删去', en: 'add a step, or remove it from groups.csv' },
  ),
  unnamedResult: define(
    'unnamed-result',
    {
      zh: '结果编码在 groups.csv 中没有名称（{level}）',
      en: 'the result has no name in groups.csv ({level})',
    },
    { zh: '可在 groups.csv 中补上名称', en: 'add a name to groups.csv' },
  ),
  codeTwice: define(
    'code-twice',
    {
      zh: '编码在{place}中出现两次（先在第 {earlier} 行）',
      en: 'the code stands twice in {placeEn} (first on line {earlier})',
    },
    { zh: '删去一行', en: 'remove one line' },
  ),
  otherValue: define(
    'other-value',
    {
      zh: '编码在第 {earlier} 行已有另一个排除列表“{other}”；以最后一行为准',
      en: 'the code has another exclusion list, "{other}", on line {earlier}; the last line counts',
    },
    { zh: '只保留一行', en: 'keep one line' },
  ),
  severalParts: define(
    'several-parts',
    {
      zh: 'diagnosis_sites 所用的列表中，编码属于多个分部（先在第 {earlier} 行）；计部位时以最后一行为准',
      en: 'a code of a list used by diagnosis_sites stands under several parts (first on line {earlier}); the last counts',
    },
    { zh: '核对编码的分部', en: 'check the part of the code' },
  ),
  noPart: define(
    'no-part',
    {
      zh: 'diagnosis_sites 所用的列表 @{list} 有 {codes} 个编码没有写分部，不计入任何部位',
      en: 'the list @{list} used by diagnosis_sites has {codes} codes without a part, which count for none',
    },
    { zh: '在 part 列补上分部', en: 'fill in column part' },
  ),
  ccAndMcc: define(
    'cc-and-mcc',
    {
      zh: '编码同时在 mcc.csv（第 {earlier} 行）和 cc.csv 中',
      en: 'the code stands in mcc.csv (line {earlier}) and in cc.csv',
    },
    { zh: '只保留一处', en: 'keep it in one of them' },
  ),
  unknownExclusion: define(
    'unknown-exclusion',
    {
      zh: '排除列表没有任何主要诊断使用，从不排除',
      en: 'no principal diagnosis carries this exclusion list: it never excludes',
    },
    { zh: '核对 exclusions.csv', en: 'check exclusions.csv' },
  ),
  unusedList: define(
    'unused-list',
    { zh: '没有步骤使用列表 @{list}', en: 'no step uses the list @{list}' },
    { zh: '核对名称，或删去', en: 'check its name, or remove it' },
  ),
  extraColumn: define(
    'extra-column',
    { zh: '多出的列，不读取', en: 'a column that is not read' },
    { zh: '可以保留', en: 'it may stay' },
  ),
} as const satisfies Record<string, ErrorDefinition>;
