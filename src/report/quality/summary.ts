import type { Engine } from '#engine/duckdb.ts';
import type { Language } from '#kernel/locale.ts';
import { total } from '../data.ts';
import { count, pad, percent, scaled, shortened } from '../format.ts';
import { nameOf, readCheckData, titleOf, worstChecks } from './data.ts';

const CHECKS_SHOWN = 10;
const INSTITUTIONS_SHOWN = 8;
const NAME_WIDTH = 44;

/** The summary of the terminal: how many lists are clean, the worst checks, the worst institutions. */
export async function checkSummaryLines(engine: Engine, language: Language): Promise<string> {
  const data = await readCheckData(engine);
  const zh = language === 'zh';
  const failing = total(data.scores, (row) => row.failing_lists);
  const returned = total(data.scores, (row) => row.returned_lists);
  const { lists } = data.area;
  const lines = [
    `${data.area.name} ${data.area.period}`.trim(),
    zh
      ? `清单 ${count(lists)} 份，有问题 ${count(failing)} 份（${percent(failing, lists)}），应退回 ${count(returned)} 份（${percent(returned, lists)}）`
      : `${count(lists)} lists, ${count(failing)} with findings (${percent(failing, lists)}), ${count(returned)} to be returned (${percent(returned, lists)})`,
    '',
    zh
      ? '问题最多的规则                                           不合格      适用    不合格率'
      : 'Checks failed most                                       failed  applies to     rate',
    ...worstChecks(data, CHECKS_SHOWN).map(
      (row) =>
        `${pad(row.check_id, 7, 'left')}${pad(shortened(titleOf(row)[language], NAME_WIDTH), NAME_WIDTH, 'left')}${pad(count(row.failed), 12, 'right')}${pad(count(row.passed + row.failed), 12, 'right')}${pad(percent(row.failed, row.passed + row.failed), 9, 'right')}`,
    ),
  ];
  if (failing === 0n) lines.push(zh ? '没有问题。' : 'Nothing was found.');
  lines.push(
    '',
    zh
      ? '得分最低的机构                                             得分      清单    有问题'
      : 'Institutions with the lowest score                        score       lists  failing',
    ...data.scores
      .slice(-INSTITUTIONS_SHOWN)
      .toReversed()
      .map(
        (row) =>
          `${pad(shortened(nameOf(row), NAME_WIDTH + 6), NAME_WIDTH + 7, 'left')}${pad(scaled(row.score2, 2), 12, 'right')}${pad(count(row.lists), 12, 'right')}${pad(percent(row.failing_lists, row.lists), 9, 'right')}`,
      ),
  );
  const idle = data.checks.filter((row) => row.passed + row.failed === 0n && row.not_supplied === row.lists);
  if (idle.length > 0) {
    lines.push(
      '',
      zh
        ? `${idle.length} 条规则因未提供字段或表而不适用，原因见 check_summary.csv`
        : `${idle.length} checks do not apply because a field or table was not supplied: see check_summary.csv`,
    );
  }
  return lines.join('\n');
}
