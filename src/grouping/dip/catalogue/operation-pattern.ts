/**
 * What a catalogue says of operations: parts joined by `+` or `,`, all of which the case must have; each part one code or
 * alternatives joined by `/` or `|`, of which the case must have one: `13.4100x001+13.7100x001`,
 * `38.5900x010+(38.5901|38.5903)`. Source: docs/domain/dip.md#catalogue-format.
 */
export type OperationPattern = {
  /** all parts must be there; each holds its alternatives */
  readonly parts: readonly (readonly string[])[];
};

const CODE = /^[0-9A-Za-z\u3400-\u9fff][0-9A-Za-z.\u3400-\u9fff]*$/;
/** Shorter codes stand for all finer ones where a city allows it: 47.01 and 47.0, not 47.0100. */
const WHOLE_CODE_LENGTH = 7;

/** undefined when the cell cannot be read. An empty cell has no parts. */
export function parseOperations(cell: string): OperationPattern | undefined {
  const text = cell.normalize('NFKC').replaceAll(/\s/g, '');
  if (text === '') return { parts: [] };
  const parts: string[][] = [];
  for (const part of text.split(/[+,]/)) {
    const inner = part.startsWith('(') && part.endsWith(')') ? part.slice(1, -1) : part;
    const codes = inner.split(/[/|]/);
    if (!codes.every((code) => CODE.test(code))) return undefined;
    parts.push([...new Set(codes)]);
  }
  return { parts };
}

export const operationsText = ({ parts }: OperationPattern): string =>
  parts
    .map((part) => (part.length > 1 && parts.length > 1 ? `(${part.join('|')})` : part.join('|')))
    .join('+');

/** Whether a case's code is one a pattern's code stands for. */
export const matchesOperation = (code: string, wanted: string, byStart: boolean): boolean =>
  code === wanted || (byStart && wanted.length < WHOLE_CODE_LENGTH && code.startsWith(wanted));

/** How a pattern stands to the operations of a case. */
export type OperationMatch = {
  /** parts of which the case has no alternative, as written */
  readonly missing: readonly string[];
  /** operations of the case that the pattern names */
  readonly matched: readonly string[];
  /** operations of the case that the pattern does not name */
  readonly further: readonly string[];
  /** codes the pattern names, alternatives included, that the case does not have */
  readonly absent: number;
  /** operations of the case named by their whole code and not by a start */
  readonly whole: number;
  /** whether the principal operation is among those named */
  readonly namesPrincipal: boolean;
  /** whether it is one of the first part */
  readonly leadsWithPrincipal: boolean;
};

/** @param codes eligible operations of the case, distinct, the principal one first */
export function matchOperations(
  pattern: OperationPattern,
  codes: readonly string[],
  byStart: boolean,
): OperationMatch {
  const named = (wanted: string) => codes.some((code) => matchesOperation(code, wanted, byStart));
  const wanted = pattern.parts.flat();
  const matched = codes.filter((code) => wanted.some((each) => matchesOperation(code, each, byStart)));
  const principal = codes[0];
  const namesPrincipal = (list: readonly string[]) =>
    principal !== undefined && list.some((each) => matchesOperation(principal, each, byStart));
  return {
    missing: pattern.parts.filter((part) => !part.some(named)).map((part) => part.join('|')),
    matched,
    further: codes.filter((code) => !matched.includes(code)),
    absent: wanted.filter((code) => !named(code)).length,
    whole: codes.filter((code) => wanted.includes(code)).length,
    namesPrincipal: namesPrincipal(wanted),
    leadsWithPrincipal: namesPrincipal(pattern.parts[0] ?? []),
  };
}
