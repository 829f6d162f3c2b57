import { useQuery } from '@tanstack/react-query';
import { Alert, Flex, Table, Tag, Typography } from 'antd';
import { useState } from 'react';
import type { Carried, Comparison } from '#api/contract/enrolment.ts';
import { CARRIED_KIND_NAME } from '#api/contract/words.ts';
import { read } from '../client.ts';
import { count, yuan } from '../format.ts';
import { IDENTITY_NAME, INSUTYPE_NAME, SEX_NAME } from '../insured.ts';
import { nameOf } from '../names.ts';
import { type Say, type Text, useText } from '../preferences.tsx';
import { useMay } from '../session.tsx';
import { RevealButton } from './form-button.tsx';
import { Answer } from './page.tsx';

const DIFFERENCE: Readonly<Record<string, Text>> = {
  same: { zh: '相同', en: 'same' },
  one: { zh: '只有一方有', en: 'only one says' },
  differs: { zh: '不同', en: 'differs' },
};

/** Two files side by side, differences marked, and what a merge would carry over. */
export function FileComparison({ from, into }: { readonly from: number; readonly into: number }) {
  const say = useText();
  const may = useMay();
  const [revealed, setRevealed] = useState<Comparison>();
  const address = `/api/person-comparisons/${from}/${into}`;
  const answer = useQuery({
    queryKey: [address],
    queryFn: ({ signal }) => read<Comparison>(address, signal),
  });
  return (
    <Answer query={answer}>
      {(masked) => {
        const shown = revealed?.digest === masked.digest ? revealed : masked;
        const differing = shown.fields.filter(({ difference }) => difference === 'differs').length;
        return (
          <Flex vertical gap={12}>
            <Flex gap={8} wrap align="center" justify="space-between">
              <Alert
                type={differing === 0 ? 'info' : 'warning'}
                showIcon
                title={
                  differing === 0
                    ? say({ zh: '没有不同的字段', en: 'No field differs' })
                    : say({ zh: `${differing} 个字段不同`, en: `${differing} fields differ` })
                }
              />
              {may('person.reveal') && !shown.isRevealed ? (
                <RevealButton<Comparison> address={address} onShown={setRevealed} />
              ) : null}
            </Flex>
            <Table
              size="small"
              rowKey="field"
              pagination={false}
              scroll={{ x: 'max-content' }}
              dataSource={[...shown.fields]}
              columns={[
                { title: say({ zh: '字段', en: 'Field' }), render: (_, row) => say(row.title) },
                {
                  title: say({ zh: `并入前：档案 ${from}`, en: `Goes: file ${from}` }),
                  render: (_, row) => <Values row={row} values={row.from} />,
                },
                {
                  title: say({ zh: `保留：档案 ${into}`, en: `Stays: file ${into}` }),
                  render: (_, row) => <Values row={row} values={row.into} />,
                },
                {
                  title: say({ zh: '比较', en: 'Comparison' }),
                  render: (_, row) => (
                    <Tag {...(row.difference === 'differs' ? { color: 'orange' } : {})}>
                      {say(nameOf(DIFFERENCE, row.difference))}
                    </Tag>
                  ),
                },
              ]}
            />
            <CarriedOver carried={shown.carried} balanceFen={shown.balanceFen} />
          </Flex>
        );
      }}
    </Answer>
  );
}

function Values(props: { readonly row: Comparison['fields'][number]; readonly values: readonly string[] }) {
  const say = useText();
  const { row, values } = props;
  if (values.length === 0) return <>–</>;
  return (
    <Typography.Text strong={row.difference === 'differs'} style={{ whiteSpace: 'pre-line' }}>
      {values.map((value) => inWords(row.field, value, say)).join('\n')}
    </Typography.Text>
  );
}

/** Fields whose values begin with a code. */
const CODED: Readonly<Record<string, Readonly<Record<string, Text>>>> = {
  gend: SEX_NAME,
  spans: INSUTYPE_NAME,
  paid_to: INSUTYPE_NAME,
  identities: IDENTITY_NAME,
};

function inWords(field: string, value: string, say: Say): string {
  const names = CODED[field];
  if (names === undefined) return value;
  const [code, ...rest] = value.split(' ');
  return [say(nameOf(names, code)), ...rest].join(' ');
}

/** What goes over to the file that stays, and what does not because both have it. */
export function CarriedOver({
  carried,
  balanceFen,
}: {
  readonly carried: Carried;
  readonly balanceFen: number;
}) {
  const say = useText();
  return (
    <div>
      <Typography.Text strong>{say({ zh: '合并时转移', en: 'Carried over' })}</Typography.Text>
      <ul style={{ margin: 0, paddingInlineStart: 20 }}>
        {carried
          .filter(({ rows }) => rows > 0)
          .map(({ kind, rows, stay }) => (
            <li key={kind}>
              {say(nameOf(CARRIED_KIND_NAME, kind))} {count(rows)}
              {stay > 0
                ? say({
                    zh: `，其中 ${stay} 因两份都有留在原处`,
                    en: `, of them ${stay} stay because both have it`,
                  })
                : null}
            </li>
          ))}
        {balanceFen > 0 ? (
          <li>
            {say({ zh: '个人账户余额', en: 'account' })} {yuan(balanceFen)} {say({ zh: '元', en: 'yuan' })}
          </li>
        ) : null}
        {balanceFen === 0 && carried.every(({ rows }) => rows === 0) ? (
          <li>{say({ zh: '没有可转移的', en: 'nothing' })}</li>
        ) : null}
      </ul>
      <Typography.Text type="secondary">
        {say({
          zh: '两个编号此后都能查到；合并不能拆开。',
          en: 'Both numbers keep resolving; a merge cannot be undone.',
        })}
      </Typography.Text>
    </div>
  );
}
