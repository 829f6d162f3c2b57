import type { ErrorDefinition } from '#kernel/errors.ts';
import type { Text } from '#kernel/locale.ts';
import { drgErrors } from './errors.ts';

/** Whose codes a test looks at: the first diagnosis, all, those after the first; the first procedure, all. */
export const CODE_TESTS = [
  'principal_diagnosis',
  'any_diagnosis',
  'other_diagnosis',
  'principal_procedure',
  'any_procedure',
] as const;
export type CodeTest = (typeof CODE_TESTS)[number];

/** Years; days; grams; days; hours. */
export const NUMBER_FIELDS = [
  'age_years',
  'age_days',
  'birth_weight_g',
  'length_of_stay',
  'icu_hours',
] as const;
export type NumberField = (typeof NUMBER_FIELDS)[number];

export const TEXT_FIELDS = ['sex', 'disposition', 'department', 'inpatient_type'] as const;
export type TextField = (typeof TEXT_FIELDS)[number];

export type Operator = '<' | '<=' | '==' | '>=' | '>';
/** `field operator value` */
export type Comparison = { readonly operator: Operator; readonly value: number };

/** `@name`, `@name/part`, or codes written in place. */
export type CodeSet =
  | { readonly list: string; readonly part: string | undefined }
  | { readonly codes: readonly string[] };

/** One test of a condition; docs/domain/drg.md#language. */
export type Test =
  | { readonly kind: 'always' }
  | { readonly kind: 'codes'; readonly test: CodeTest; readonly set: CodeSet }
  | { readonly kind: 'sites'; readonly list: string; readonly comparisons: readonly Comparison[] }
  | { readonly kind: 'complication'; readonly severity: 'mcc' | 'cc' }
  | { readonly kind: 'number'; readonly field: NumberField; readonly comparisons: readonly Comparison[] }
  | { readonly kind: 'text'; readonly field: TextField; readonly values: readonly string[] };

export type Junction = { readonly kind: 'and' | 'or'; readonly conditions: readonly Condition[] };

/** A condition of a step as a tree. */
export type Condition = Test | { readonly kind: 'not'; readonly condition: Condition } | Junction;

/** Where and why a text is no condition. `position` is the character, from 1. */
export class ConditionFault extends Error {
  readonly definition: ErrorDefinition;
  readonly parameters: Readonly<Record<string, string | number>>;

  constructor(definition: ErrorDefinition, parameters: Readonly<Record<string, string | number>>) {
    super(definition.code);
    this.definition = definition;
    this.parameters = parameters;
  }
}

type Token = {
  readonly kind: 'word' | 'number' | 'text' | 'list' | 'sign' | 'operator' | 'foreign' | 'end';
  readonly text: string;
  /** from 1 */
  readonly position: number;
};

const TOKEN =
  /\s+|(?<word>[A-Za-z_]\w*)|(?<number>-?\d+(?:\.\d+)?(?![\w.]))|(?<text>"[^"]*"|'[^']*')|(?<list>@[^\s()[\],<>=!"'@]+)|(?<operator>[<>=!]+)|(?<sign>[()[\],])/uy;

function tokens(text: string): Token[] {
  const found: Token[] = [];
  const matcher = new RegExp(TOKEN);
  for (let at = 0; at < text.length; at = matcher.lastIndex) {
    matcher.lastIndex = at;
    const match = matcher.exec(text);
    if (match === null) {
      found.push({ kind: 'foreign', text: String.fromCodePoint(text.codePointAt(at)!), position: at + 1 });
      return found;
    }
    const [kind, value] = Object.entries(match.groups!).find(([, each]) => each !== undefined) ?? [];
    if (kind !== undefined) {
      found.push({ kind: kind as Token['kind'], text: value!, position: at + 1 });
    }
  }
  found.push({ kind: 'end', text: '', position: text.length + 1 });
  return found;
}

const syntax = (position: number, reason: Text): ConditionFault =>
  new ConditionFault(drgErrors.syntax, { position, reason: reason.zh, reasonEn: reason.en });

/** `and`, `or` and `not` nest no deeper, so that a strange file cannot exhaust the stack. */
const DEPTH_MAX = 200;

/**
 * Parses one condition. `and` binds before `or`, `not` to the single test after it.
 * @throws ConditionFault at the first thing that is wrong
 */
export function parseCondition(text: string): Condition {
  return new Parser(tokens(text)).whole();
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(list: readonly Token[]) {
    this.#tokens = list;
  }

  whole(): Condition {
    const condition = this.#either();
    if (this.#peek().kind !== 'end')
      throw this.#unexpected({ zh: ' and、or 或结尾', en: 'and, or or the end' });
    return condition;
  }

  #peek = (): Token => this.#tokens[this.#at]!;

  #next(): Token {
    const token = this.#peek();
    if (token.kind !== 'end' && token.kind !== 'foreign') this.#at++;
    return token;
  }

  #takes(text: string): boolean {
    const token = this.#peek();
    const taken = (token.kind === 'word' || token.kind === 'sign') && token.text === text;
    if (taken) this.#at++;
    return taken;
  }

  #expect(text: string): void {
    if (this.#takes(text)) return;
    throw this.#unexpected({ zh: `“${text}”`, en: `"${text}"` });
  }

  #unexpected(expected: Text): ConditionFault {
    const token = this.#peek();
    const end = token.kind === 'end';
    if (token.kind === 'foreign') {
      const quote = token.text === '"' || token.text === "'";
      return syntax(token.position, {
        zh: `不能用“${token.text}”${quote ? '（引号没有闭合）' : ''}`,
        en: `${token.text} cannot stand here${quote ? ' (the quote is not closed)' : ''}`,
      });
    }
    return syntax(token.position, {
      zh: `应是${expected.zh}，${end ? '但条件到此结束' : `而不是“${token.text}”`}`,
      en: `expected ${expected.en}${end ? ', but the condition ends here' : ` instead of "${token.text}"`}`,
    });
  }

  #either(): Condition {
    const conditions = [this.#both()];
    while (this.#takes('or')) conditions.push(this.#both());
    return conditions.length === 1 ? conditions[0]! : { kind: 'or', conditions };
  }

  #both(): Condition {
    const conditions = [this.#single()];
    while (this.#takes('and')) conditions.push(this.#single());
    return conditions.length === 1 ? conditions[0]! : { kind: 'and', conditions };
  }

  #single(): Condition {
    if (++this.#depth > DEPTH_MAX) {
      throw syntax(this.#peek().position, { zh: '嵌套太深', en: 'nested too deeply' });
    }
    try {
      if (this.#takes('not')) return { kind: 'not', condition: this.#single() };
      if (this.#takes('(')) {
        const inner = this.#either();
        this.#expect(')');
        return inner;
      }
      return this.#test();
    } finally {
      this.#depth--;
    }
  }

  #test(): Condition {
    const token = this.#peek();
    if (token.kind === 'number') return this.#chain();
    if (token.kind !== 'word' || token.text === 'and' || token.text === 'or' || token.text === 'in') {
      throw this.#unexpected({ zh: '一个判断', en: 'a test' });
    }
    this.#at++;
    const name = token.text;
    if (name === 'always') return { kind: 'always' };
    if (name === 'has_mcc' || name === 'has_cc') {
      return { kind: 'complication', severity: name === 'has_mcc' ? 'mcc' : 'cc' };
    }
    if (includes(CODE_TESTS, name)) {
      this.#expectIn();
      return { kind: 'codes', test: name, set: this.#codeSet() };
    }
    if (name === 'diagnosis_sites') {
      this.#expect('(');
      const { list, part } = this.#listName();
      if (part !== undefined) {
        throw syntax(token.position, {
          zh: 'diagnosis_sites 用整个列表，不能写分部',
          en: 'diagnosis_sites takes a whole list, without a part',
        });
      }
      this.#expect(')');
      return { kind: 'sites', list, comparisons: [this.#comparison()] };
    }
    if (includes(NUMBER_FIELDS, name)) {
      return { kind: 'number', field: name, comparisons: [this.#comparison()] };
    }
    if (name === 'sex') return { kind: 'text', field: 'sex', values: [this.#sex()] };
    if (includes(TEXT_FIELDS, name)) return { kind: 'text', field: name, values: this.#texts() };
    throw new ConditionFault(drgErrors.unknownTest, { position: token.position, test: name });
  }

  /** `2 <= length_of_stay < 6`, or `28 >= age_days` */
  #chain(): Condition {
    const low = Number(this.#next().text);
    const first: Comparison = { operator: TURNED[this.#operator()], value: low };
    const field = this.#next();
    if (field.kind !== 'word' || !includes(NUMBER_FIELDS, field.text)) {
      if (field.kind === 'word') {
        throw new ConditionFault(drgErrors.unknownTest, { position: field.position, test: field.text });
      }
      throw syntax(field.position, {
        zh: '数字和比较之后应是 age_years 这样的数值项',
        en: 'number and comparison must be followed by a name such as age_years',
      });
    }
    const comparisons = this.#peek().kind === 'operator' ? [first, this.#comparison()] : [first];
    return { kind: 'number', field: field.text, comparisons };
  }

  #comparison(): Comparison {
    const operator = this.#operator();
    const token = this.#peek();
    if (token.kind !== 'number') throw this.#unexpected({ zh: '一个数字', en: 'a number' });
    this.#at++;
    return { operator, value: Number(token.text) };
  }

  #operator(): Operator {
    const token = this.#peek();
    if (token.kind === 'operator' && token.text in TURNED) {
      this.#at++;
      return token.text as Operator;
    }
    if (token.kind === 'operator' || token.kind === 'word') {
      throw new ConditionFault(drgErrors.unknownOperator, { position: token.position, operator: token.text });
    }
    throw this.#unexpected({ zh: '比较（< <= == >= >）', en: 'a comparison (< <= == >= >)' });
  }

  #expectIn(): void {
    const token = this.#peek();
    if (token.kind === 'operator' || (token.kind === 'word' && token.text !== 'in')) {
      throw new ConditionFault(drgErrors.unknownOperator, { position: token.position, operator: token.text });
    }
    this.#expect('in');
  }

  #codeSet(): CodeSet {
    if (this.#peek().kind === 'list') return this.#listName();
    return { codes: this.#textList() };
  }

  #listName(): { readonly list: string; readonly part: string | undefined } {
    const token = this.#peek();
    if (token.kind !== 'list')
      throw this.#unexpected({ zh: '列表，如 @AA1.px', en: 'a list such as @AA1.px' });
    this.#at++;
    const slash = token.text.indexOf('/');
    return slash < 0
      ? { list: token.text.slice(1), part: undefined }
      : { list: token.text.slice(1, slash), part: token.text.slice(slash + 1) };
  }

  #sex(): string {
    const operator = this.#operator();
    const token = this.#peek();
    if (operator !== '==') {
      throw new ConditionFault(drgErrors.unknownOperator, {
        position: this.#tokens[this.#at - 1]!.position,
        operator,
      });
    }
    if (token.kind !== 'number' || (token.text !== '1' && token.text !== '2')) {
      throw this.#unexpected({ zh: '1（男）或 2（女）', en: '1 (male) or 2 (female)' });
    }
    this.#at++;
    return token.text;
  }

  /** `== 'ICU'` or `in ['2', '5']` */
  #texts(): readonly string[] {
    const token = this.#peek();
    if (token.kind === 'operator') {
      if (token.text !== '==') {
        throw new ConditionFault(drgErrors.unknownOperator, {
          position: token.position,
          operator: token.text,
        });
      }
      this.#at++;
      return [this.#text()];
    }
    this.#expectIn();
    return this.#textList();
  }

  #textList(): readonly string[] {
    this.#expect('[');
    if (this.#peek().text === ']') {
      throw new ConditionFault(drgErrors.emptyList, { list: '[]', place: 'steps.csv' });
    }
    const values = [this.#text()];
    while (this.#takes(',')) values.push(this.#text());
    this.#expect(']');
    return values;
  }

  #text(): string {
    const token = this.#peek();
    if (token.kind !== 'text') throw this.#unexpected({ zh: '引号括起的值', en: 'a value in quotes' });
    const value = token.text.slice(1, -1).trim();
    if (value === '') throw syntax(token.position, { zh: '引号里是空的', en: 'nothing between the quotes' });
    this.#at++;
    return value;
  }
}

/** The operator with its sides changed. */
const TURNED: Readonly<Record<Operator, Operator>> = {
  '<': '>',
  '<=': '>=',
  '==': '==',
  '>=': '<=',
  '>': '<',
};

const includes = <Name extends string>(names: readonly Name[], name: string): name is Name =>
  (names as readonly string[]).includes(name);

/** Whether `value` compares so; a missing number (NaN) makes every comparison false. */
export function compares(value: number, { operator, value: limit }: Comparison): boolean {
  if (operator === '<') return value < limit;
  if (operator === '<=') return value <= limit;
  if (operator === '==') return value === limit;
  return operator === '>=' ? value >= limit : value > limit;
}

/** The same text for the same condition, whatever its blanks and quotes: to find repetitions. */
export function conditionText(condition: Condition): string {
  if (isJunction(condition)) {
    return condition.conditions
      .map((inner) => (isJunction(inner) ? `(${conditionText(inner)})` : conditionText(inner)))
      .join(` ${condition.kind} `);
  }
  if (condition.kind === 'not') {
    const inner = conditionText(condition.condition);
    return isJunction(condition.condition) ? `not (${inner})` : `not ${inner}`;
  }
  return testText(condition);
}

export const isJunction = (condition: Condition): condition is Junction =>
  condition.kind === 'and' || condition.kind === 'or';

function testText(test: Test): string {
  if (test.kind === 'always') return 'always';
  if (test.kind === 'complication') return `has_${test.severity}`;
  if (test.kind === 'codes') return `${test.test} in ${codeSetText(test.set)}`;
  if (test.kind === 'text') {
    if (test.field === 'sex') return `sex == ${test.values[0]}`;
    return `${test.field} in [${test.values.map((value) => JSON.stringify(value)).join(', ')}]`;
  }
  const subject = test.kind === 'sites' ? `diagnosis_sites(@${test.list})` : test.field;
  const [first, second] = test.comparisons as [Comparison, Comparison?];
  if (second === undefined) return `${subject} ${first.operator} ${first.value}`;
  return `${first.value} ${TURNED[first.operator]} ${subject} ${second.operator} ${second.value}`;
}

export const codeSetText = (set: CodeSet): string =>
  'codes' in set
    ? `[${set.codes.map((code) => JSON.stringify(code)).join(', ')}]`
    : set.part === undefined
      ? `@${set.list}`
      : `@${set.list}/${set.part}`;

/** The tests of a condition, from left to right. */
export function* testsOf(condition: Condition): Generator<Test> {
  if (isJunction(condition)) {
    for (const inner of condition.conditions) yield* testsOf(inner);
  } else if (condition.kind === 'not') yield* testsOf(condition.condition);
  else yield condition;
}
