import type { Text } from '#kernel/locale.ts';
import type { DocumentStatus } from '#policy/documents.ts';
import type { Basis, Citation, DatedValue, LayerName } from '#policy/layer.ts';

/** A citation as plain data: this and all below can be written as JSON as they are. */
export type CitedText = {
  readonly id: string;
  readonly title: Text;
  readonly number: string | null;
  readonly date: string | null;
  readonly status: DocumentStatus;
  readonly article: string | null;
};

/** What one layer says on the day. `value` is null where the layer has ended its value. */
export type Statement = {
  readonly value: string | null;
  readonly effectiveFrom: string;
  readonly recorded: string | null;
  readonly source: CitedText;
  readonly basis: Basis | null;
  readonly note: Text | null;
  readonly see: readonly CitedText[];
  readonly file: string;
  readonly line: number;
};

/** A statement with the layer that makes it. */
export type LayerStatement = Statement & {
  readonly layer: LayerName;
  readonly area: string;
  readonly name: string | null;
};

export function statementOf(value: DatedValue): Statement {
  return {
    value: value.value?.text ?? null,
    effectiveFrom: value.effectiveFrom.toString(),
    recorded: value.recorded?.toString() ?? null,
    source: citedText(value.source),
    basis: value.basis,
    note: value.note,
    see: value.see.map(citedText),
    file: value.file,
    line: value.line,
  };
}

/** A citation as plain data. */
export function citedText({ document, article }: Citation): CitedText {
  const { id, title, number, date, status } = document;
  return { id, title, number, date, status, article };
}
