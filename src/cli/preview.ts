import type { Command } from 'commander';
import { decimalArgument, yearArgument } from '#cli/arguments.ts';
import { addCodeMappingOptions, type CodeMappingOptions } from '#cli/code-mapping.ts';
import { addProfileOptions } from '#cli/group-dip.ts';
import type { Language } from '#kernel/locale.ts';

export type PreviewOptions = CodeMappingOptions & {
  readonly case: string;
  readonly area?: string;
  readonly year?: number;
  readonly catalogue?: string;
  readonly profile: string;
  readonly operations?: string;
  readonly coefficient?: string;
  readonly pointValue?: string;
  readonly json: boolean;
};

export function addPreviewCommand(program: Command, language: Language): void {
  const zh = language === 'zh';
  const command = addProfileOptions(
    program
      .command('preview')
      .description(
        zh
          ? '一例病例符合的病种、各自的分值与金额，以及为何入组或未入组'
          : 'the groups one case satisfies, what each would pay, and why it is or is not chosen',
      )
      .requiredOption(
        '--case <file|setl_id>',
        zh
          ? '病例文件（CSV 或 XLSX，列与 group dip 相同，另可有 fixmedins_code），或该地区该年清单的结算ID'
          : 'file of cases (CSV or XLSX, the columns of group dip and fixmedins_code), or the setl_id of a list of the area and year',
      )
      .option('--area <folder>', zh ? '地区文件夹；须同时给出 --year' : 'area folder, together with --year')
      .option('--year <year>', zh ? '支付年度' : 'payment year', yearArgument('--year'))
      .option(
        '--catalogue <file|name>',
        zh
          ? '不用地区时：病种目录文件或已导入的名称'
          : 'without an area: a catalogue file or the name of an imported one',
      ),
    language,
  )
    .option(
      '--coefficient <number>',
      zh ? '不用地区时：机构系数（默认 1）' : 'without an area: institution coefficient (default 1)',
      decimalArgument('--coefficient', '10'),
    )
    .option(
      '--point-value <yuan>',
      zh
        ? '不用地区时：点值（元/分）；不给则只有分值'
        : 'without an area: point value in yuan; without it points only',
      decimalArgument('--point-value', '999'),
    )
    .option('--json', zh ? '输出 JSON' : 'print JSON', false);
  addCodeMappingOptions(command, language)
    .addHelpText(
      'after',
      zh
        ? '\n只说明病例现有内容符合哪些病种，不提示任何可使病例进入其他病种的改变。\n\n例: yibao preview --area 我的地区 --year 2025 --case <结算ID>\n    yibao preview --catalogue 市目录-2025 --case 病例.csv --point-value 9.5'
        : '\nIt says which groups the case satisfies as it stands, and nothing that would\nbring it into another one.\n\nExamples: yibao preview --area my-area --year 2025 --case <setl_id>\n          yibao preview --catalogue city-2025 --case case.csv \\\n            --point-value 9.5',
    )
    .action(async (options: PreviewOptions) => {
      const { runPreview } = await import('#cli/run-preview.ts');
      await runPreview(options, language);
    });
}
