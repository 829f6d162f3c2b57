import { useQuery } from '@tanstack/react-query';
import { Button, Card, Flex } from 'antd';
import { Link, useParams } from 'react-router';
import type { Section } from '#api/contract/run.ts';
import { read } from '../client.ts';
import { CaseActions } from '../components/apply.tsx';
import { Figure, Figures } from '../components/figure.tsx';
import { Answer, Page } from '../components/page.tsx';
import { PublishedNotice } from '../components/published.tsx';
import { type ParameterSource, RuleButton } from '../components/rule.tsx';
import { fenOf, yuan } from '../format.ts';
import { DEVIATION_NAME, KIND_NAME, LEVEL_NAME, nameOf, SCHEME_NAME } from '../names.ts';
import { useText } from '../preferences.tsx';
import { OfSettledYear, type SettledYear } from '../year.tsx';

/**
 * What the page reads of `yibao explain --json`; the parts that a way of grouping or paying does not have are absent: a
 * case paid beside the points has neither points nor a clearing of its own.
 */
type Explanation = {
  readonly list?: {
    readonly fixmedins_code: string;
    readonly institution: string;
    readonly level: number;
    readonly insutype: string;
    readonly cost: string;
    readonly non_fund: string;
  };
  readonly group?: { readonly group_code: string; readonly kind: string };
  readonly deviation?: string;
  readonly points?: string;
  readonly clearing?: { readonly case_due: string };
  readonly parameters?: Readonly<Record<string, ParameterSource>>;
};

/** How one list was grouped and paid, as a chain that reads from top to bottom. */
export function CasePage() {
  const { setlId = '' } = useParams();
  return <OfSettledYear>{(year) => <CaseOf year={year} setlId={setlId} />}</OfSettledYear>;
}

function CaseOf({ year, setlId }: { readonly year: SettledYear; readonly setlId: string }) {
  const say = useText();
  const answer = useQuery({
    queryKey: ['case', year.runId, setlId],
    queryFn: ({ signal }) =>
      read<{ explanation: Explanation; sections: Section[] }>(
        `/api/runs/${year.runId}/cases/${encodeURIComponent(setlId)}/explanation`,
        signal,
      ),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <Page
      title={say({ zh: `病例 ${setlId}`, en: `Case ${setlId}` })}
      lead={say({
        zh: '这份清单怎样入组、得多少分、折多少钱，每一步都有条款、参数和算式。',
        en: 'How this list was grouped, what points it got and what they are worth, each step with rule, parameter and arithmetic.',
      })}
      actions={
        <>
          <CaseActions runId={year.runId} setlId={setlId} />
          <Button onClick={() => window.print()}>{say({ zh: '打印', en: 'Print' })}</Button>
          <Link to="/cases">
            <Button>{say({ zh: '全部病例', en: 'All cases' })}</Button>
          </Link>
        </>
      }
    >
      <PublishedNotice runId={year.runId} />
      <Answer query={answer}>
        {({ explanation, sections }) => (
          <Flex vertical gap={12}>
            <CaseFigures explanation={explanation} />
            {sections.map((section) => (
              <SectionCard key={section.title} section={section} explanation={explanation} />
            ))}
          </Flex>
        )}
      </Answer>
    </Page>
  );
}

function CaseFigures({ explanation }: { readonly explanation: Explanation }) {
  const say = useText();
  const { list, group, points, deviation, clearing } = explanation;
  if (list === undefined) return null;
  const yuanUnit = say({ zh: '元', en: 'yuan' });
  const due = clearing && fenOf(clearing.case_due);
  const gain = due === undefined ? undefined : due + fenOf(list.non_fund) - fenOf(list.cost);
  const institution = `/institutions/${encodeURIComponent(list.fixmedins_code)}`;
  return (
    <>
      <div>
        <Link to={institution}>{list.institution}</Link> · {say(nameOf(LEVEL_NAME, String(list.level)))} ·{' '}
        {say(nameOf(SCHEME_NAME, list.insutype))}
      </div>
      <Figures>
        <Figure title={say({ zh: '总费用', en: 'Cost' })} value={yuan(fenOf(list.cost))} unit={yuanUnit} />
        <Figure
          title={say({ zh: '病种', en: 'Group' })}
          value={group?.group_code ?? say({ zh: '未入组', en: 'ungrouped' })}
          {...(group ? { to: `/groups/${encodeURIComponent(group.group_code)}` } : {})}
          note={group ? say(nameOf(KIND_NAME, group.kind)) : undefined}
        />
        {points === undefined ? null : (
          <Figure
            title={say({ zh: '分值', en: 'Points' })}
            value={points}
            unit={say({ zh: '分', en: 'points' })}
            note={deviation ? say(nameOf(DEVIATION_NAME, deviation)) : undefined}
          />
        )}
        {due === undefined || gain === undefined ? null : (
          <>
            <Figure
              title={say({ zh: '应得基金', en: 'Due from the fund' })}
              value={yuan(due)}
              unit={yuanUnit}
              note={say({
                zh: `个人等已付 ${yuan(fenOf(list.non_fund))} 元`,
                en: `others paid ${yuan(fenOf(list.non_fund))} yuan`,
              })}
            />
            <Figure
              title={
                gain >= 0n
                  ? say({ zh: '盈：应得合计－费用', en: 'Gain: all money − cost' })
                  : say({ zh: '亏：应得合计－费用', en: 'Loss: all money − cost' })
              }
              value={`${gain > 0n ? '+' : ''}${yuan(gain)}`}
              unit={yuanUnit}
              tone={gain >= 0n ? 'gain' : 'loss'}
            />
          </>
        )}
      </Figures>
    </>
  );
}

function SectionCard(props: { readonly section: Section; readonly explanation: Explanation }) {
  const { section, explanation } = props;
  const { title, lines } = section;
  // the first section is the heading of the whole
  if (lines.length === 0) return null;
  const cited = lines.flatMap((line) => line.cited ?? []);
  const documents = cited.flatMap((one) => ('documents' in one ? one.documents : []));
  const names = new Set(cited.flatMap((one) => ('parameter' in one ? [one.parameter] : [])));
  const parameters = [...names].flatMap((name) => explanation.parameters?.[name] ?? []);
  const said = lines.map((line, number) => ({ ...line, number })).filter((line) => line.cited === undefined);
  const outermost = Math.min(...said.map(({ indent }) => indent));
  return (
    <Card
      size="small"
      title={title}
      extra={<RuleButton title={title} documents={documents} parameters={parameters} />}
    >
      {said.map(({ number, indent, text }) => (
        <Line key={number} text={text} depth={indent - outermost} />
      ))}
    </Card>
  );
}

/** A line as far in as it is in the text; arithmetic stands out. */
function Line({ text, depth }: { readonly text: string; readonly depth: number }) {
  const isArithmetic = text.includes(' = ');
  return (
    <div
      style={{
        paddingBlock: 2,
        paddingInlineStart: depth * 8 + (isArithmetic ? 8 : 0),
        ...(isArithmetic ? { background: 'var(--page)', borderRadius: 4 } : {}),
        overflowWrap: 'anywhere',
      }}
    >
      {text}
    </div>
  );
}
