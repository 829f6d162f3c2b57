import type { Command } from 'commander';
import { decimalArgument, integerArgument, yearArgument } from '#cli/arguments.ts';
import { addProfileOptions } from '#cli/group-dip.ts';
import type { Language } from '#kernel/locale.ts';

export type ImportOptions = {
  readonly name: string;
  readonly year?: number;
  readonly operations?: string;
  readonly kinds?: string;
};
export type BuildOptions = {
  readonly year: number;
  readonly out: string;
  readonly threshold?: number;
  readonly coverage?: string;
  readonly relatedIncrease?: string;
  readonly comprehensiveCases?: number;
  readonly directory?: string;
  readonly decisions?: string;
};
export type DiffOptions = {
  readonly area?: string;
  readonly year?: number;
  readonly out?: string;
  readonly profile: string;
  readonly operations?: string;
  readonly json: boolean;
};

/** `yibao catalogue`: group catalogues as data. */
export function addCatalogueCommand(program: Command, language: Language): void {
  const zh = language === 'zh';
  const catalogue = program
    .command('catalogue')
    .description(
      zh ? '病种目录：导入、列出、查看、编制、比较' : 'group catalogues: import, list, show, build, compare',
    );

  catalogue
    .command('import')
    .description(
      zh
        ? '核对一份病种目录并以名称保存；有任何问题都不保存'
        : 'check a group catalogue and keep it under a name; nothing is kept of one with a problem',
    )
    .argument('<file>', zh ? '目录文件（CSV 或 XLSX），列见下' : 'catalogue (CSV or XLSX), columns below')
    .requiredOption('--name <name>', zh ? '名称，如 市目录-2025' : 'name, such as city-2025')
    .option('--year <year>', zh ? '目录年度' : 'year of the catalogue', yearArgument('--year'))
    .option(
      '--operations <file>',
      zh
        ? '手术操作列表：oprn_oprt_code,attribute[,grade]'
        : 'list of operations: oprn_oprt_code,attribute[,grade]',
    )
    .option(
      '--kinds <codes>',
      zh
        ? '文件以编号写类型时的含义，如 1=core,0=comprehensive'
        : 'what numbers in the kind column mean, such as 1=core,0=comprehensive',
    )
    .addHelpText('after', zh ? CHINESE_HELP : ENGLISH_HELP)
    .action(async (file: string, options: ImportOptions) => {
      const { runCatalogueImport } = await import('#cli/run-catalogue.ts');
      await runCatalogueImport(file, options, language);
    });

  catalogue
    .command('list')
    .description(zh ? '列出已导入的病种目录' : 'list the catalogues imported so far')
    .option('--json', zh ? '输出 JSON' : 'print JSON', false)
    .action(async (options: { readonly json: boolean }) => {
      const { runCatalogueList } = await import('#cli/run-catalogue.ts');
      runCatalogueList(options.json, language);
    });

  catalogue
    .command('show')
    .description(zh ? '查看一份目录，或其中一个病种' : 'show a catalogue, or one group of it')
    .argument('<catalogue>', zh ? '名称或文件' : 'name or file')
    .argument('[code]', zh ? '病种编码，或诊断编码的开头' : 'code of a group, or the start of a diagnosis')
    .option('--json', zh ? '输出 JSON' : 'print JSON', false)
    .action(async (name: string, code: string | undefined, options: { readonly json: boolean }) => {
      const { runCatalogueShow } = await import('#cli/run-catalogue.ts');
      await runCatalogueShow(name, code, options.json, language);
    });

  catalogue
    .command('build')
    .description(
      zh ? '由一个地区的历史清单编制病种目录' : 'make a group catalogue from the history of an area',
    )
    .argument(zh ? '<地区文件夹>' : '<area-folder>', zh ? '与 settle 相同' : 'as for settle')
    .requiredOption(
      '--year <year>',
      zh ? '支付年度；历史是此前各年' : 'payment year; its history are the years before',
      yearArgument('--year'),
    )
    .requiredOption('--out <file>', zh ? '目录文件（CSV）' : 'file for the catalogue (CSV)')
    .option(
      '--threshold <cases>',
      zh ? '核心病种例数门槛（默认按政策）' : 'history cases a core group needs (default: the policy)',
      integerArgument('--threshold', 1, 1_000_000),
    )
    .option(
      '--coverage <share>',
      zh ? '改按覆盖率定门槛，如 0.95' : 'find the threshold by coverage instead, such as 0.95',
      decimalArgument('--coverage', '1'),
    )
    .option(
      '--related-increase <share>',
      zh
        ? '相关手术操作单独成组须提高的费用比例（默认按政策）'
        : 'share by which related operations must raise the cost (default: the policy)',
      decimalArgument('--related-increase', '10'),
    )
    .option(
      '--comprehensive-cases <cases>',
      zh ? '综合病种例数门槛（默认 1）' : 'history cases a comprehensive group needs (default 1)',
      integerArgument('--comprehensive-cases', 1, 1_000_000),
    )
    .option('--directory <file>', zh ? '另写三级目录（CSV）' : 'also write the three-level directory (CSV)')
    .option(
      '--decisions <file>',
      zh ? '另写相关手术操作的取舍（CSV）' : 'also write what became of related operations (CSV)',
    )
    .action(async (area: string, options: BuildOptions) => {
      const { runCatalogueBuild } = await import('#cli/run-catalogue-build.ts');
      await runCatalogueBuild(area, options, language);
    });

  addProfileOptions(
    catalogue
      .command('diff')
      .description(
        zh
          ? '比较两份目录：哪些病种新增、取消、变动；给出地区时，另算对病例和分值的影响'
          : 'compare two catalogues: groups that came, went, changed; with an area also what that does to cases and points',
      )
      .argument('<before>', zh ? '旧目录：名称或文件' : 'earlier catalogue: name or file')
      .argument('<after>', zh ? '新目录：名称或文件' : 'later catalogue: name or file'),
    language,
  )
    .option('--area <folder>', zh ? '地区文件夹' : 'area folder')
    .option('--year <year>', zh ? '该地区的支付年度' : 'payment year of the area', yearArgument('--year'))
    .option('--out <file>', zh ? '另写全部变动（CSV）' : 'also write all changes (CSV)')
    .option('--json', zh ? '输出 JSON' : 'print JSON', false)
    .action(async (before: string, after: string, options: DiffOptions) => {
      const { runCatalogueDiff } = await import('#cli/run-catalogue-diff.ts');
      await runCatalogueDiff(before, after, options, language);
    });
}

const CHINESE_HELP = `
列（也认常用的中文列名，如 病种编码、主要诊断、手术操作、病种类型、分值）:
  group_code   病种编码；一个病种可以有几行
  kind         核心、基层、综合、先期分组、并项、诊断辅助细分、中医优势病种、
               日间手术；或 不作主要诊断、不用于分组、视同无手术操作（只填编码）
  diagnosis    类目 K35、亚目 K35.9、完整编码、区间 A00-C50；任选其一用 | 分隔
  operations   都要有的用 + 或 , 相连；任选其一用 | 或 / 相连
  score        分值，至多四位小数
  可省: name, other_diagnosis（其他诊断须有其一）, class（综合病种类别 1–4）,
        age_years, age_days, birth_weight_g, length_of_stay（<29、750-999）,
        sex, mean_cost（均次费用，元）

例: yibao catalogue import 目录.xlsx --name 市目录-2025 \\
      --operations 手术操作.csv`;

const ENGLISH_HELP = `
Columns (the usual Chinese names are known too):
  group_code   code of the group; a group may have several rows
  kind         core, primary-care, comprehensive, pre-group, merged,
               diagnosis-assisted, tcm, day-surgery; or excluded-diagnosis,
               unused-operation, no-operation (with the codes only)
  diagnosis    category K35, subcategory K35.9, whole code, range A00-C50;
               alternatives joined by |
  operations   needed together joined by + or , and alternatives by | or /
  score        at most four decimals
  optional: name, other_diagnosis (one must be among the other diagnoses), class
        (of a comprehensive group, 1–4), age_years, age_days, birth_weight_g,
        length_of_stay (<29, 750-999), sex, mean_cost (yuan)

Example: yibao catalogue import city.xlsx --name city-2025 \\
           --operations operations.csv`;
