import { useQuery } from '@tanstack/react-query';
import { Button, Flex, Modal, Select, Typography, Upload } from 'antd';
import { useState } from 'react';
import type { Departments, Landed } from '#api/contract/enrolment.ts';
import type { JobStarted } from '#api/contract/job.ts';
import { read, withQuery, write } from '../client.ts';
import { useText } from '../preferences.tsx';
import { JobUnderWay } from './job-progress.tsx';
import { Refusal } from './page.tsx';

/** What became of the rows of the files a job landed. */
function LandedFiles({ files }: Landed) {
  const say = useText();
  return (
    <ul style={{ margin: 0 }}>
      {files.map((one) => (
        <li key={one.fileId}>
          {one.wasKnown
            ? say({
                zh: `${one.name}：以前导入过，没有变化`,
                en: `${one.name}: landed before, nothing changed`,
              })
            : say({
                zh: `${one.name}：${one.rows} 行，归入 ${one.linked}，新建档案 ${one.newPersons}，待复核 ${one.toReview}，不能用 ${one.unusable}`,
                en: `${one.name}: ${one.rows} rows, ${one.linked} linked, ${one.newPersons} new persons, ${one.toReview} to review, ${one.unusable} unusable`,
              })}
        </li>
      ))}
    </ul>
  );
}

/** Lands a file of a department: of any, or of those named. The dialog stays while the file lands and says what became of it. */
export function LandFile(props: {
  readonly departments?: readonly string[];
  /** what the button says */
  readonly label?: string;
}) {
  const say = useText();
  const offered = (department: string) => props.departments?.includes(department) ?? true;
  const [open, setOpen] = useState(false);
  const [department, setDepartment] = useState(
    props.departments?.length === 1 ? props.departments[0] : undefined,
  );
  const [chosen, setChosen] = useState<File>();
  const [landing, setLanding] = useState<number>();
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const departments = useQuery({
    queryKey: ['/api/departments'],
    queryFn: ({ signal }) => read<Departments>('/api/departments', signal),
    enabled: open,
  });
  const known = departments.data?.rows.find((one) => one.department === department);
  const send = async () => {
    setError(undefined);
    setBusy(true);
    try {
      const form = new FormData();
      form.append('file', chosen!);
      const address = withQuery('/api/department-files', { department });
      setLanding((await write<JobStarted>('POST', address, form)).jobId);
      setChosen(undefined);
    } catch (refused) {
      setError(refused);
    } finally {
      setBusy(false);
    }
  };
  const close = () => {
    setOpen(false);
    setLanding(undefined);
    setError(undefined);
  };
  const title = props.label ?? say({ zh: '导入部门文件', en: 'Land a file of a department' });
  return (
    <>
      <Button type="primary" onClick={() => setOpen(true)}>
        {title}
      </Button>
      <Modal
        open={open}
        title={title}
        okText={
          landing === undefined ? say({ zh: '导入', en: 'Land' }) : say({ zh: '再导入一份', en: 'Another' })
        }
        cancelText={
          landing === undefined ? say({ zh: '取消', en: 'Cancel' }) : say({ zh: '关闭', en: 'Close' })
        }
        okButtonProps={{
          disabled: landing === undefined && (department === undefined || chosen === undefined),
          loading: isBusy,
        }}
        onOk={() => (landing === undefined ? void send() : setLanding(undefined))}
        onCancel={close}
      >
        {landing === undefined ? (
          <Flex vertical gap={8}>
            <Select
              aria-label={say({ zh: '部门', en: 'Department' })}
              placeholder={say({ zh: '部门', en: 'Department' })}
              {...(department === undefined ? {} : { value: department })}
              options={(departments.data?.rows ?? [])
                .filter((one) => offered(one.department))
                .map((one) => ({ value: one.department, label: say(one.title) }))}
              onChange={setDepartment}
            />
            {known ? (
              <Typography.Text type="secondary">
                {say({ zh: '须有的列：', en: 'Needed columns: ' })}
                {known.columns
                  .filter(({ isNeeded }) => isNeeded)
                  .map(({ from }) => from[0])
                  .join('、')}
              </Typography.Text>
            ) : null}
            <Upload
              maxCount={1}
              accept=".csv,.xlsx,.txt"
              fileList={chosen ? [{ uid: '1', name: chosen.name }] : []}
              beforeUpload={(one) => {
                setChosen(one);
                return false;
              }}
              onRemove={() => setChosen(undefined)}
            >
              <Button>{say({ zh: '选择文件（CSV、XLSX）', en: 'Choose a file (CSV, XLSX)' })}</Button>
            </Upload>
            {error ? <Refusal error={error} /> : null}
          </Flex>
        ) : (
          <JobUnderWay id={landing}>{(result) => <LandedFiles {...(result as Landed)} />}</JobUnderWay>
        )}
      </Modal>
    </>
  );
}
