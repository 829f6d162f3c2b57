import type { Command } from 'commander';
import { integerArgument, yearArgument } from '#cli/arguments.ts';
import { addCodeMappingOptions, type CodeMappingOptions } from '#cli/code-mapping.ts';
import type { Language } from '#kernel/locale.ts';

export type DrgImportOptions = { readonly name: string; readonly replace: boolean; readonly json: boolean };
export type DrgListOptions = { readonly json: boolean };

export type DrgLintOptions = CodeMappingOptions & {
  readonly area: string;
  readonly year: number;
  readonly minLists: number;
  /** per cent */
  readonly splitDifference: number;
  readonly out?: string;
  readonly json: boolean;
};

/** `yibao drg …`: schemes as data. */
export function addDrgCommand(program: Command, language: Language): void {
  const zh = language === 'zh';
  const json = zh ? '输出 JSON' : 'print JSON';
  const drg = program
    .command('drg')
    .description(zh ? '导入、查看与比较 DRG 分组方案' : 'import, look up and compare DRG schemes');

  drg
    .command('import')
    .description(
      zh
        ? '检查一个分组方案并以名称存下；有错误时逐条列出文件与行，什么也不存'
        : 'check a scheme and keep it under a name; all errors are listed with file and line, and nothing is kept then',
    )
    .argument(
      zh ? '<方案文件夹>' : '<folder>',
      zh ? '含 steps.csv、lists.csv 等七个文件' : 'holds steps.csv, lists.csv and five more',
    )
    .requiredOption(
      '--name <name>',
      zh ? '存下的名称，如 chs-drg-1.1' : 'name to keep it under, such as chs-drg-1.1',
    )
    .option(
      '--replace',
      zh ? '替换内容不同的同名方案' : 'replace a scheme of that name with other content',
      false,
    )
    .option('--json', json, false)
    .addHelpText('after', zh ? CHINESE_IMPORT_HELP : ENGLISH_IMPORT_HELP)
    .action(async (folder: string, options: DrgImportOptions) => {
      const { runDrgImport } = await import('#cli/run-drg.ts');
      runDrgImport(folder, options, language);
    });

  drg
    .command('list')
    .description(zh ? '已导入的和自带的分组方案' : 'the schemes that are imported or bundled')
    .option('--json', json, false)
    .action(async (options: DrgListOptions) => {
      const { runDrgList } = await import('#cli/run-drg.ts');
      runDrgList(options, language);
    });

  const schemeHelp = zh ? '方案文件夹，或方案名称' : 'folder of a scheme, or its name';
  drg
    .command('show')
    .description(
      zh
        ? '一个方案的概况；或其中一个 MDC、ADRG、病组的步骤、列表与名称'
        : 'a scheme in numbers, or the steps, lists and names of one of its MDCs, ADRGs or groups',
    )
    .argument(zh ? '<方案>' : '<scheme>', schemeHelp)
    .argument(zh ? '[编码]' : '[code]', zh ? '如 MDCB、BR2、BR21' : 'such as MDCB, BR2 or BR21')
    .option('--json', json, false)
    .addHelpText(
      'after',
      zh ? '\n例: yibao drg show drg-teaching BR21' : '\nExample: yibao drg show drg-teaching BR21',
    )
    .action(async (scheme: string, code: string | undefined, options: DrgListOptions) => {
      const { runDrgShow } = await import('#cli/run-drg-show.ts');
      runDrgShow(scheme, code, options, language);
    });

  drg
    .command('diff')
    .description(
      zh
        ? '两个方案的差别：病组的增减与更名，步骤和列表的变化'
        : 'what differs between two schemes: groups that came, went or have another name, steps and lists',
    )
    .argument(zh ? '<方案甲>' : '<before>', schemeHelp)
    .argument(zh ? '<方案乙>' : '<after>', schemeHelp)
    .option('--json', json, false)
    .addHelpText(
      'after',
      zh ? '\n例: yibao drg diff 本市-2024 本市-2025' : '\nExample: yibao drg diff my-city-2024 my-city-2025',
    )
    .action(async (before: string, after: string, options: DrgListOptions) => {
      const { runDrgDiff } = await import('#cli/run-drg-show.ts');
      runDrgDiff(before, after, options, language);
    });

  const lint = drg
    .command('lint')
    .description(
      zh
        ? '用一个地区一年的清单检查方案：CV、RIV、例数、合并症细分是否有作用、未入组与未用到的编码'
        : 'examine a scheme against the lists of one year of an area: CV, RIV, small groups, splits without effect, ungrouped lists and unused codes',
    )
    .argument(zh ? '<方案>' : '<scheme>', schemeHelp)
    .requiredOption(
      '--area <folder>',
      zh ? '地区文件夹，含 settlement_lists/' : 'area folder with settlement_lists/',
    )
    .requiredOption(
      '--year <year>',
      zh ? '出院年度，如 2025' : 'year of discharge, such as 2025',
      yearArgument('--year'),
    )
    .option(
      '--min-lists <n>',
      zh ? '少于这么多份的病组要报告' : 'groups with fewer lists are reported',
      integerArgument('--min-lists', 1, 1_000_000),
      5,
    )
    .option(
      '--split-difference <percent>',
      zh
        ? '相邻两个合并症细分的均费至少应相差百分之几'
        : 'per cent by which the means of neighbouring splits should differ at least',
      integerArgument('--split-difference', 0, 1_000),
      20,
    )
    .option(
      '--out <folder>',
      zh ? '另把明细写成 CSV 到这个文件夹' : 'also write the details as CSV to this folder',
    )
    .option('--json', json, false);
  addCodeMappingOptions(lint, language)
    .addHelpText(
      'after',
      zh
        ? '\n例: yibao drg lint drg-teaching --area yibao-demo/area --year 2025'
        : '\nExample: yibao drg lint drg-teaching --area yibao-demo/area --year 2025',
    )
    .action(async (scheme: string, options: DrgLintOptions) => {
      const { runDrgLint } = await import('#cli/run-drg-lint.ts');
      await runDrgLint(scheme, options, language);
    });
}

const CHINESE_IMPORT_HELP = `
方案文件夹（格式见 docs/domain/drg.md）:
  steps.csv             seq,level,mdc,code,condition
  lists.csv             list,code,part
  groups.csv            drg,name
  mcc.csv、cc.csv       code,exclusion_list
  exclusions.csv        principal_diagnosis,exclusion_list
  valid_procedures.csv  code

例: yibao drg import 我的方案 --name 本市-2025`;

const ENGLISH_IMPORT_HELP = `
Folder of a scheme (format: docs/domain/drg.md):
  steps.csv             seq,level,mdc,code,condition
  lists.csv             list,code,part
  groups.csv            drg,name
  mcc.csv, cc.csv       code,exclusion_list
  exclusions.csv        principal_diagnosis,exclusion_list
  valid_procedures.csv  code

Example: yibao drg import my-scheme --name my-city-2025`;
