import type { DrgListOptions } from '#cli/drg.ts';
import { table } from '#cli/run-drg.ts';
import { diffSchemes, findScheme, openScheme, showCode, summariseScheme } from '#grouping/drg/index.ts';
import type { Language } from '#kernel/locale.ts';

/** Codes of a list, and lines of a kind of change, that are shown; --json has all of them. */
const CODES_SHOWN = 12;
const LINES_SHOWN = 40;

/** Prints a scheme in numbers, or one code of it. */
export function runDrgShow(
  argument: string,
  code: string | undefined,
  options: DrgListOptions,
  language: Language,
): void {
  const { scheme, warnings } = openScheme(argument);
  const { name, folder, origin } = findScheme(argument);
  if (code === undefined) {
    const summary = { name, folder, origin, ...summariseScheme(scheme), warnings: warnings.length };
    process.stdout.write(
      options.json ? `${JSON.stringify(summary, null, 2)}\n` : summaryText(summary, language),
    );
    return;
  }
  const shown = showCode(scheme, code);
  process.stdout.write(options.json ? `${JSON.stringify(shown, null, 2)}\n` : codeText(shown, language));
}

type Summary = ReturnType<typeof summariseScheme> & {
  readonly name: string;
  readonly folder: string;
  readonly warnings: number;
};

function summaryText(summary: Summary, language: Language): string {
  const zh = language === 'zh';
  const { name, folder, mdcs } = summary;
  const counts = zh
    ? `ADRG ${summary.adrgs} 个，病组 ${summary.groups} 个，步骤 ${summary.steps} 条，列表 ${summary.lists} 个（编码 ${summary.listCodes} 个）\nMCC ${summary.mcc} 个，CC ${summary.cc} 个，带排除列表的主要诊断 ${summary.exclusions} 个，有效手术操作 ${summary.validProcedures} 个\n可疑之处 ${summary.warnings} 处（yibao drg import 时逐条列出）`
    : `${summary.adrgs} ADRGs, ${summary.groups} groups, ${summary.steps} steps, ${summary.lists} lists (${summary.listCodes} codes)\n${summary.mcc} MCC, ${summary.cc} CC, ${summary.exclusions} principal diagnoses with an exclusion list, ${summary.validProcedures} valid procedures\n${summary.warnings} oddities (yibao drg import lists them)`;
  const header = ['MDC', 'ADRG', zh ? '病组' : 'groups'];
  const rows = mdcs.map((mdc) => [mdc.code, String(mdc.adrgs), String(mdc.groups)]);
  return `${name}  ${folder}\n${counts}\n\n${table([header, ...rows])}`;
}

function codeText(shown: ReturnType<typeof showCode>, language: Language): string {
  const zh = language === 'zh';
  const indent = { mdc: '', adrg: '  ', ambiguous: '  ', drg: '    ' };
  const lines = [`${shown.code}${shown.name === undefined ? '' : `  ${shown.name}`}`, ''];
  for (const step of shown.steps) {
    const name = step.name === undefined ? '' : `  ${step.name}`;
    lines.push(`${indent[step.level]}#${step.seq} ${step.level} ${step.code}${name}`);
    lines.push(`${indent[step.level]}    ${step.condition}`);
  }
  if (shown.lists.length > 0) lines.push('', zh ? '列表:' : 'Lists:');
  for (const { name, codes } of shown.lists) {
    const more = codes.length > CODES_SHOWN ? ' …' : '';
    lines.push(`  ${name} (${codes.length})  ${codes.slice(0, CODES_SHOWN).join(' ')}${more}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Prints what differs between two schemes. */
export function runDrgDiff(before: string, after: string, options: DrgListOptions, language: Language): void {
  const diff = diffSchemes(openScheme(before).scheme, openScheme(after).scheme);
  process.stdout.write(options.json ? `${JSON.stringify(diff, null, 2)}\n` : diffText(diff, language));
}

function diffText({ groups, steps, lists }: ReturnType<typeof diffSchemes>, language: Language): string {
  const zh = language === 'zh';
  const lines: string[] = [];
  const part = (title: string, entries: readonly string[]) => {
    if (entries.length === 0) return;
    lines.push(zh ? `${title} ${entries.length} 处` : `${title}: ${entries.length}`);
    for (const entry of entries.slice(0, LINES_SHOWN)) lines.push(`  ${entry}`);
    const more = entries.length - LINES_SHOWN;
    if (more > 0)
      lines.push(zh ? `  ……另有 ${more} 处，用 --json 看全部` : `  … and ${more} more, see --json`);
  };
  const group = ({ code, name }: { readonly code: string; readonly name: string }) => `${code} ${name}`;
  part(zh ? '新增病组' : 'groups that came', groups.came.map(group));
  part(zh ? '减少病组' : 'groups that went', groups.went.map(group));
  part(
    zh ? '更名病组' : 'groups with another name',
    groups.renamed.map(({ code, before, after }) => `${code} ${before} → ${after}`),
  );
  const step = ({ seq, level, code, condition }: (typeof steps.came)[number]) =>
    `#${seq} ${level} ${code}: ${condition}`;
  part(zh ? '新增步骤' : 'steps that came', steps.came.map(step));
  part(zh ? '减少步骤' : 'steps that went', steps.went.map(step));
  part(
    zh ? '条件改变的步骤' : 'steps with another condition',
    steps.changed.map(
      ({ seq, level, code, before, after }) => `#${seq} ${level} ${code}: ${before} → ${after}`,
    ),
  );
  part(zh ? '顺序改变的步骤' : 'steps in another order', steps.moved.map(step));
  part(
    zh ? '改变的列表和表' : 'lists and tables that changed',
    lists.map(({ name, came, went, changed }) => {
      const some = (codes: readonly string[]) =>
        codes.length === 0 ? '' : ` (${codes.slice(0, 5).join(' ')}${codes.length > 5 ? ' …' : ''})`;
      return `${name}  +${came.length}${some(came)}  −${went.length}${some(went)}  ~${changed.length}${some(changed.map(({ code }) => code))}`;
    }),
  );
  if (lines.length === 0) lines.push(zh ? '没有差别' : 'no difference');
  return `${lines.join('\n')}\n`;
}
