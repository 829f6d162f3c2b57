import { FileTextOutlined } from '@ant-design/icons';
import { Button, Descriptions, Drawer, Flex, Tag, Typography } from 'antd';
import { useState } from 'react';
import { BASIS_TITLES, LAYER_TITLES, STATUS_TITLES, UNIT_TITLES } from '#api/contract/words.ts';
import { nameOf } from '../names.ts';
import { type Text, useText } from '../preferences.tsx';

/** A document with the article a rule stands in. */
export type RuleSource = {
  readonly id: string;
  readonly title: Text;
  readonly number: string | null;
  readonly date: string | null;
  readonly status: string;
  readonly article?: string | null;
};

/** A parameter as `policy explain` tells it. */
export type ParameterSource = {
  readonly parameter: string;
  readonly title: Text;
  readonly unit: string;
  readonly value: string | null;
  readonly effectiveFrom: string;
  readonly source: RuleSource;
  readonly basis: string;
  readonly note?: Text | null;
  readonly layer: string;
  readonly name?: string;
  readonly file?: string;
  readonly line?: number;
};

/** A parameter that a benefit rests on, as the service tells it. */
export type BenefitReason = {
  readonly parameter: string;
  readonly title: Text;
  readonly row: string;
  readonly source: Readonly<Record<string, unknown>> | null;
  readonly effectiveFrom: string | null;
  readonly file: string | null;
  readonly line: number | null;
};

/** A reason as the drawer of rules shows parameters. */
export function asParameter(reason: BenefitReason): ParameterSource {
  const source = (reason.source ?? {}) as unknown as RuleSource;
  return {
    parameter: reason.parameter,
    title: reason.title,
    unit: 'none',
    value: reason.row,
    effectiveFrom: reason.effectiveFrom ?? '–',
    source,
    basis: '',
    layer: '',
    ...(reason.file ? { file: reason.file } : {}),
    ...(reason.line === null ? {} : { line: reason.line }),
  };
}

/** The way from a figure to its article: a button that opens documents, articles and parameters. */
export function RuleButton(props: {
  readonly title: string;
  /** documents with article, in words */
  readonly documents: readonly string[];
  readonly parameters: readonly ParameterSource[];
}) {
  const say = useText();
  const [open, setOpen] = useState(false);
  const { title, documents, parameters } = props;
  if (documents.length === 0 && parameters.length === 0) return null;
  return (
    <>
      <Button
        type="link"
        size="small"
        icon={<FileTextOutlined />}
        className="no-print"
        onClick={() => setOpen(true)}
      >
        {say({ zh: '条款', en: 'Rule' })}
      </Button>
      <Drawer open={open} onClose={() => setOpen(false)} title={title} size={520}>
        <Flex vertical gap={16}>
          {documents.map((document) => (
            <Typography.Text key={document}>{document}</Typography.Text>
          ))}
          {parameters.map((one) => (
            <Descriptions
              key={one.parameter}
              size="small"
              bordered
              column={1}
              title={say(one.title)}
              items={[
                { key: 'value', label: say({ zh: '值', en: 'Value' }), children: one.value ?? '–' },
                {
                  key: 'unit',
                  label: say({ zh: '单位', en: 'Unit' }),
                  children: say(nameOf(UNIT_TITLES, one.unit)),
                },
                { key: 'from', label: say({ zh: '生效', en: 'In force from' }), children: one.effectiveFrom },
                {
                  key: 'source',
                  label: say({ zh: '出处', en: 'Source' }),
                  children: (
                    <>
                      {say(one.source.title)} {one.source.number}{' '}
                      {one.source.article ? <Tag color="blue">{one.source.article}</Tag> : null}
                      <Typography.Text type="secondary">
                        {say(nameOf(STATUS_TITLES, one.source.status))} {one.source.date}
                      </Typography.Text>
                    </>
                  ),
                },
                {
                  key: 'layer',
                  label: say({ zh: '层级', en: 'Layer' }),
                  children: `${one.name ?? ''} ${say(nameOf(LAYER_TITLES, one.layer))}${one.basis ? ` · ${say(nameOf(BASIS_TITLES, one.basis))}` : ''}`,
                },
                {
                  key: 'name',
                  label: say({ zh: '参数名', en: 'Name' }),
                  children: <code>{one.parameter}</code>,
                },
                ...(one.file
                  ? [
                      {
                        key: 'file',
                        label: say({ zh: '文件', en: 'File' }),
                        children: `${one.file}:${one.line ?? ''}`,
                      },
                    ]
                  : []),
                ...(one.note
                  ? [{ key: 'note', label: say({ zh: '说明', en: 'Note' }), children: say(one.note) }]
                  : []),
              ]}
            />
          ))}
        </Flex>
      </Drawer>
    </>
  );
}
