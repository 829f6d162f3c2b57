import type { ErrorDefinition } from '#kernel/errors.ts';

/** What can be wrong with policies. Places: {file}, {row}, {field} and {value} are filled by the kernel. */
const INPUT = 3;
const USAGE = 2;

export const UNREADABLE_FILE: ErrorDefinition = {
  code: 'policy.unreadable-file',
  exit: INPUT,
  message: { zh: '文件无法读取：{reasonZh}', en: 'the file cannot be read: {reasonEn}' },
  remedy: {
    zh: '检查文件是否存在、可读；不是 UTF-8 的（如 GB18030）另存为 UTF-8',
    en: 'check that the file exists and can be read; save another encoding, such as GB18030, as UTF-8',
  },
};

export const BAD_YAML: ErrorDefinition = {
  code: 'policy.bad-yaml',
  exit: INPUT,
  message: { zh: '不是正确的 YAML：{reason}', en: 'this is not correct YAML: {reason}' },
  remedy: { zh: '改正该行的缩进、引号或括号', en: 'mend the indentation, quotes or brackets of this line' },
};

export const HIDDEN_ROW: ErrorDefinition = {
  code: 'policy.hidden-row',
  exit: INPUT,
  message: {
    zh: '这一行永远轮不到：凡符合它的都先符合第 {line} 行的 {above}',
    en: 'this row can never hold: whatever fits it fits the row {above} of line {line} first',
  },
  remedy: {
    zh: '条件多的行写在上面，没有条件的行放最后',
    en: 'write rows with more conditions above, and the row without conditions last',
  },
};

export const WRONG_BAND_KEY: ErrorDefinition = {
  code: 'policy.wrong-band-key',
  exit: INPUT,
  message: { zh: '分段里只能写 up_to 与 value', en: 'a band has only up_to and value' },
  remedy: {
    zh: '依条件而不同的，条件写在分段之外：{ level: 3, value: "30000:0.85 | 0.9" }；段的下限就是上一段的 up_to',
    en: 'write conditions outside of the bands: { level: 3, value: "30000:0.85 | 0.9" }; a band starts where the one before it ends',
  },
};

export const REPEATED_KEY: ErrorDefinition = {
  code: 'policy.repeated-key',
  exit: INPUT,
  message: { zh: '同一处出现两个相同的键', en: 'a key is written twice in one place' },
  remedy: {
    zh: '只保留一个；同一日期的更正写成列表，并注明 recorded',
    en: 'keep one; write a correction of the same date as a list whose items carry `recorded`',
  },
};

export const WRONG_SHAPE: ErrorDefinition = {
  code: 'policy.wrong-shape',
  exit: INPUT,
  message: { zh: '此处应为{expectedZh}', en: 'expected {expectedEn} here' },
  remedy: {
    zh: '对照 docs/domain/policy.md 的格式改写（就诊与参保人文件：docs/guides/write-a-benefit-policy.md）；不支持锚点与别名',
    en: 'write it as docs/domain/policy.md shows (visits and persons: docs/guides/write-a-benefit-policy.md); anchors and aliases are not supported',
  },
};

export const UNKNOWN_KEY: ErrorDefinition = {
  code: 'policy.unknown-key',
  exit: INPUT,
  message: { zh: '不认识的键', en: 'unknown key' },
  remedy: { zh: '改正或删除；此处可用：{known}', en: 'mend or remove it; known here: {known}' },
};

export const MISSING_KEY: ErrorDefinition = {
  code: 'policy.missing-key',
  exit: INPUT,
  message: { zh: '缺少必填的键', en: 'a required key is missing' },
  remedy: { zh: '补上 {field}', en: 'add {field}' },
};

export const WRONG_AREA_CODE: ErrorDefinition = {
  code: 'policy.wrong-area-code',
  exit: INPUT,
  message: { zh: '不是六位统筹地区代码', en: 'not a six-digit area code' },
  remedy: { zh: '写成带引号的六位数字，如 "990100"', en: 'write six digits in quotes, such as "990100"' },
};

export const WRONG_LAYER: ErrorDefinition = {
  code: 'policy.wrong-layer',
  exit: INPUT,
  message: { zh: '层级与地区代码 {area} 不符', en: 'the layer does not fit area code {area}' },
  remedy: {
    zh: '000000 为 national，XX0000 为 province，其他为 city',
    en: '000000 is national, XX0000 is province, any other is city',
  },
};

export const EXTENDS_IN_CIRCLES: ErrorDefinition = {
  code: 'policy.extends-in-circles',
  exit: INPUT,
  message: { zh: '支付方案互相沿用，成了圈', en: 'the profiles extend each other in a circle' },
  remedy: { zh: '去掉其中一个 extends', en: 'remove one `extends`' },
};

export const UNKNOWN_PROFILE: ErrorDefinition = {
  code: 'policy.unknown-profile',
  exit: INPUT,
  message: { zh: '没有这个支付方案', en: 'there is no such profile' },
  remedy: { zh: '可用的方案：{known}', en: 'use one of: {known}' },
};

export const UNKNOWN_PARAMETER: ErrorDefinition = {
  code: 'policy.unknown-parameter',
  exit: INPUT,
  message: { zh: '没有这个参数', en: 'there is no such parameter' },
  remedy: { zh: '检查拼写；相近的参数：{near}', en: 'check the spelling; near it: {near}' },
};

export const WRONG_UNIT: ErrorDefinition = {
  code: 'policy.wrong-unit',
  exit: INPUT,
  message: { zh: '参数 {parameter} 的单位不对', en: 'wrong unit for parameter {parameter}' },
  remedy: { zh: '单位应为 {expected}', en: 'its unit is {expected}' },
};

export const WRONG_DATE: ErrorDefinition = {
  code: 'policy.wrong-date',
  exit: INPUT,
  message: { zh: '不是正确的日期', en: 'not a correct date' },
  remedy: {
    zh: '写成 YYYY-MM-DD，如 2025-01-01，年份在 1990 至 2100 之间',
    en: 'write YYYY-MM-DD, such as 2025-01-01, with a year from 1990 to 2100',
  },
};

export const MISSING_SOURCE: ErrorDefinition = {
  code: 'policy.missing-source',
  exit: INPUT,
  message: { zh: '参数 {parameter} 的值没有写明来源', en: 'a value of {parameter} does not name its source' },
  remedy: {
    zh: '补上 {field}：from 写文件编号，article 写条款（终止 null 只需 from）',
    en: 'add {field}: `from` is the document id, `article` the article (an ending null needs only `from`)',
  },
};

export const UNKNOWN_DOCUMENT: ErrorDefinition = {
  code: 'policy.unknown-document',
  exit: INPUT,
  message: { zh: '没有登记这个文件', en: 'this document is not registered' },
  remedy: {
    zh: '在 policies/documents.yaml 或本文件的 documents 中登记其标题，或改正编号',
    en: 'register its title in policies/documents.yaml or under `documents` in this file, or mend the id',
  },
};

export const REPEATED_DOCUMENT: ErrorDefinition = {
  code: 'policy.repeated-document',
  exit: INPUT,
  message: { zh: '该文件编号已在 {other} 登记', en: 'this document id is already registered in {other}' },
  remedy: { zh: '直接引用，或换一个编号', en: 'refer to it as it is, or choose another id' },
};

export const UNKNOWN_CHOICE: ErrorDefinition = {
  code: 'policy.unknown-choice',
  exit: INPUT,
  message: { zh: '不是可选的写法', en: 'not one of the choices' },
  remedy: { zh: '可选：{known}', en: 'choose one of: {known}' },
};

export const UNQUOTED_DECIMAL: ErrorDefinition = {
  code: 'policy.unquoted-decimal',
  exit: INPUT,
  message: {
    zh: '小数没有加引号，会被读成浮点数',
    en: 'a decimal without quotes would be read as a floating-point number',
  },
  remedy: { zh: '加上引号："{value}"', en: 'put it in quotes: "{value}"' },
};

export const WRONG_VALUE: ErrorDefinition = {
  code: 'policy.wrong-value',
  exit: INPUT,
  message: {
    zh: '参数 {parameter} 的值写法不对',
    en: 'the value of {parameter} is not written as it should be',
  },
  remedy: {
    zh: '应为{expectedZh}；终止写 null',
    en: 'write {expectedEn}; to end the value write null',
  },
};

export const SHORT_VALUE: ErrorDefinition = {
  code: 'policy.short-value',
  exit: INPUT,
  message: {
    zh: '参数 {field} 只写了值，而本文件没有写 source',
    en: 'parameter {field} is written as a bare value, but this file has no `source`',
  },
  remedy: {
    zh: '在文件开头写 source: {from: 文件编号, article: 条款, starts: 生效日}，或写全 unit 与 values',
    en: 'write `source: {from: document id, article: …, starts: date}` at the top of the file, or write unit and values',
  },
};

export const WRONG_ROW: ErrorDefinition = {
  code: 'policy.wrong-row',
  exit: INPUT,
  message: {
    zh: '参数 {parameter} 的这一行，{field} 写法不对',
    en: 'in this row of {parameter}, {field} is not written as it should be',
  },
  remedy: { zh: '应为{expectedZh}', en: 'write {expectedEn}' },
};

export const UNKNOWN_CONDITION: ErrorDefinition = {
  code: 'policy.unknown-condition',
  exit: INPUT,
  message: {
    zh: '参数 {parameter} 的这一行写了不认识的条件 {field}',
    en: 'this row of {parameter} has an unknown condition {field}',
  },
  remedy: { zh: '可用的条件：{expectedZh}', en: 'known conditions: {expectedEn}' },
};

export const UNKNOWN_NAME: ErrorDefinition = {
  code: 'policy.unknown-name',
  exit: INPUT,
  message: {
    zh: '参数 {parameter} 的条件 {field} 用了没有声明的名称',
    en: 'condition {field} of {parameter} uses a name that is not declared',
  },
  remedy: {
    zh: '改正拼写（已有：{known}），或在 {declaredBy} 中声明',
    en: 'mend the spelling (known: {known}), or declare it in {declaredBy}',
  },
};

export const VALUE_OUT_OF_RANGE: ErrorDefinition = {
  code: 'policy.value-out-of-range',
  exit: INPUT,
  message: { zh: '参数 {parameter} 的值超出允许范围', en: 'the value of {parameter} is out of range' },
  remedy: { zh: '应为{expectedZh}', en: 'write {expectedEn}' },
};

export const REPEATED_VALUE: ErrorDefinition = {
  code: 'policy.repeated-value',
  exit: INPUT,
  message: {
    zh: '参数 {parameter} 在同一生效日有两个记录日期相同的值',
    en: 'parameter {parameter} has two values with one start date and one recording date',
  },
  remedy: {
    zh: '更正须写明更晚的 recorded 日期',
    en: 'give the correction a later `recorded` date',
  },
};

export const REPEATED_PARAMETER: ErrorDefinition = {
  code: 'policy.repeated-parameter',
  exit: INPUT,
  message: {
    zh: '同一地区同一方案的参数 {field} 已写在 {other}',
    en: 'parameter {field} of this area and profile is already written in {other}',
  },
  remedy: { zh: '把两处合并到一个文件', en: 'bring both together in one file' },
};

export const MISSING_VALUE: ErrorDefinition = {
  code: 'policy.missing-value',
  exit: INPUT,
  message: {
    zh: '参数 {field} 在 {date} 没有生效的值',
    en: 'parameter {field} has no value in force on {date}',
  },
  remedy: {
    zh: '在 area.yaml 的 overrides 或 policies/ 的国家、省、市文件中写一个 {date} 或更早生效的值',
    en: 'write a value that starts on or before {date} under `overrides` of area.yaml or in a file under policies/',
  },
};

export const INCONSISTENT_VALUES: ErrorDefinition = {
  code: 'policy.inconsistent-values',
  exit: INPUT,
  message: {
    zh: '生效的参数互相矛盾：应有 {condition}，现为 {found}',
    en: 'the parameters in force contradict each other: {condition} must hold, but {found}',
  },
  remedy: { zh: '改正其中一个的值', en: 'change the value of one of them' },
};

export const AREA_NOT_FOUND: ErrorDefinition = {
  code: 'policy.area-not-found',
  exit: INPUT,
  message: {
    zh: '既不是六位地区代码，也不是含 area.yaml 的目录',
    en: 'neither a six-digit area code nor a folder with an area.yaml',
  },
  remedy: {
    zh: '给出如 990100 的代码，或地区目录的路径',
    en: 'give a code such as 990100 or the path of an area folder',
  },
};

export const UNKNOWN_PARAMETER_ASKED: ErrorDefinition = {
  ...UNKNOWN_PARAMETER,
  code: 'policy.unknown-parameter-asked',
  exit: USAGE,
};

export const WRONG_DATE_ASKED: ErrorDefinition = {
  ...WRONG_DATE,
  code: 'policy.wrong-date-asked',
  exit: USAGE,
};

export const DATES_REVERSED: ErrorDefinition = {
  code: 'policy.dates-reversed',
  exit: USAGE,
  message: { zh: '起始日期 {from} 晚于截止日期 {to}', en: 'the first date {from} is after the second, {to}' },
  remedy: { zh: '交换两个日期', en: 'exchange the two dates' },
};

export const PARAMETER_NOT_READ: ErrorDefinition = {
  code: 'policy.parameter-not-read',
  exit: INPUT,
  message: {
    zh: '在这套政策下没有步骤读取这个参数：{choice} 现为 {found}',
    en: 'no step reads this parameter under the policy: {choice} is {found}',
  },
  remedy: {
    zh: '去掉它，或同时把 {choice} 改为 {needed}',
    en: 'leave it out, or set {choice} to {needed} as well',
  },
};
