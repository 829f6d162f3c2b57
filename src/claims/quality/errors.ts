import type { ErrorDefinition } from '#kernel/errors.ts';
import type { Text } from '#kernel/locale.ts';

const input = (code: string, message: Text, remedy: Text): ErrorDefinition => ({
  code: `quality.${code}`,
  exit: 3,
  message,
  remedy,
});

/** What makes the lists, or the checks, unusable. A list that fails a check is a finding, not one of these. */
export const qualityErrors = {
  unknownNode: input(
    'unknown-node',
    { zh: '文件名不是国家清单的节点', en: 'the file is not named after a node of the national form' },
    {
      zh: '文件名以节点开头，如 diseinfo.csv、diseinfo-2025-01.parquet；节点：{nodes}',
      en: 'begin the name with a node, as in diseinfo.csv or diseinfo-2025-01.parquet; nodes: {nodes}',
    },
  ),
  wrongCodeSet: input(
    'wrong-code-set',
    { zh: '这个编码集是{found}，不能用在这里', en: 'the code set holds {foundEn} and cannot be used here' },
    {
      zh: 'diagnoses 写诊断编码集，procedures 写手术操作编码集；用 yibao codes list 查看',
      en: 'name a set of diagnoses under diagnoses and one of procedures under procedures; see yibao codes list',
    },
  ),
  noSetlinfo: input(
    'no-setlinfo',
    { zh: '没有 setlinfo 文件，不知道有哪些清单', en: 'no setlinfo file says which lists there are' },
    {
      zh: '放入 setlinfo.csv 或 setlinfo.parquet（每份清单一行），或 4101/4101A 的 JSON 文件',
      en: 'add setlinfo.csv or setlinfo.parquet with one row a list, or JSON files of 4101/4101A',
    },
  ),
  noSetlId: input(
    'no-setl-id',
    { zh: '缺少 setl_id（结算ID）列', en: 'the column setl_id is missing' },
    {
      zh: '每个节点文件都要有 setl_id，指明属于哪份清单',
      en: 'every node file needs setl_id, the list a row belongs to',
    },
  ),
  ragged: input(
    'ragged-row',
    {
      zh: '该行有 {found} 列，表头有 {expected} 列',
      en: 'the line has {found} columns, the header {expected}',
    },
    {
      zh: '补齐或删去多余的分隔符，含分隔符的值要用双引号括起',
      en: 'add or remove separators, and put values that hold one in quotes',
    },
  ),
  orphan: input(
    'orphan-row',
    { zh: 'setl_id 不在 setlinfo 中', en: 'setl_id is in no setlinfo' },
    {
      zh: '补上这份清单的 setlinfo，或删去该行；改正编号两端多余的字符',
      en: 'add the setlinfo of that list or remove the row; mend stray characters in the id',
    },
  ),
  setlinfoShape: input(
    'setlinfo-shape',
    { zh: 'setlinfo 不是单个对象', en: 'setlinfo is not a single object' },
    { zh: '一条报文只写一份清单', en: 'write one list in a message' },
  ),
  nodeShape: input(
    'node-shape',
    { zh: '节点应为对象或对象的数组', en: 'the node must be an object or an array of objects' },
    {
      zh: '改正该节点，或没有内容时写成空数组',
      en: 'mend the node, or write an empty array when there is nothing in it',
    },
  ),
  nothingToCheck: input(
    'nothing-to-check',
    { zh: '没有符合条件的清单（{filter}）', en: 'no list fits the conditions ({filter})' },
    {
      zh: '检查 --year、--month、--institution 与清单的出院时间',
      en: 'check --year, --month and --institution against the discharge times of the lists',
    },
  ),
  unknownCheck: {
    code: 'quality.unknown-check',
    exit: 2,
    message: { zh: '没有这条规则', en: 'there is no such check' },
    remedy: { zh: '运行 yibao check --list 查看全部规则', en: 'see yibao check --list' },
  },
  monthWithoutYear: {
    code: 'quality.month-without-year',
    exit: 2,
    message: { zh: '--month 要与 --year 同用', en: '--month needs --year' },
    remedy: { zh: '例如 --year 2025 --month 3', en: 'such as --year 2025 --month 3' },
  },
  unknownInstitution: {
    code: 'quality.unknown-institution',
    exit: 2,
    message: { zh: '没有这家机构的清单', en: 'no list is of this institution' },
    remedy: { zh: '检查机构编号；已有的编号如 {examples}', en: 'check the code; there are {examples}' },
  },
  noArea: {
    code: 'quality.no-area',
    exit: 2,
    message: { zh: '没有给出地区文件夹', en: 'no area folder was given' },
    remedy: {
      zh: '写成 yibao check 地区文件夹，或用 --list、--explain 查看规则',
      en: 'write yibao check <area-folder>, or use --list or --explain',
    },
  },
  failed: {
    code: 'quality.failed',
    exit: 4,
    message: {
      zh: '有 {count} 条级别为{levelZh}以上的问题',
      en: '{count} findings at level {level} or above',
    },
    remedy: {
      zh: '见 findings.csv 与各机构的工作簿',
      en: 'see findings.csv and the workbooks of the institutions',
    },
  },
  badCheck: input(
    'bad-check',
    { zh: '规则写法不对：{reasonZh}', en: 'the check is not written as it should be: {reason}' },
    { zh: '对照 docs/domain/quality.md 的格式改写', en: 'write it as docs/domain/quality.md shows' },
  ),
  unknownCheckInFile: input(
    'unknown-check-in-file',
    { zh: '没有这条规则', en: 'there is no such check' },
    { zh: '改正编号；相近的：{near}', en: 'mend the id; near it: {near}' },
  ),
  unknownThreshold: input(
    'unknown-threshold',
    { zh: '规则 {check} 没有这个参数', en: 'check {check} has no such parameter' },
    { zh: '此处可用：{known}', en: 'known here: {known}' },
  ),
  badReference: input(
    'bad-reference',
    { zh: '{reasonZh}', en: '{reason}' },
    { zh: '改正该行；列：{columns}', en: 'mend the row; columns: {columns}' },
  ),
} satisfies Record<string, ErrorDefinition>;
