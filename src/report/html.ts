import type { Language, Text } from '#kernel/locale.ts';

/** Markup that is already safe. Plain strings put into `html` are always escaped. */
export type Html = { readonly html: string };
type Part = string | number | bigint | Html | readonly Html[] | undefined;

const ENTITY: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (c) => ENTITY[c]!);

/** Markup from a template; whatever is put in is escaped unless it is Html itself. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  let text = strings[0]!;
  for (const [index, part] of parts.entries()) text += markup(part) + strings[index + 1]!;
  return { html: text };
}

function markup(part: Part): string {
  if (part === undefined) return '';
  if (typeof part !== 'object') return escapeHtml(String(part));
  return 'html' in part ? part.html : part.map((piece) => piece.html).join('');
}

/** Text in both languages: the reader's, and the other one small beside it. */
export function both(text: Text, language: Language): Html {
  if (text.zh === text.en) return html`${text.zh}`;
  return language === 'zh'
    ? html`${text.zh} <small lang="en">${text.en}</small>`
    : html`${text.en} <small lang="zh-CN">${text.zh}</small>`;
}

/** A column of a table. A column with a unit holds numbers and is set flush right. */
export type TableColumn = { readonly title: Text; readonly unit?: Text };

export type TableInput = {
  readonly caption: Text;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly (string | Html)[])[];
  /** Last row, set apart. */
  readonly total?: readonly (string | Html)[];
  /** Said instead of an empty table. */
  readonly empty: Text;
  readonly className?: string;
};

export function table(input: TableInput, language: Language): Html {
  const { caption, columns, rows, total, empty, className = '' } = input;
  if (rows.length === 0) return html`<p class="empty">${both(empty, language)}</p>`;
  const head = columns.map((column) =>
    column.unit
      ? html`<th scope="col" class="number">${both(column.title, language)}<span class="unit">${both(column.unit, language)}</span></th>`
      : html`<th scope="col">${both(column.title, language)}</th>`,
  );
  const line = (cells: readonly (string | Html)[]) =>
    html`<tr>${cells.map((cell, index) =>
      columns[index]?.unit ? html`<td class="number">${cell}</td>` : html`<td>${cell}</td>`,
    )}</tr>\n`;
  return html`<div class="scroll"><table class="${className}">
<caption>${both(caption, language)}</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${rows.map(line)}</tbody>${total ? html`<tbody class="total">${line(total)}</tbody>` : undefined}
</table></div>`;
}

/** A chart with its number, title and an exact statement of what it shows. */
export type FigureInput = { readonly title: Text; readonly chart: Html; readonly caption: Text };

export function figure({ title, chart, caption }: FigureInput, language: Language): Html {
  return html`<figure>
<h3>${both(title, language)}</h3>
${chart}
<figcaption>${both(caption, language)}</figcaption>
</figure>`;
}

/** A part of the report with its anchor. */
export type Section = { readonly id: string; readonly title: Text; readonly body: Html };
