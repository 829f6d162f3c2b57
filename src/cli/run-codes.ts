import {
  type CodeMatch,
  type CodesKind,
  createMapper,
  diffCodeSets,
  type Fan,
  findCodes,
  importCodes,
  kindName,
  listCodes,
  loadMapping,
  loadSet,
  lookupCodes,
  MAPPING_STATUSES,
  type MappedCode,
  type MappingReport,
  type MappingStatus,
  type MappingTable,
  type MatchKind,
  mapCode,
  mapFile,
  notMapped,
  openMapping,
  removeCodes,
  reportMapping,
  type StoredCodes,
  splitCodes,
} from '#catalogue/codes/index.ts';
import type { CodesImportOptions, CodesLookupOptions, CodesMapOptions, JsonOption } from '#cli/codes.ts';
import { usageErrors } from '#cli/errors.ts';
import { YibaoError } from '#kernel/errors.ts';
import type { Language, Text } from '#kernel/locale.ts';
import { displayWidth } from '#kernel/text-width.ts';

/** Lines of a list shown on the terminal; --json has them all. */
const LINES_SHOWN_MAX = 20;

const print = (text: string): unknown => process.stdout.write(`${text}\n`);
const printJson = (value: unknown): unknown => print(JSON.stringify(value, null, 2));

/** Columns side by side, two blanks between them. */
function table(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const cells of rows) {
    for (const [index, cell] of cells.entries()) {
      widths[index] = Math.max(widths[index] ?? 0, displayWidth(cell));
    }
  }
  return rows
    .map((cells) =>
      cells
        .map((cell, index) => cell + ' '.repeat(widths[index]! - displayWidth(cell)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** The first lines, and how many more there are. */
function firstLines(lines: readonly string[], language: Language): string[] {
  const more = lines.length - LINES_SHOWN_MAX;
  if (more <= 0) return [...lines];
  const rest =
    language === 'zh' ? `  ……另有 ${more} 条，--json 全部列出` : `  … and ${more} more; --json lists all`;
  return [...lines.slice(0, LINES_SHOWN_MAX), rest];
}

export async function runImport(
  file: string,
  options: CodesImportOptions,
  language: Language,
): Promise<void> {
  const zh = language === 'zh';
  const result = await importCodes(file, options);
  const { name, manifest, outcome, repeated, mapping } = result;
  if (options.json) {
    printJson({ name, outcome, repeated_rows: repeated, ...manifest, mapping });
    return;
  }
  const kind = kindName(manifest.kind)[language];
  const rows = manifest.rows['codes.tsv'] ?? 0;
  const done = {
    imported: { zh: '已导入', en: 'imported' },
    replaced: { zh: '已替换', en: 'replaced' },
    unchanged: { zh: '已有相同内容，未改动', en: 'already there, unchanged' },
  }[outcome][language];
  print(zh ? `${name}：${done}。${kind}，${rows} 行` : `${name}: ${done}. ${kind}, ${rows} rows`);
  if (repeated > 0) {
    print(zh ? `重复的行 ${repeated} 行，只留一份` : `${repeated} repeated lines were left out`);
  }
  if (mapping) print(mappingLines(mapping, language).join('\n'));
  else {
    const try_ = `yibao codes lookup <${zh ? '文字' : 'text'}> --set ${name}`;
    print(zh ? `可以查找了：${try_}` : `Now look something up: ${try_}`);
  }
}

function mappingLines(report: MappingReport, language: Language): string[] {
  const zh = language === 'zh';
  const lines = [
    zh
      ? `对照 ${report.pairs} 条：源编码 ${report.sources} 个，目标编码 ${report.targets} 个`
      : `${report.pairs} pairs: ${report.sources} source codes, ${report.targets} target codes`,
    zh
      ? `一对多 ${report.one_to_many.length} 个，其中没有首选的 ${report.ambiguous} 个（不自动对照，原样保留）`
      : `one-to-many: ${report.one_to_many.length}, of which without a preferred target: ${report.ambiguous} (these are not mapped)`,
    ...firstLines(
      report.one_to_many.map((fan) => `  ${fan.code} → ${fanText(fan, language)}`),
      language,
    ),
    zh ? `多对一 ${report.many_to_one.length} 个` : `many-to-one: ${report.many_to_one.length}`,
    ...firstLines(
      report.many_to_one.map((fan) => `  ${fan.others.join(', ')} → ${fan.code}`),
      language,
    ),
  ];
  const lacking = (codes: readonly string[] | undefined, chinese: string, english: string) => {
    if (codes === undefined) return;
    lines.push(zh ? `${chinese} ${codes.length} 个` : `${english}: ${codes.length}`);
    lines.push(
      ...firstLines(
        codes.map((code) => `  ${code}`),
        language,
      ),
    );
  };
  lacking(report.unknown_sources, '源编码集中没有的源编码', 'source codes the source set lacks');
  lacking(report.unknown_targets, '目标编码集中没有的目标编码', 'target codes the target set lacks');
  lacking(report.unmapped_codes, '源编码集中没有对照的编码', 'codes of the source set without a mapping');
  return lines;
}

const fanText = (fan: Fan, language: Language): string =>
  fan.others
    .map((other) =>
      other === fan.preferred ? `${other}${language === 'zh' ? '（首选）' : ' (preferred)'}` : other,
    )
    .join(', ');

const storedRow = ({ name, bundled, manifest }: StoredCodes, language: Language): string[] => [
  name,
  kindName(manifest.kind)[language],
  String(manifest.rows['codes.tsv'] ?? 0),
  manifest.label,
  manifest.date,
  bundled ? (language === 'zh' ? '随附' : 'comes with yibao') : manifest.source.file,
];

export function runList(options: JsonOption, language: Language): void {
  const zh = language === 'zh';
  const { codes, damaged } = listCodes();
  if (options.json) {
    printJson({
      codes: codes.map(({ name, bundled, manifest }) => ({ name, bundled, ...manifest })),
      damaged,
    });
    return;
  }
  const header = zh
    ? ['名称', '种类', '行数', '版本', '日期', '来源']
    : ['name', 'kind', 'rows', 'version', 'date', 'source'];
  print(table([header, ...codes.map((each) => storedRow(each, language))]));
  if (codes.every((each) => each.bundled)) {
    print(
      zh
        ? '\n还没有导入：yibao codes import 文件 --name 名称'
        : '\nNothing is imported yet: yibao codes import FILE --name NAME',
    );
  }
  for (const name of damaged) {
    const note = zh
      ? `注意：“${name}”的存储内容已损坏，请删去后重新导入`
      : `Note: "${name}" is damaged; remove it and import it again`;
    process.stderr.write(`${note}\n`);
  }
}

export async function runShow(name: string, options: JsonOption, language: Language): Promise<void> {
  const zh = language === 'zh';
  const stored = findCodes(name);
  const { manifest } = stored;
  if (manifest.kind === 'mapping') {
    const { pairs } = loadMapping(name);
    const from = manifest.from_set === undefined ? undefined : await knownSet(manifest.from_set);
    const to = manifest.to_set === undefined ? undefined : await knownSet(manifest.to_set);
    const report = reportMapping(pairs, { from, to });
    if (options.json) printJson({ name, ...manifest, mapping: report });
    else
      print(
        [storedRow(stored, language).filter(Boolean).join('  '), ...mappingLines(report, language)].join(
          '\n',
        ),
      );
    return;
  }
  const { entries } = await loadSet(name);
  const codes = entries.map((entry) => ({ code: entry.code, name: entry.name, initials: entry.initials }));
  if (options.json) {
    printJson({ name, ...manifest, codes });
    return;
  }
  print(storedRow(stored, language).filter(Boolean).join('  '));
  print(
    zh
      ? `来源文件 ${manifest.source.file}，SHA-256 ${manifest.source.sha256}`
      : `from ${manifest.source.file}, SHA-256 ${manifest.source.sha256}`,
  );
  print(
    firstLines(table(codes.map(({ code, name: text }) => [code, text])).split('\n'), language).join('\n'),
  );
}

/** A set a mapping was checked against, which may have been removed since. */
async function knownSet(name: string) {
  const there = listCodes().codes.some((each) => each.name === name && each.manifest.kind !== 'mapping');
  return there ? (await loadSet(name)).entries : undefined;
}

export async function runDiff(
  from: string,
  to: string,
  options: JsonOption,
  language: Language,
): Promise<void> {
  const zh = language === 'zh';
  const diff = diffCodeSets((await loadSet(from)).entries, (await loadSet(to)).entries);
  const plain = (entries: typeof diff.came) => entries.map(({ code, name }) => ({ code, name }));
  if (options.json) {
    printJson({
      from,
      to,
      same: diff.same,
      came: plain(diff.came),
      went: plain(diff.went),
      renamed: diff.renamed,
    });
    return;
  }
  print(
    zh
      ? `${from} → ${to}：相同 ${diff.same}，新增 ${diff.came.length}，删除 ${diff.went.length}，改名 ${diff.renamed.length}`
      : `${from} → ${to}: ${diff.same} the same, ${diff.came.length} came, ${diff.went.length} went, ${diff.renamed.length} renamed`,
  );
  const block = (title: string, lines: readonly string[]) => {
    if (lines.length > 0) print([title, ...firstLines(lines, language)].join('\n'));
  };
  block(
    zh ? '新增' : 'came',
    diff.came.map(({ code, name }) => `  + ${code}  ${name}`),
  );
  block(
    zh ? '删除' : 'went',
    diff.went.map(({ code, name }) => `  - ${code}  ${name}`),
  );
  block(
    zh ? '改名' : 'renamed',
    diff.renamed.map((each) => `  ~ ${each.code}  ${each.from} → ${each.to}`),
  );
}

export function runRemove(name: string, language: Language): void {
  removeCodes(name);
  print(language === 'zh' ? `已删除 ${name}` : `${name} was removed`);
}

const MATCH_NAMES: Readonly<Record<MatchKind, Text>> = {
  code: { zh: '编码', en: 'code' },
  name: { zh: '名称', en: 'name' },
  pinyin: { zh: '拼音', en: 'pinyin' },
  'other-reading': { zh: '拼音（异读）', en: 'pinyin (other reading)' },
  'same-sound': { zh: '同音', en: 'same sound' },
  'in-order': { zh: '含各字', en: 'in order' },
  similar: { zh: '近似', en: 'similar' },
};

export async function runLookup(
  text: string,
  options: CodesLookupOptions,
  language: Language,
): Promise<void> {
  const zh = language === 'zh';
  const names = options.set ?? defaultSets();
  const sets = [];
  for (const name of names) sets.push(await loadSet(name));
  const matches: CodeMatch[] = await lookupCodes(sets, text, options.limit);
  if (options.json) {
    printJson({ text, sets: names, matches });
    return;
  }
  if (matches.length === 0) {
    print(
      zh
        ? `在 ${names.join('、')} 中没有找到“${text}”。可以少写几个字，或用拼音首字母；yibao codes list 列出各编码集`
        : `nothing like "${text}" in ${names.join(', ')}. Try fewer characters or pinyin initials; yibao codes list shows the sets`,
    );
    return;
  }
  const header = zh ? ['编码', '名称', '编码集', '匹配'] : ['code', 'name', 'set', 'match'];
  const rows = matches.map((each) => [each.code, each.name, each.set, MATCH_NAMES[each.match][language]]);
  print(table([header, ...rows]));
}

/** The imported sets; those that come with yibao when there are none. */
function defaultSets(): string[] {
  const sets = listCodes().codes.filter(({ manifest }) => manifest.kind !== ('mapping' satisfies CodesKind));
  const imported = sets.filter((each) => !each.bundled);
  return (imported.length > 0 ? imported : sets).map((each) => each.name);
}

const STATUS_NAMES: Readonly<Record<MappingStatus, Text>> = {
  mapped: { zh: '已对照', en: 'mapped' },
  unchanged: { zh: '不变', en: 'unchanged' },
  ambiguous: { zh: '多个对应而无首选，原样保留', en: 'ambiguous, left as it is' },
  unknown: { zh: '表中没有，原样保留', en: 'not in the table, left as it is' },
};

export async function runMap(options: CodesMapOptions, language: Language): Promise<void> {
  const zh = language === 'zh';
  const usesFile = options.file !== undefined;
  if (usesFile === (options.codes !== undefined)) throw missingOption('--codes | --file');
  if (usesFile && options.column === undefined) throw missingOption('--column');
  if (usesFile && options.out === undefined) throw missingOption('--out');
  const mapping = await openMapping(options.table);
  const mapper = createMapper(mapping.pairs);
  const refuseUnmapped = options.unmapped === 'refuse';
  if (options.file !== undefined) {
    const { file, column = '', out = '', replace } = options;
    const result = await mapFile(mapper, { file, column, out, replace, refuseUnmapped });
    if (options.json) {
      printJson({ table: mapping.name, table_sha256: mapping.content_sha256, ...result });
      return;
    }
    const counts = MAPPING_STATUSES.map(
      (status) => `${STATUS_NAMES[status][language]} ${result.codes[status]}`,
    );
    print(
      zh
        ? `${result.rows} 行；编码：${counts.join('，')}`
        : `${result.rows} rows; codes: ${counts.join(', ')}`,
    );
    const left = result.left.map(
      (code) =>
        `  ${code.original}  ${STATUS_NAMES[code.status][language]}  × ${code.times}  ${code.targets.join(', ')}`,
    );
    print(
      firstLines(
        left.map((line) => line.trimEnd()),
        language,
      )
        .concat(zh ? `已写入 ${out}` : `written to ${out}`)
        .join('\n'),
    );
    return;
  }
  const codes = splitCodes((options.codes ?? '').replaceAll(/[,，、]/g, '|')).map((code) =>
    mapCode(mapper, code),
  );
  const left = codes.filter((code) => code.status === 'ambiguous' || code.status === 'unknown');
  if (refuseUnmapped && left.length > 0) throw new YibaoError(left.map((code) => notMapped(code)));
  if (options.json) {
    printJson({ table: mapping.name, table_sha256: mapping.content_sha256, codes });
    return;
  }
  print(table(codes.map((code) => codeRow(code, mapping, language))));
}

function codeRow(code: MappedCode, mapping: MappingTable, language: Language): string[] {
  const nameOf = (target: string) => {
    const pair = mapping.pairs.find((each) => each.source === code.original && each.target === target);
    return pair?.targetName ? `${target} ${pair.targetName}` : target;
  };
  const shown = code.status === 'mapped' ? [code.code] : code.status === 'ambiguous' ? code.targets : [];
  return [code.original, code.status, shown.map(nameOf).join(' | '), STATUS_NAMES[code.status][language]];
}

const missingOption = (name: string): YibaoError =>
  new YibaoError({ definition: usageErrors.missingOption, parameters: { name, command: 'yibao codes map' } });
