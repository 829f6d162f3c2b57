import { useQuery } from '@tanstack/react-query';
import { Alert, Card, Descriptions, Flex, Tag, Typography } from 'antd';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { VisitSettlement } from '#api/contract/person.ts';
import { read } from '../client.ts';
import { moment, yuan } from '../format.ts';
import { INSUTYPE_NAME, MED_TYPE_NAME, SETTLEMENT_KIND_NAME } from '../insured.ts';
import { nameOf } from '../names.ts';
import { usePreferences, useText } from '../preferences.tsx';
import { Figure, Figures } from './figure.tsx';
import { Answer } from './page.tsx';
import { asParameter, RuleButton } from './rule.tsx';

type Step = VisitSettlement['steps'][number];

/** A settlement by its fourteen steps: what was paid, by whom, why. `linkTo` is the page of another settlement. */
export function SettlementInWords(props: {
  readonly path: string;
  readonly linkTo: (setlId: string) => string;
  readonly children?: (told: VisitSettlement) => ReactNode;
}) {
  const answer = useQuery({
    queryKey: [props.path],
    queryFn: ({ signal }) => read<VisitSettlement>(props.path, signal),
  });
  return (
    <Answer query={answer}>
      {(told) => (
        <Flex vertical gap={16}>
          <Told told={told} linkTo={props.linkTo} />
          {props.children?.(told)}
        </Flex>
      )}
    </Answer>
  );
}

function Told({
  told,
  linkTo,
}: {
  readonly told: VisitSettlement;
  readonly linkTo: (setlId: string) => string;
}) {
  const say = useText();
  const { language } = usePreferences();
  const head = told.head as Record<string, string | null>;
  const { totals } = told;
  const part = (name: string) => totals[`${name}_fen`] ?? 0;
  return (
    <>
      {told.kind === 'reversal' ? (
        <Alert
          type="warning"
          showIcon
          title={say({
            zh: '这是一条冲销记录：各项为负，参保人回到那次结算之前。',
            en: 'This is a reversal: all amounts are negative; the person is where he was before.',
          })}
          description={
            head.reverses ? (
              <Link to={linkTo(head.reverses)}>
                {say({ zh: '看被冲销的结算', en: 'The settlement it undoes' })}
              </Link>
            ) : null
          }
        />
      ) : null}
      {head.undone_by ? (
        <Alert
          type="warning"
          showIcon
          title={say({ zh: '这次结算已被冲销。', en: 'This settlement was undone.' })}
          description={
            <Link to={linkTo(head.undone_by)}>{say({ zh: '看冲销记录', en: 'The reversal' })}</Link>
          }
        />
      ) : null}
      <Typography.Paragraph style={{ fontSize: 15, margin: 0 }}>{say(told.summary)}</Typography.Paragraph>
      <Figures>
        <Figure title={say({ zh: '医疗费（元）', en: 'Fee (yuan)' })} value={yuan(part('medfee_sumamt'))} />
        <Figure
          title={say({ zh: '基金支付（元）', en: 'Funds (yuan)' })}
          value={yuan(part('fund_pay_sumamt'))}
        />
        <Figure
          title={say({ zh: '个人负担（元）', en: 'Person (yuan)' })}
          value={yuan(part('psn_part_amt'))}
          note={say({
            zh: `账户 ${yuan(part('acct_pay'))}，现金 ${yuan(part('psn_cash_pay'))}`,
            en: `accounts ${yuan(part('acct_pay'))}, cash ${yuan(part('psn_cash_pay'))}`,
          })}
        />
      </Figures>
      <Descriptions
        size="small"
        bordered
        column={{ xs: 1, sm: 2, lg: 3 }}
        items={[
          { key: 'place', label: say({ zh: '就医机构', en: 'Institution' }), children: head.place },
          { key: 'day', label: say({ zh: '政策日', en: 'Policy day' }), children: head.policy_date },
          {
            key: 'at',
            label: say({ zh: '结算时间', en: 'Settled at' }),
            children: moment(head.setl_time, language),
          },
          {
            key: 'kind',
            label: say({ zh: '种类', en: 'Kind' }),
            children: say(nameOf(SETTLEMENT_KIND_NAME, head.kind)),
          },
          {
            key: 'med',
            label: say({ zh: '医疗类别', en: 'Medical type' }),
            children: say(nameOf(MED_TYPE_NAME, head.med_type)),
          },
          {
            key: 'ins',
            label: say({ zh: '险种', en: 'Insurance' }),
            children: say(nameOf(INSUTYPE_NAME, head.insutype)),
          },
          {
            key: 'eligible',
            label: say({ zh: '待遇', en: 'Entitlement' }),
            children: say(told.eligibility_text),
          },
          {
            key: 'id',
            label: say({ zh: '结算ID', en: 'Settlement' }),
            children: <span style={{ wordBreak: 'break-all' }}>{head.setl_id}</span>,
          },
          ...(head.invono
            ? [{ key: 'invoice', label: say({ zh: '发票', en: 'Invoice' }), children: head.invono }]
            : []),
        ]}
      />
      <Card size="small" title={say({ zh: '十四步', en: 'The fourteen steps' })}>
        <ol style={{ listStyle: 'none', margin: 0, padding: 0 }}>
          {told.order.map(({ number, title }) => (
            <Numbered key={number} number={number} title={say(title)}>
              {number === 1 ? <span>{say(told.eligibility_text)}</span> : null}
              {told.steps
                .filter((step) => step.number === number)
                .map((step, index) => (
                  // steps have no other name: two of one code differ by their place
                  // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes
                  <StepLine key={`${step.code} ${index}`} step={step} />
                ))}
              {number === 13 ? (
                <span>
                  {say({
                    zh: `医疗费 ${yuan(part('medfee_sumamt'))} － 基金 ${yuan(part('fund_pay_sumamt'))} － 医院负担 ${yuan(part('hosp_part_amt'))} ＝ 个人 ${yuan(part('psn_part_amt'))} 元`,
                    en: `fee ${yuan(part('medfee_sumamt'))} − funds ${yuan(part('fund_pay_sumamt'))} − hospital ${yuan(part('hosp_part_amt'))} = person ${yuan(part('psn_part_amt'))} yuan`,
                  })}
                </span>
              ) : null}
              {number === 14
                ? told.accounts.map(({ account, pay_fen }) => (
                    <div key={account}>
                      {account === 'own'
                        ? say({ zh: '本人账户', en: 'own account' })
                        : say({ zh: '家庭共济账户', en: 'family account' })}{' '}
                      {yuan(pay_fen)} {say({ zh: '元', en: 'yuan' })}
                    </div>
                  ))
                : null}
            </Numbered>
          ))}
        </ol>
        {told.policy_unchanged ? null : (
          <Alert
            type="info"
            showIcon
            title={say({
              zh: '结算之后政策文件有改动：步骤是当时记录的，条款不再引用。',
              en: 'The policy files were changed since: the steps are as recorded, articles are no longer cited.',
            })}
          />
        )}
      </Card>
      {told.alternatives.length > 0 ? (
        <Card size="small" title={say({ zh: '如果当时……', en: 'What would have been otherwise' })}>
          <ul style={{ margin: 0, paddingInlineStart: 20 }}>
            {told.alternatives.map((one) => (
              <li key={`${one.change} ${one.value}`}>{say(one.text)}</li>
            ))}
          </ul>
        </Card>
      ) : null}
    </>
  );
}

function Numbered(props: { readonly number: number; readonly title: string; readonly children: ReactNode }) {
  const say = useText();
  const { number, title, children } = props;
  const isEmpty = (Array.isArray(children) ? children.flat() : [children]).every((child) => !child);
  return (
    <li style={{ display: 'flex', gap: 12, padding: '6px 0', borderBottom: '1px solid var(--grid)' }}>
      <span style={{ flex: '0 0 28px', textAlign: 'end', color: 'var(--faint-ink)' }}>{number}</span>
      <div style={{ flex: 1, minWidth: 0 }}>
        <b style={isEmpty ? { fontWeight: 400, color: 'var(--faint-ink)' } : {}}>{title}</b>{' '}
        {isEmpty ? (
          <span style={{ color: 'var(--faint-ink)' }}>{say({ zh: '不涉及', en: 'not concerned' })}</span>
        ) : (
          children
        )}
      </div>
    </li>
  );
}

function StepLine({ step }: { readonly step: Step }) {
  const say = useText();
  return (
    <div style={{ padding: '2px 0' }}>
      <Tag style={{ marginInlineEnd: 6 }}>{step.code}</Tag>
      {say(step.title)}
      {say({ zh: '：', en: ': ' })}
      {say(step.text)}
      {step.reasons.length > 0 ? (
        <RuleButton
          title={`${step.code} ${say(step.title)}`}
          documents={[]}
          parameters={step.reasons.map(asParameter)}
        />
      ) : null}
    </div>
  );
}
