/** What a line of an explanation rests on: a parameter of the policy, or articles of documents, in words. */
export type Cited = { readonly parameter: string } | { readonly documents: readonly string[] };

/** One line: `indent` blanks stand before it on a terminal. */
export type SectionLine = {
  readonly indent: number;
  readonly text: string;
  readonly cited?: Cited;
};

/** A part of an explanation, drawn as text by the command line and as a card by the console. */
export type Section = { readonly title: string; readonly lines: readonly SectionLine[] };

/** A line whose own blanks at the beginning count as indent. */
export function indented(text: string, indent = 0): SectionLine {
  const said = text.trimStart();
  return { indent: indent + text.length - said.length, text: said };
}

/** Sections for a terminal or a letter, a blank line between them; what a line rests on stands after `└`. */
export const sectionsText = (sections: readonly Section[]): string =>
  sections.map(({ title, lines }) => [title, ...lines.map(lineText)].join('\n')).join('\n\n');

const lineText = ({ indent, text, cited }: SectionLine): string =>
  `${' '.repeat(indent)}${cited ? '└ ' : ''}${text}`;
