import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeMappingOf, mappedCodesText } from '#cli/code-mapping.ts';
import type { DrgLintOptions } from '#cli/drg.ts';
import { table } from '#cli/run-drg.ts';
import { readVersion } from '#cli/version.ts';
import { Engine } from '#engine/duckdb.ts';
import { findScheme, lintScheme, openScheme, type SchemeLint } from '#grouping/drg/index.ts';
import type { Language } from '#kernel/locale.ts';
import { checkOutputFolder, writeFolder } from '#kernel/output-folder.ts';
import { createProgress } from '#kernel/progress.ts';

/** Codes and groups of a kind that the text shows; --json and --out have all of them. */
const SHOWN = 10;

/** Examines a scheme against the lists of an area and prints what an expert would ask. */
export async function runDrgLint(
  argument: string,
  options: DrgLintOptions,
  language: Language,
): Promise<void> {
  const zh = language === 'zh';
  if (options.out !== undefined) checkOutputFolder(options.out, [options.area]);
  const { name } = findScheme(argument);
  const { scheme } = openScheme(argument);
  const progress = createProgress();
  const engine = await Engine.open();
  try {
    progress.stage(zh ? '读取清单并分组' : 'reading and grouping the lists', 0);
    const lint = await lintScheme(engine, {
      scheme,
      areaFolder: options.area,
      year: options.year,
      minLists: options.minLists,
      splitDifference: options.splitDifference / 100,
      progress,
      codeMapping: codeMappingOf(options),
    });
    progress.done();
    for (const { side, table: name, ...counts } of lint.mapped) {
      process.stderr.write(`${mappedCodesText(side, name, counts, language)}\n`);
    }
    if (options.out !== undefined)
      await writeFolder(options.out, async (folder) => writeTables(lint, name, folder));
    process.stdout.write(
      options.json
        ? `${JSON.stringify({ scheme: name, ...lint }, null, 2)}\n`
        : lintText(lint, name, options, language),
    );
  } finally {
    progress.done();
    engine.close();
  }
}

function lintText(lint: SchemeLint, name: string, options: DrgLintOptions, language: Language): string {
  const zh = language === 'zh';
  const count = (value: number) => value.toLocaleString('en-US');
  const percent = (value: number) => `${(value * 100).toFixed(1)}%`;
  const share = (value: number) => `${count(value)} (${percent(value / lint.lists)})`;
  const riv = lint.riv === undefined ? '-' : percent(lint.riv);
  const lines = [
    zh
      ? `${name}，${lint.year} 年清单 ${count(lint.lists)} 份：入组 ${share(lint.grouped)}，歧义 ${share(lint.ambiguous)}，未入组 ${share(lint.ungrouped)}`
      : `${name}, ${count(lint.lists)} lists of ${lint.year}: grouped ${share(lint.grouped)}, ambiguous ${share(lint.ambiguous)}, ungrouped ${share(lint.ungrouped)}`,
    zh ? `组间变异占全部变异的比例（RIV）${riv}` : `reduction in variance (RIV) ${riv}`,
  ];
  const part = (title: string, rows: readonly (readonly string[])[], header: readonly string[]) => {
    lines.push('', zh ? `${title}：${rows.length}` : `${title}: ${rows.length}`);
    if (rows.length > 0) lines.push(table([header, ...rows.slice(0, SHOWN)]).trimEnd());
    const more = rows.length - SHOWN;
    if (more > 0)
      lines.push(zh ? `……另有 ${more} 个，见 --json 或 --out` : `… and ${more} more, see --json or --out`);
  };
  const groupRows = (finding: SchemeLint['groups'][number]['findings'][number]) =>
    lint.groups
      .filter(({ findings }) => findings.includes(finding))
      .map(({ drg, name: groupName, lists, meanCost, cv }) => [
        drg,
        count(lists),
        meanCost === undefined ? '-' : meanCost.toFixed(2),
        cv === undefined ? '-' : cv.toFixed(2),
        groupName,
      ]);
  const groupHeader = zh
    ? ['病组', '清单', '均费（元）', 'CV', '名称']
    : ['group', 'lists', 'mean (yuan)', 'CV', 'name'];
  part(zh ? 'CV ≥ 1 的病组' : 'groups with CV ≥ 1', groupRows('cv'), groupHeader);
  part(
    zh ? `不足 ${options.minLists} 份的病组` : `groups with fewer than ${options.minLists} lists`,
    groupRows('few-lists'),
    groupHeader,
  );
  part(zh ? '没有清单的病组' : 'groups without lists', groupRows('no-lists'), groupHeader);
  part(
    zh
      ? `合并症细分没有作用（均费相差不到 ${options.splitDifference}%）`
      : `splits by complications without effect (means differ by less than ${options.splitDifference}%)`,
    lint.splits
      .filter(({ hasEffect }) => !hasEffect)
      .map(({ heavier, lighter, heavierMean, lighterMean, difference }) => [
        heavier,
        lighter,
        heavierMean.toFixed(2),
        lighterMean.toFixed(2),
        percent(difference),
      ]),
    zh
      ? ['较重', '较轻', '均费（元）', '均费（元）', '相差']
      : ['heavier', 'lighter', 'mean (yuan)', 'mean (yuan)', 'difference'],
  );
  const codeHeader = zh ? ['编码', '清单'] : ['code', 'lists'];
  const codeRows = (codes: SchemeLint['unknownDiagnoses']) =>
    codes.map(({ code, lists }) => [code, count(lists)]);
  part(
    zh ? '未入组清单的主要诊断' : 'principal diagnoses of ungrouped lists',
    codeRows(lint.ungroupedPrincipals),
    codeHeader,
  );
  part(
    zh ? '歧义清单的主要诊断' : 'principal diagnoses of ambiguous lists',
    codeRows(lint.ambiguousPrincipals),
    codeHeader,
  );
  part(
    zh ? '方案里没有的诊断编码' : 'diagnoses the scheme does not know',
    codeRows(lint.unknownDiagnoses),
    codeHeader,
  );
  part(
    zh ? '方案里没有的手术操作编码' : 'procedures the scheme does not know',
    codeRows(lint.unknownProcedures),
    codeHeader,
  );
  part(
    zh ? '编码全未用到的列表' : 'lists of codes of which none is used',
    lint.codeLists.filter(({ used }) => used === 0).map(({ list, codes }) => [`@${list}`, count(codes)]),
    zh ? ['列表', '编码'] : ['list', 'codes'],
  );
  if (options.out !== undefined)
    lines.push('', zh ? `明细已写入 ${options.out}` : `Details written to ${options.out}`);
  return `${lines.join('\n')}\n`;
}

function writeTables(lint: SchemeLint, scheme: string, folder: string): void {
  const number = (value: number | undefined, decimals: number) => value?.toFixed(decimals) ?? '';
  const files: Record<string, { readonly header: string; readonly rows: readonly (string | number)[][] }> = {
    'groups.csv': {
      header: 'mdc,adrg,drg,name,lists,mean_cost,cv,cost_share,findings',
      rows: lint.groups.map((group) => [
        group.mdc,
        group.adrg,
        group.drg,
        group.name,
        group.lists,
        number(group.meanCost, 2),
        number(group.cv, 4),
        number(group.costShare, 6),
        group.findings.join('|'),
      ]),
    },
    'splits.csv': {
      header:
        'adrg,heavier,lighter,heavier_lists,lighter_lists,heavier_mean,lighter_mean,difference,has_effect',
      rows: lint.splits.map((split) => [
        split.adrg,
        split.heavier,
        split.lighter,
        split.heavierLists,
        split.lighterLists,
        number(split.heavierMean, 2),
        number(split.lighterMean, 2),
        number(split.difference, 4),
        String(split.hasEffect),
      ]),
    },
    'codes.csv': {
      header: 'finding,code,lists',
      rows: Object.entries({
        ungrouped_principal: lint.ungroupedPrincipals,
        ambiguous_principal: lint.ambiguousPrincipals,
        unknown_diagnosis: lint.unknownDiagnoses,
        unknown_procedure: lint.unknownProcedures,
      }).flatMap(([finding, codes]) => codes.map(({ code, lists }) => [finding, code, lists])),
    },
    'code_lists.csv': {
      header: 'list,codes,used',
      rows: lint.codeLists.map(({ list, codes, used }) => [list, codes, used]),
    },
  };
  const cell = (value: string | number) =>
    /[",\r\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value);
  for (const [file, { header, rows }] of Object.entries(files)) {
    const lines = [header, ...rows.map((row) => row.map(cell).join(','))];
    writeFileSync(join(folder, file), `${lines.join('\n')}\n`);
  }
  const manifest = {
    yibao: readVersion(),
    scheme,
    year: lint.year,
    lists: lint.lists,
    grouped: lint.grouped,
    ambiguous: lint.ambiguous,
    ungrouped: lint.ungrouped,
    riv: number(lint.riv, 6),
    rows: Object.fromEntries(Object.entries(files).map(([file, { rows }]) => [file, rows.length])),
  };
  writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}
