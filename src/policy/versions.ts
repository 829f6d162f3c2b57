import type { Language } from '#kernel/locale.ts';
import { byText } from '#kernel/text-order.ts';
import type { Documents, PolicyDocument } from '#policy/documents.ts';
import { STATUS_TITLES } from '#policy/titles.ts';

/** The documents whose rules can be in force on a day (a date known to a year or month counts whole); all without one. */
export function documentsInForce(documents: Documents, day: string | undefined): readonly PolicyDocument[] {
  const holds = ({ inForce: { from, to } }: PolicyDocument): boolean =>
    day === undefined ||
    (from !== null && day.slice(0, from.length) >= from && (to === null || day.slice(0, to.length) <= to));
  return [...documents.values()]
    .filter(holds)
    .toSorted(
      (a, b) =>
        byText(a.inForce.from ?? a.date ?? '9999', b.inForce.from ?? b.date ?? '9999') || byText(a.id, b.id),
    );
}

/** The table of rule versions as lines for a terminal, ending in a line feed. */
export function renderDocuments(documents: readonly PolicyDocument[], language: Language): string {
  const zh = language === 'zh';
  if (documents.length === 0)
    return zh ? '这一天没有登记在册的文件。\n' : 'no registered document is in force on that day\n';
  const blocks = documents.map((document) => {
    const { id, title, number, date, status, inForce, version, abolishedBy } = document;
    const period = `${inForce.from ?? '?'} — ${inForce.to ?? ''}`.trimEnd();
    const facts = [
      ...(number ? [number] : []),
      ...(date ? [date] : []),
      STATUS_TITLES[status][language],
      ...(version ? [version] : []),
    ].join(zh ? '，' : ', ');
    return [
      `${id}  ${title[language]}`,
      `    ${facts}`,
      ...(inForce.from || inForce.to ? [`    ${zh ? '适用' : 'in force'}  ${period}`] : []),
      ...(abolishedBy ? [`    ${zh ? '被废止于' : 'abolished by'}  ${abolishedBy}`] : []),
    ].join('\n');
  });
  return `${blocks.join('\n')}\n`;
}
