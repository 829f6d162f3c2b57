import type { Outcome } from './case.ts';
import { type DrgCase, UNGROUPED } from './case.ts';
import { CodeTable } from './code-table.ts';
import { NUMBER_FIELDS, type NumberField, type TextField } from './condition.ts';
import { FACT_COUNT, FACT_FIELDS, type FactField, type NumberLists, type Program, ROLES } from './program.ts';

const SEPARATOR = '|';
const SPACE = 32;
/** Numbers kept of a code, side by side: where its effects in each of the four roles begin, and … */
const RECORD = 8;
const EXCLUSION = 4;
const MCC = 5;
const CC = 6;
const SITES = 7;
/** More codes of one case are possible, but not read at once. */
const CODES_AT_FIRST = 64;

/** Runs a compiled scheme. Nothing is allocated for a case; one grouper serves one thread. */
export class Grouper {
  readonly outcomes: readonly Outcome[];
  readonly program: Program;
  readonly #codes: CodeTable;
  /** what a code is, RECORD numbers each */
  readonly #records: Int32Array;
  /** effects: number of tests, number of items, the tests, the items; sites: number of parts, the parts */
  readonly #effects: Int32Array;
  readonly #siteListOfPart: Int32Array;
  readonly #siteTests: Lists;
  readonly #factTests: Lists;
  readonly #nodeTest: Int32Array;
  readonly #nodeYes: Int32Array;
  readonly #nodeNo: Int32Array;
  readonly #sectionItems: Int32Array;
  readonly #sectionEntry: Int32Array;
  readonly #itemEntry: Int32Array;
  /** the section of each item */
  readonly #sectionOfItem: Int32Array;
  /** bits of sections, then of items: those without a code that must be there */
  readonly #alwaysTried: Int32Array;

  /** the case for which a test was last seen to hold */
  readonly #heldAt: Int32Array;
  readonly #partSeenAt: Int32Array;
  readonly #siteCounts: Int32Array;
  /** bits of sections, then of items: those worth trying for this case */
  readonly #tried: Int32Array;
  #caseNo = 0;
  #diagnoses = new Int32Array(CODES_AT_FIRST);
  #procedures = new Int32Array(CODES_AT_FIRST);

  constructor(program: Program) {
    this.program = program;
    this.outcomes = program.outcomes;
    this.#codes = new CodeTable(program.codes);
    const sections = program.sectionEntry.length;
    const items = program.itemEntry.length;
    this.#records = new Int32Array((program.codes.length + 1) * RECORD);
    this.#effects = packCodes(program, this.#records);
    this.#siteListOfPart = Int32Array.from(program.siteListOfPart);
    this.#siteTests = listsOf(program.siteTests);
    this.#factTests = listsOf(program.factTests);
    this.#nodeTest = Int32Array.from(program.nodeTest);
    this.#nodeYes = Int32Array.from(program.nodeYes);
    this.#nodeNo = Int32Array.from(program.nodeNo);
    this.#sectionItems = Int32Array.from(program.sectionItems);
    this.#sectionEntry = Int32Array.from(program.sectionEntry);
    this.#itemEntry = Int32Array.from(program.itemEntry);
    this.#sectionOfItem = new Int32Array(items);
    for (let section = 0; section < sections; section++) {
      this.#sectionOfItem.fill(section, this.#sectionItems[section]!, this.#sectionItems[section + 1]!);
    }
    this.#alwaysTried = new Int32Array(((sections + items) >> 5) + 1);
    this.#tried = new Int32Array(this.#alwaysTried.length);
    for (const section of program.alwaysTriedSections) setBit(this.#alwaysTried, section);
    for (const item of program.alwaysTriedItems) setBit(this.#alwaysTried, sections + item);
    this.#heldAt = new Int32Array(program.tests);
    this.#partSeenAt = new Int32Array(program.siteListOfPart.length);
    const siteLists = program.siteTests.offsets.length - 1;
    this.#siteCounts = new Int32Array(siteLists / (program.siteCap + 1));
  }

  /** The number of a code without blanks at its ends; 0 for every code the scheme does not tell apart. */
  codeNumber = (code: string): number => this.#codes.find(code, 0, code.length);

  /** The class of a number (NaN = missing) among those the scheme tells apart. */
  classOfNumber(field: NumberField, value: number): number {
    const { limits, classOfInterval } = this.program.facts[FACT_FIELDS.indexOf(field)]!;
    if (Number.isNaN(value)) return classOfInterval.at(-1)!;
    let at = 0;
    while (at < limits.length && value > limits[at]!) at++;
    return classOfInterval[at < limits.length && value === limits[at] ? 2 * at + 1 : 2 * at]!;
  }

  /** The class of a text among those the scheme tells apart; 0 for any value it does not name. */
  classOfText = (field: TextField, value: string): number =>
    this.program.facts[FACT_FIELDS.indexOf(field)]!.values.indexOf(value) + 1;

  /** Whether any step reads this number or text. */
  reads = (field: FactField): boolean => this.program.facts[FACT_FIELDS.indexOf(field)]!.classes > 1;

  /** Groups one case. For many cases `groupTexts` spares the making of objects. */
  groupCase(of: DrgCase): Outcome {
    const facts = Int32Array.from(FACT_FIELDS, (field) =>
      isNumberField(field)
        ? this.classOfNumber(field, of.numbers[field])
        : this.classOfText(field, of.texts[field]),
    );
    const diagnoses = Int32Array.from(of.diagnoses, this.codeNumber);
    const procedures = Int32Array.from(of.procedures, this.codeNumber);
    if (diagnoses.length === 0) return UNGROUPED;
    return this.outcomes[
      this.groupNumbers(diagnoses, diagnoses.length, procedures, procedures.length, facts)
    ]!;
  }

  /**
   * Groups a case whose codes are joined by `|`. Blanks at the ends of a code and empty codes do not count.
   * @param facts the class of each of FACT_FIELDS
   * @returns the number of the outcome
   */
  groupTexts(diagnoses: string, procedures: string, facts: Int32Array): number {
    const diagnosisCount = this.#readCodes(diagnoses, true);
    const procedureCount = procedures === '' ? 0 : this.#readCodes(procedures, false);
    return this.groupNumbers(this.#diagnoses, diagnosisCount, this.#procedures, procedureCount, facts);
  }

  #readCodes(text: string, isDiagnoses: boolean): number {
    let target = isDiagnoses ? this.#diagnoses : this.#procedures;
    let count = 0;
    for (let start = 0; start < text.length; ) {
      let end = text.indexOf(SEPARATOR, start);
      if (end < 0) end = text.length;
      const next = end + 1;
      while (start < end && text.charCodeAt(start) === SPACE) start++;
      while (end > start && text.charCodeAt(end - 1) === SPACE) end--;
      if (end > start) {
        if (count === target.length) {
          const larger = new Int32Array(target.length * 2);
          larger.set(target);
          target = larger;
          if (isDiagnoses) this.#diagnoses = larger;
          else this.#procedures = larger;
        }
        target[count++] = this.#codes.find(text, start, end);
      }
      start = next;
    }
    return count;
  }

  /**
   * Groups a case given as numbers.
   * @param diagnoses code numbers, principal first, of which `diagnosisCount` ≥ 1 count
   * @returns the number of the outcome
   */
  groupNumbers(
    diagnoses: Int32Array,
    diagnosisCount: number,
    procedures: Int32Array,
    procedureCount: number,
    facts: Int32Array,
  ): number {
    if (this.#caseNo === MOST_CASES) this.#startAgain();
    const caseNo = ++this.#caseNo;
    this.#tried.set(this.#alwaysTried);
    const principal = diagnoses[0]!;
    if (principal !== 0) this.#mark(principal * RECORD, caseNo);
    for (let i = 1; i < diagnosisCount; i++) {
      if (diagnoses[i] !== 0) this.#mark(diagnoses[i]! * RECORD + 1, caseNo);
    }
    if (procedureCount > 0 && procedures[0] !== 0) {
      this.#mark(procedures[0]! * RECORD + 2, caseNo);
    }
    for (let i = 1; i < procedureCount; i++) {
      if (procedures[i] !== 0) this.#mark(procedures[i]! * RECORD + 3, caseNo);
    }
    this.#markComplications(diagnoses, diagnosisCount, caseNo);
    if (this.#siteCounts.length > 0) this.#markSites(diagnoses, diagnosisCount, caseNo);
    const { facts: kinds } = this.program;
    for (let fact = 0; fact < FACT_COUNT; fact++) {
      this.#markList(this.#factTests, kinds[fact]!.firstClass + facts[fact]!, caseNo);
    }
    return this.#decide(caseNo);
  }

  /** @param place in `#records` of a code in one of its roles */
  #mark(place: number, caseNo: number): void {
    const effects = this.#effects;
    let at = this.#records[place]!;
    const itemsFrom = at + 2 + effects[at]!;
    const end = itemsFrom + effects[at + 1]!;
    at += 2;
    const heldAt = this.#heldAt;
    for (; at < itemsFrom; at++) heldAt[effects[at]!] = caseNo;
    const tried = this.#tried;
    for (; at < end; at++) {
      const item = effects[at]!;
      tried[item >> 5]! |= 1 << (item & 31);
    }
  }

  #markList(lists: Lists, list: number, caseNo: number): void {
    const heldAt = this.#heldAt;
    for (let i = lists.offsets[list]!, end = lists.offsets[list + 1]!; i < end; i++) {
      heldAt[lists.values[i]!] = caseNo;
    }
  }

  #markComplications(diagnoses: Int32Array, count: number, caseNo: number): void {
    const { mccTest, ccTest } = this.program;
    const records = this.#records;
    const excluded = records[diagnoses[0]! * RECORD + EXCLUSION]!;
    for (let i = 1; i < count; i++) {
      const at = diagnoses[i]! * RECORD;
      const mcc = records[at + MCC]!;
      const cc = records[at + CC]!;
      if (mcc !== 0 && (excluded === 0 || mcc !== excluded)) this.#heldAt[mccTest] = caseNo;
      if (cc !== 0 && (excluded === 0 || cc !== excluded)) this.#heldAt[ccTest] = caseNo;
    }
  }

  #markSites(diagnoses: Int32Array, count: number, caseNo: number): void {
    const counts = this.#siteCounts.fill(0);
    const effects = this.#effects;
    for (let i = 0; i < count; i++) {
      let at = this.#records[diagnoses[i]! * RECORD + SITES]!;
      for (const end = at + effects[at]!; at < end; ) {
        const part = effects[++at]!;
        if (this.#partSeenAt[part] === caseNo) continue;
        this.#partSeenAt[part] = caseNo;
        counts[this.#siteListOfPart[part]!]!++;
      }
    }
    for (let list = 0; list < counts.length; list++) {
      this.#markList(this.#siteTests, list * (this.program.siteCap + 1) + counts[list]!, caseNo);
    }
  }

  /** Walks from node to node, and from one section or item worth trying to the next. */
  #decide(caseNo: number): number {
    const heldAt = this.#heldAt;
    const sections = this.#sectionEntry.length;
    const items = this.#itemEntry.length;
    const firstSearch = -1 - this.outcomes.length;
    let node = firstSearch - items;
    for (;;) {
      while (node >= 0) {
        node = heldAt[this.#nodeTest[node]!] === caseNo ? this.#nodeYes[node]! : this.#nodeNo[node]!;
      }
      if (node > firstSearch) return -1 - node;
      const place = firstSearch - node;
      let section = place - items;
      if (place < items) {
        const own = this.#sectionOfItem[place]!;
        const end = this.#sectionItems[own + 1]!;
        const item = this.#nextTried(sections + place, sections + end);
        if (item >= 0) {
          node = this.#itemEntry[item - sections]!;
          continue;
        }
        section = own + 1;
      }
      section = this.#nextTried(section, sections);
      if (section < 0) return 0;
      node = this.#sectionEntry[section]!;
    }
  }

  /** The next bit that is set, from `from` to before `end`; -1 if none. */
  #nextTried(from: number, end: number): number {
    if (from >= end) return -1;
    const tried = this.#tried;
    let word = from >> 5;
    let bits = tried[word]! & (-1 << (from & 31));
    const lastWord = (end - 1) >> 5;
    while (bits === 0) {
      if (++word > lastWord) return -1;
      bits = tried[word]!;
    }
    const found = (word << 5) + (31 - Math.clz32(bits & -bits));
    return found < end ? found : -1;
  }

  /** Before the number of the case leaves 31 bits. */
  #startAgain(): void {
    this.#caseNo = 0;
    this.#heldAt.fill(0);
    this.#partSeenAt.fill(0);
  }
}

const MOST_CASES = 2 ** 31 - 2;

type Lists = { readonly offsets: Int32Array; readonly values: Int32Array };
const listsOf = ({ offsets, values }: NumberLists): Lists => ({
  offsets: Int32Array.from(offsets),
  values: Int32Array.from(values),
});

/** Fills the records of all codes; returns what they point to. Place 0 stands for no effect. */
function packCodes(program: Program, records: Int32Array): Int32Array {
  const packed = [0, 0];
  for (let code = 1; code <= program.codes.length; code++) {
    const record = code * RECORD;
    for (const [roleNo, role] of ROLES.entries()) {
      const { tests, items } = program.effects[role];
      const [testFrom, testEnd] = [tests.offsets[code]!, tests.offsets[code + 1]!];
      const [itemFrom, itemEnd] = [items.offsets[code]!, items.offsets[code + 1]!];
      if (testFrom === testEnd) continue;
      records[record + roleNo] = packed.length;
      packed.push(testEnd - testFrom, itemEnd - itemFrom);
      for (let at = testFrom; at < testEnd; at++) packed.push(tests.values[at]!);
      for (let at = itemFrom; at < itemEnd; at++) packed.push(items.values[at]!);
    }
    records[record + EXCLUSION] = program.exclusion[code]!;
    records[record + MCC] = program.mcc[code]!;
    records[record + CC] = program.cc[code]!;
    const { offsets, values } = program.sites;
    const [from, end] = [offsets[code]!, offsets[code + 1]!];
    if (from === end) continue;
    records[record + SITES] = packed.length;
    packed.push(end - from);
    for (let at = from; at < end; at++) packed.push(values[at]!);
  }
  return Int32Array.from(packed);
}

function setBit(bits: Int32Array, at: number): void {
  bits[at >> 5]! |= 1 << (at & 31);
}

export const isNumberField = (field: string): field is NumberField =>
  (NUMBER_FIELDS as readonly string[]).includes(field);
