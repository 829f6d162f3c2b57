/** Says the words of a report as the payment of the area has them. */
export type Terms = (text: string) => string;

/**
 * What DRG calls otherwise than DIP. 按病种付费 is the common name of both and stays, as do titles of documents that hold it.
 */
const DRG_WORDS: readonly (readonly [RegExp, string])[] = [
  [/由前三年清单形成的核心与综合病种。/g, '分组方案中有历史病例或公布权重的病组。'],
  [
    /Core and comprehensive groups made from three years of history\./g,
    'Groups of the scheme with history or a published weight.',
  ],
  [/(?<!按)病种分值/g, '病组点数'],
  [/(?<!按)病种/g, '病组'],
  [/分值/g, '点数'],
  [/DIP 年度结算/g, 'DRG 年度结算'],
  [/DIP 结算报告/g, 'DRG 结算报告'],
  [/DIP settlement/g, 'DRG settlement'],
];

const asWritten: Terms = (text) => text;
const inDrg: Terms = (text) => DRG_WORDS.reduce((said, [word, other]) => said.replace(word, other), text);

/** @param method the parameter `grouping.method`; undefined where the tables do not say it */
export const termsOf = (method: string | undefined): Terms => (method === 'drg' ? inDrg : asWritten);
