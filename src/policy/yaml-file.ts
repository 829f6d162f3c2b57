import { readFileSync } from 'node:fs';
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { type ErrorDefinition, type Problem, YibaoError } from '#kernel/errors.ts';
import type { Text } from '#kernel/locale.ts';
import { systemReason } from '#kernel/system-errors.ts';
import * as errors from '#policy/errors.ts';

/** A YAML file being read: what was wrong with it gathers in `problems`, each with its line. */
export type YamlFile = {
  /** The path as messages show it. */
  readonly file: string;
  readonly problems: Problem[];
  readonly root: Part;
  readonly lineOf: (node: Node) => number;
};

/** One key of a mapping with its value and the key's line, or an item of a list with its own line. */
export type Part = { readonly key: string; readonly line: number; readonly node: Node | null };

/** Reads and parses. A file that cannot be read or has a syntax error comes back with problems and no content. */
export function readYaml(path: string, shownAs: string = path): YamlFile {
  try {
    return parseYaml(readUtf8(path, shownAs), shownAs);
  } catch (error) {
    if (!(error instanceof YibaoError)) throw error;
    return { ...parseYaml('', shownAs), problems: [...error.problems] };
  }
}

/** The same of a text that was read already. */
export function parseYaml(text: string, shownAs: string): YamlFile {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const problems = [...document.errors, ...document.warnings].map(
    (error): Problem => ({
      definition: error.code === 'DUPLICATE_KEY' ? errors.REPEATED_KEY : errors.BAD_YAML,
      file: shownAs,
      row: lineCounter.linePos(error.pos[0]).line,
      parameters: { reason: error.message },
    }),
  );
  return {
    file: shownAs,
    problems,
    root: { key: '', line: 1, node: problems.length > 0 ? null : document.contents },
    lineOf: (inner) => lineCounter.linePos(inner.range?.[0] ?? 0).line,
  };
}

/** The text of a file in UTF-8. Throws `policy.unreadable-file`. */
export function readUtf8(path: string, shownAs: string = path): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    const reason = systemReason(error) ?? NOT_UTF8;
    const parameters = { reasonZh: reason.zh, reasonEn: reason.en };
    throw new YibaoError({ definition: errors.UNREADABLE_FILE, file: shownAs, parameters });
  }
}

const NOT_UTF8: Text = { zh: '不是 UTF-8 编码', en: 'it is not UTF-8' };

export function report(
  yaml: YamlFile,
  definition: ErrorDefinition,
  part: Part,
  more: Partial<Pick<Problem, 'field' | 'value' | 'parameters'>> = {},
): void {
  yaml.problems.push({ definition, file: yaml.file, row: part.line, ...more });
}

const MAPPING: Text = { zh: '一组“键: 值”', en: 'a mapping of keys to values' };
const TEXT: Text = { zh: '一个文本', en: 'a text' };

function reportShape(yaml: YamlFile, part: Part, expected: Text): void {
  const parameters = { expectedZh: expected.zh, expectedEn: expected.en };
  report(yaml, errors.WRONG_SHAPE, part, { ...(part.key ? { field: part.key } : {}), parameters });
}

/** The keys of a mapping in the order written; empty, with a problem, when it is none. */
export function mappingParts(yaml: YamlFile, part: Part): Part[] {
  if (!isMap(part.node)) {
    reportShape(yaml, part, MAPPING);
    return [];
  }
  const parts: Part[] = [];
  for (const pair of part.node.items) {
    const keyNode = pair.key as Node;
    const key = scalarText(keyNode);
    const keyPart = { key: key ?? '', line: yaml.lineOf(keyNode), node: pair.value as Node | null };
    if (key === undefined) reportShape(yaml, keyPart, TEXT);
    else parts.push(keyPart);
  }
  return parts;
}

/**
 * The keys of a mapping by name, when they are those expected: an unknown key and a missing required one are
 * problems. A key that is not there is undefined.
 */
export function knownParts<Required extends string, Optional extends string>(
  yaml: YamlFile,
  part: Part,
  required: readonly Required[],
  optional: readonly Optional[],
): Partial<Record<Required | Optional, Part>> {
  const known: readonly string[] = [...required, ...optional];
  const found: Partial<Record<string, Part>> = {};
  const inner = mappingParts(yaml, part);
  for (const each of inner) {
    if (known.includes(each.key)) found[each.key] = each;
    else report(yaml, errors.UNKNOWN_KEY, each, { field: each.key, parameters: { known: known.join(', ') } });
  }
  if (!isMap(part.node)) return {};
  for (const key of required) {
    if (!found[key]) report(yaml, errors.MISSING_KEY, part, { field: key });
  }
  return found as Partial<Record<Required | Optional, Part>>;
}

/** The items of a list, or the thing itself when it is not a list. */
export function listParts(yaml: YamlFile, part: Part): Part[] {
  if (!isSeq(part.node)) return [part];
  return part.node.items.map((item) => ({
    key: part.key,
    line: yaml.lineOf(item as Node),
    node: item as Node,
  }));
}

/** A text as written; undefined, with a problem, when there is none. Absent parts are silently undefined. */
export function textPart(yaml: YamlFile, part: Part | undefined): string | undefined {
  if (part === undefined) return undefined;
  const text = scalarText(part.node);
  if (text === undefined) reportShape(yaml, part, TEXT);
  return text;
}

/** A text in both languages: `{zh, en}`, or one text that stands for both. */
export function bilingualPart(yaml: YamlFile, part: Part | undefined): Text | undefined {
  if (part === undefined) return undefined;
  if (!isMap(part.node)) {
    const text = textPart(yaml, part);
    return text === undefined ? undefined : { zh: text, en: text };
  }
  const { zh, en } = knownParts(yaml, part, ['zh', 'en'], []);
  const [chinese, english] = [textPart(yaml, zh), textPart(yaml, en)];
  return chinese === undefined || english === undefined ? undefined : { zh: chinese, en: english };
}

/** One of the words of a list; undefined, with a problem, when it is another. */
export function choicePart<Choice extends string>(
  yaml: YamlFile,
  part: Part | undefined,
  choices: readonly Choice[],
): Choice | undefined {
  const text = textPart(yaml, part);
  if (part === undefined || text === undefined) return undefined;
  const choice = choices.find((each) => each === text);
  if (choice === undefined) {
    const parameters = { known: choices.join(', ') };
    report(yaml, errors.UNKNOWN_CHOICE, part, { field: part.key, value: text, parameters });
  }
  return choice;
}

/** The characters of a scalar as the author wrote them (000000 stays six characters); undefined for null or ''. */
export function scalarText(node: unknown): string | undefined {
  if (!isScalar(node) || node.value === null) return undefined;
  const text = node.type === 'PLAIN' ? (node.source ?? String(node.value)) : String(node.value);
  return text.trim() === '' ? undefined : text.trim();
}
