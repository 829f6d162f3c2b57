import { type Command, Option } from 'commander';
import { choiceArgument, dateArgument, integerArgument } from '#cli/arguments.ts';
import type { Language } from '#kernel/locale.ts';

export type CodesImportOptions = {
  readonly name: string;
  readonly kind?: 'diagnosis' | 'procedure' | 'mapping';
  readonly label?: string;
  readonly date?: string;
  readonly replace: boolean;
  readonly fromSet?: string;
  readonly toSet?: string;
  readonly sourceColumn?: string;
  readonly targetColumn?: string;
  readonly json: boolean;
};
export type CodesLookupOptions = { readonly set?: string[]; readonly limit: number; readonly json: boolean };
export type CodesMapOptions = {
  readonly table: string;
  readonly codes?: string;
  readonly file?: string;
  readonly column?: string;
  readonly out?: string;
  readonly replace: boolean;
  readonly unmapped: 'keep' | 'refuse';
  readonly json: boolean;
};
export type JsonOption = { readonly json: boolean };

const LOOKUP_LIMIT_DEFAULT = 20;
const LOOKUP_LIMIT_MOST = 10_000;

export function addCodesCommand(program: Command, language: Language): void {
  const zh = language === 'zh';
  const t = (chinese: string, english: string) => (zh ? chinese : english);
  const json = t('输出 JSON', 'print JSON');
  const nameArgument = t('<名称>', '<name>');
  const codes = program
    .command('codes')
    .description(
      t(
        '编码集与映射表：导入、查找、对照（ICD-10、ICD-9-CM-3 各版本）',
        'code sets and mapping tables: import, look up, map (ICD-10, ICD-9-CM-3, any version)',
      ),
    )
    .addHelpText('after', t(CHINESE_OVERVIEW, ENGLISH_OVERVIEW));

  codes
    .command('import')
    .description(
      t(
        '导入一个编码集或映射表（CSV 或 XLSX），以一个名称保存；各版本可以并存',
        'import a code set or a mapping table (CSV or XLSX) and keep it under a name; versions stand side by side',
      ),
    )
    .argument(t('<文件>', '<file>'), t('CSV（UTF-8、GB18030）或 XLSX', 'CSV (UTF-8, GB18030) or XLSX'))
    .requiredOption(
      '--name <name>',
      t('保存的名称，如 医保2.0诊断', 'name to keep it under, such as nhsa-2.0-diagnoses'),
    )
    .addOption(
      new Option(
        '--kind <kind>',
        t(
          'diagnosis 诊断、procedure 手术操作、mapping 映射表（默认按表头和编码判断）',
          'diagnosis, procedure or mapping (default: told by header and codes)',
        ),
      ).argParser(choiceArgument('--kind', ['diagnosis', 'procedure', 'mapping'])),
    )
    .option('--label <text>', t('版本说明，如 医保版2.0', 'version as its publisher calls it'))
    .option(
      '--date <date>',
      t('发布或启用日期（YYYY-MM-DD）', 'day of publication or effect (YYYY-MM-DD)'),
      dateArgument('--date'),
    )
    .option(
      '--from-set <name>',
      t('映射表的源编码应在这个编码集中', 'code set the sources of a mapping belong to'),
    )
    .option(
      '--to-set <name>',
      t('映射表的目标编码应在这个编码集中', 'code set the targets of a mapping belong to'),
    )
    .option('--source-column <header>', t('映射表中源编码的列名', 'header of the source codes of a mapping'))
    .option(
      '--target-column <header>',
      t('映射表中目标编码的列名', 'header of the target codes of a mapping'),
    )
    .option('--replace', t('替换同名的不同内容', 'replace other content of that name'), false)
    .option('--json', json, false)
    .addHelpText('after', t(CHINESE_IMPORT_HELP, ENGLISH_IMPORT_HELP))
    .action(async (file: string, options: CodesImportOptions) => {
      const { runImport } = await import('#cli/run-codes.ts');
      await runImport(file, options, language);
    });

  codes
    .command('list')
    .description(t('列出已有的编码集与映射表', 'list the code sets and mapping tables there are'))
    .option('--json', json, false)
    .action(async (options: JsonOption) => {
      const { runList } = await import('#cli/run-codes.ts');
      runList(options, language);
    });

  codes
    .command('show')
    .description(
      t(
        '一个编码集的版本、来源与开头；一个映射表的一对多与多对一',
        'version, source and first codes of a set; one-to-many and many-to-one of a mapping',
      ),
    )
    .argument(nameArgument, t('见 codes list', 'see codes list'))
    .option('--json', json, false)
    .action(async (name: string, options: JsonOption) => {
      const { runShow } = await import('#cli/run-codes.ts');
      await runShow(name, options, language);
    });

  codes
    .command('diff')
    .description(
      t('两个编码集的差别：新增、删除、改名', 'what differs between two sets: came, went, renamed'),
    )
    .argument('<A>', t('旧版本的名称', 'name of the old version'))
    .argument('<B>', t('新版本的名称', 'name of the new version'))
    .option('--json', json, false)
    .action(async (from: string, to: string, options: JsonOption) => {
      const { runDiff } = await import('#cli/run-codes.ts');
      await runDiff(from, to, options, language);
    });

  codes
    .command('remove')
    .description(t('删除一个编码集或映射表', 'remove a code set or mapping table'))
    .argument(nameArgument, t('见 codes list', 'see codes list'))
    .action(async (name: string) => {
      const { runRemove } = await import('#cli/run-codes.ts');
      runRemove(name, language);
    });

  codes
    .command('lookup')
    .description(
      t(
        '按编码、名称、拼音首字母或全拼查找；写错一两个字也能找到',
        'look up by code, name, pinyin initials or full pinyin; small mistakes are forgiven',
      ),
    )
    .argument(
      t('<文字>', '<text>'),
      t('如 K35、急性阑尾炎、jxlwy、“腹腔镜 阑尾”', 'such as K35, 急性阑尾炎, jxlwy or "腹腔镜 阑尾"'),
    )
    .option(
      '--set <name...>',
      t(
        '只在这些编码集里找（默认：导入的全部；没有导入时为随附的演示编码集）',
        'look in these sets only (default: all imported ones, or the demo sets if there are none)',
      ),
    )
    .option(
      '--limit <n>',
      t('最多列出多少条', 'matches listed at most'),
      integerArgument('--limit', 1, LOOKUP_LIMIT_MOST),
      LOOKUP_LIMIT_DEFAULT,
    )
    .option('--json', json, false)
    .addHelpText(
      'after',
      t(
        '\n例:\n  yibao codes lookup jxlwy\n  yibao codes lookup 急性兰尾炎 --limit 5\n  yibao codes lookup 47.0 --set demo-procedures',
        '\nExamples:\n  yibao codes lookup jxlwy\n  yibao codes lookup 急性兰尾炎 --limit 5\n  yibao codes lookup 47.0 --set demo-procedures',
      ),
    )
    .action(async (text: string, options: CodesLookupOptions) => {
      const { runLookup } = await import('#cli/run-codes.ts');
      await runLookup(text, options, language);
    });

  codes
    .command('map')
    .description(
      t(
        '用映射表对照编码：几个编码，或一个文件的一列',
        'map codes with a mapping table: a few codes, or a column of a file',
      ),
    )
    .requiredOption(
      '--table <table>',
      t('映射表的名称，或 CSV、XLSX 文件', 'name of a mapping table, or a CSV or XLSX file'),
    )
    .option('--codes <codes>', t('编码，以逗号或 | 相连', 'codes joined by commas or |'))
    .option('--file <file>', t('CSV 或 XLSX 文件', 'CSV or XLSX file'))
    .option(
      '--column <header>',
      t('文件中编码所在的列，多个编码以 | 相连', 'its column of codes, joined by | where several'),
    )
    .option('--out <file>', t('写出的 CSV 文件', 'CSV file to write'))
    .option('--replace', t('覆盖已有的 --out', 'overwrite --out'), false)
    .addOption(
      new Option(
        '--unmapped <what>',
        t(
          '对不上的编码（多个对应而无首选，或表中没有）：keep 原样保留并列出，refuse 拒绝',
          'codes without one target (several and none preferred, or not in the table): keep as they are and list, or refuse',
        ),
      )
        .argParser(choiceArgument('--unmapped', ['keep', 'refuse']))
        .default('keep'),
    )
    .option('--json', json, false)
    .addHelpText('after', t(CHINESE_MAP_HELP, ENGLISH_MAP_HELP))
    .action(async (options: CodesMapOptions) => {
      const { runMap } = await import('#cli/run-codes.ts');
      await runMap(options, language);
    });
}

const CHINESE_OVERVIEW = `
先试试（无需导入任何文件）: yibao codes lookup jxlwy
导入的内容保存在数据文件夹（环境变量 YIBAO_DATA 可另指）。规则见 docs/domain/codes.md`;

const ENGLISH_OVERVIEW = `
Try first, without importing anything: yibao codes lookup jxlwy
Imports are kept in the data folder (environment variable YIBAO_DATA). Rules: docs/domain/codes.md`;

const CHINESE_IMPORT_HELP = `
编码集的列: code,name（或 编码、疾病编码、手术操作编码……，名称、疾病名称……）
映射表的列: source_code,target_code（或 国临编码,医保编码……），可省
            source_name,target_name,preferred（首选，1 为是）,note（备注）

例:
  yibao codes import ICD10医保2.0.csv --name 医保2.0诊断 --label 医保版2.0
  yibao codes import 国临医保对照.xlsx --name 国临-医保诊断 \\
    --from-set 国临2.0诊断 --to-set 医保2.0诊断

有问题的文件整个不导入，问题一次列全。一对多、多对一都保留并列出。`;

const ENGLISH_IMPORT_HELP = `
Columns of a code set: code,name (or 编码, 疾病编码, 手术操作编码 …, 名称 …)
Columns of a mapping:  source_code,target_code (or 国临编码,医保编码 …), and if
                       you like source_name,target_name,preferred (1 = yes),note

Examples:
  yibao codes import icd10.csv --name nhsa-2.0-diagnoses --label "2.0"
  yibao codes import map.xlsx --name guolin-yibao --from-set guolin-2.0 \\
    --to-set nhsa-2.0-diagnoses

Nothing is kept of a file with a problem; all problems are listed at once.
One-to-many and many-to-one are kept and listed.`;

const CHINESE_MAP_HELP = `
结果: mapped 已对照，unchanged 编码不变，ambiguous 多个对应而无首选（原样保留），
      unknown 表中没有（原样保留）
文件: 写出全部原有的列，编码换成对照后的，另加 <列>_original 和 <列>_status

例:
  yibao codes map --table 国临-医保诊断 --codes K35.8,I10
  yibao codes map --table 对照.csv --file 清单.csv --column diagnoses --out 新清单.csv`;

const ENGLISH_MAP_HELP = `
Result: mapped, unchanged (the target is the code itself), ambiguous (several
        targets and none preferred: left as it is), unknown (not in the table:
        left as it is)
File:   all its columns with the codes mapped, and <column>_original and
        <column>_status added

Examples:
  yibao codes map --table guolin-yibao --codes K35.8,I10
  yibao codes map --table map.csv --file lists.csv --column diagnoses --out new.csv`;
