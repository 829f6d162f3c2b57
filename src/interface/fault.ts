import type { Language, Text } from '#kernel/locale.ts';

/** One thing wrong with a message: where (node and field), with which value, and why. */
export type Fault = {
  /** as in `diseinfo[2]`; '' for the header or the message itself */
  readonly node: string;
  readonly field?: string;
  /** the Chinese name of the field */
  readonly name?: string;
  readonly value?: string;
  readonly reason: Text;
};

/** What stops a transaction: nothing it did is kept, and the caller is told why in the national form. */
export class Refusal extends Error {
  readonly faults: readonly Fault[];

  constructor(...faults: readonly Fault[]) {
    super(errorMessage(faults, 'en'));
    this.name = 'Refusal';
    this.faults = faults;
  }
}

/** A refusal that is not about one field. */
export const refuse = (
  zh: string,
  en: string,
  place: Omit<Fault, 'reason' | 'node'> & { node?: string } = {},
): Refusal => new Refusal({ node: '', ...place, reason: { zh, en } });

/** The national interface gives err_msg 200 characters. */
export const ERROR_MESSAGE_CHARACTERS_MAX = 200;
const VALUE_SHOWN_CHARACTERS_MAX = 40;

/** The faults as one text of at most 200 characters; what does not fit is counted. */
export function errorMessage(faults: readonly Fault[], language: Language): string {
  const texts = faults.map((fault) => faultText(fault, language));
  const separator = language === 'zh' ? '；' : '; ';
  let message = '';
  for (const [index, text] of texts.entries()) {
    const joined = index === 0 ? text : `${message}${separator}${text}`;
    const rest = texts.length - index;
    const more = language === 'zh' ? `…等共${texts.length}处` : ` … ${texts.length} in all`;
    const room = ERROR_MESSAGE_CHARACTERS_MAX - (rest > 1 ? more.length : 0);
    if (characters(joined) > room) {
      return index === 0 ? `${[...text].slice(0, room - 1).join('')}…` : `${message}${more}`;
    }
    message = joined;
  }
  return message;
}

const characters = (text: string): number => [...text].length;

function faultText({ node, field, name, value, reason }: Fault, language: Language): string {
  const shown =
    value !== undefined && characters(value) > VALUE_SHOWN_CHARACTERS_MAX
      ? `${[...value].slice(0, VALUE_SHOWN_CHARACTERS_MAX).join('')}…`
      : value;
  const zh = language === 'zh';
  const place = [
    node === '' ? '' : zh ? `节点${node}` : `node ${node}`,
    field === undefined ? '' : zh ? `字段${field}${name ? `（${name}）` : ''}` : `field ${field}`,
    shown === undefined ? '' : zh ? `值“${shown}”` : `value "${shown}"`,
  ].filter((part) => part !== '');
  const text = reason[language];
  return place.length === 0 ? text : `${place.join(zh ? '' : ' ')}${zh ? '：' : ': '}${text}`;
}
