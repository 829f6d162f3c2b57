import { useQuery } from '@tanstack/react-query';
import { Input, Radio, Typography } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import type { PersonBody } from '#api/contract/person.ts';
import { read, withQuery } from '../client.ts';
import { useText } from '../preferences.tsx';
import type { ListAnswer } from './data-table.tsx';
import { Answer } from './page.tsx';

/** What somebody is looked for by, as it was typed: a file, a certificate, a number, or the beginning of a name. */
const queryOf = (typed: string) =>
  /^\d{1,9}$/.test(typed)
    ? { file: typed }
    : /^\d{14,17}[\dXx]$/.test(typed)
      ? { certno: typed }
      : /\d/.test(typed)
        ? { psn_no: typed }
        : { psn_name: typed };

/** Looks for a person and chooses one. */
export function PersonChoice(props: {
  readonly label: string;
  readonly value: number | undefined;
  readonly onChange: (file: number) => void;
}) {
  const { label, value, onChange } = props;
  const say = useText();
  const [typed, setTyped] = useState(value === undefined ? '' : String(value));
  const answer = useQuery({
    queryKey: ['/api/persons', 'choice', typed],
    queryFn: ({ signal }) =>
      read<ListAnswer<PersonBody>>(withQuery('/api/persons', { ...queryOf(typed), size: SHOWN }), signal),
    enabled: typed !== '',
  });
  return (
    <div style={{ flex: '1 1 320px' }}>
      <Input.Search
        aria-label={label}
        placeholder={say({
          zh: `${label}：档案号、证件号码、人员编号或姓名`,
          en: `${label}: file, certificate, number or name`,
        })}
        defaultValue={typed}
        enterButton={say({ zh: '查找', en: 'Find' })}
        onSearch={(text) => setTyped(text.trim())}
      />
      {typed === '' ? null : (
        <Answer
          query={answer}
          empty={({ rows }) =>
            rows.length === 0 ? say({ zh: '没有符合的参保人', en: 'Nobody matches' }) : undefined
          }
        >
          {({ rows, total }) => (
            <>
              <Radio.Group
                aria-label={label}
                value={value ?? null}
                onChange={({ target }) => onChange(target.value as number)}
                style={{ display: 'flex', flexDirection: 'column', paddingTop: 8 }}
              >
                {rows.map((row) => (
                  <Radio key={row.file} value={row.file}>
                    {row.file} {row.psn_name} {row.brdy} {row.certno} {row.area_code}
                  </Radio>
                ))}
              </Radio.Group>
              {total > rows.length ? (
                <Typography.Text type="secondary">
                  {say({ zh: `共 ${total} 人，请写得更全。`, en: `${total} in all: say more.` })}
                </Typography.Text>
              ) : null}
              {value === undefined ? null : (
                <Link to={`/persons/${value}`}>{say({ zh: '打开档案', en: 'Open the file' })}</Link>
              )}
            </>
          )}
        </Answer>
      )}
    </div>
  );
}

const SHOWN = 8;
