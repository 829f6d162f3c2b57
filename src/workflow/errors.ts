import type { ErrorDefinition } from '#kernel/errors.ts';

export const workflowErrors = {
  noSuchJob: {
    code: 'workflow.no-such-job',
    exit: 3,
    message: { zh: '没有任务 {value}', en: 'there is no job {value}' },
    remedy: { zh: '在任务列表里查看', en: 'look at the list of jobs' },
  },
  jobState: {
    code: 'workflow.job-state',
    exit: 4,
    message: {
      zh: '任务 {value} 的状态是 {state}，不能这样做',
      en: 'job {value} is {state}: that cannot be done now',
    },
    remedy: {
      zh: '等待中或运行中的任务可以取消；失败、取消或中断的可以重试',
      en: 'a waiting or running job can be cancelled; a failed, cancelled or interrupted one can be retried',
    },
  },
  noSuchArea: {
    code: 'workflow.no-such-area',
    exit: 3,
    message: { zh: '没有统筹地区“{value}”', en: 'there is no area "{value}"' },
    remedy: { zh: '先导入地区', en: 'import the area first' },
  },
  noSuchRun: {
    code: 'workflow.no-such-run',
    exit: 3,
    message: { zh: '没有结算 {value}', en: 'there is no settlement {value}' },
    remedy: { zh: '在结算列表里查看', en: 'look at the list of settlements' },
  },
  runNotDone: {
    code: 'workflow.run-not-done',
    exit: 4,
    message: { zh: '结算 {value} 尚未完成', en: 'settlement {value} is not finished' },
    remedy: { zh: '查看其任务的进度', en: 'look at the progress of its job' },
  },
  noSuchCase: {
    code: 'workflow.no-such-case',
    exit: 3,
    message: { zh: '结算 {run} 里没有清单“{value}”', en: 'settlement {run} has no list "{value}"' },
    remedy: { zh: '在病例列表里查看', en: 'look at the list of cases' },
  },
  runOfOtherProgram: {
    code: 'workflow.run-of-other-program',
    exit: 4,
    message: {
      zh: '结算 {value} 是在变更之前做的，不能据此试算：{reasonZh}',
      en: 'settlement {value} was made before a change and cannot be simulated: {reasonEn}',
    },
    remedy: { zh: '重新结算该年度，再试算', en: 'settle the year again, then simulate' },
  },
  areaName: {
    code: 'workflow.area-name',
    exit: 3,
    message: {
      zh: '地区名称“{value}”不能作文件夹名',
      en: 'the area name "{value}" cannot be the name of a folder',
    },
    remedy: { zh: '用字母、数字、连字符', en: 'use letters, digits and hyphens' },
  },
  uploadEmpty: {
    code: 'workflow.upload-empty',
    exit: 3,
    message: { zh: '没有上传文件', en: 'no file was uploaded' },
    remedy: {
      zh: '上传地区文件夹的文件，或它的 zip',
      en: 'upload the files of an area folder, or a zip of it',
    },
  },
  uploadName: {
    code: 'workflow.upload-name',
    exit: 3,
    message: {
      zh: '不能用的或重复的文件名“{value}”',
      en: 'the file name "{value}" cannot be used or came twice',
    },
    remedy: { zh: '按地区文件夹的样子命名', en: 'name files as in an area folder' },
  },
  uploadDamaged: {
    code: 'workflow.upload-damaged',
    exit: 3,
    message: { zh: '“{value}”不是完好的 zip', en: '"{value}" is no sound zip file' },
    remedy: { zh: '重新打包后上传', en: 'pack it again and upload it' },
  },
  uploadTooLarge: {
    code: 'workflow.upload-too-large',
    exit: 3,
    message: { zh: '“{value}”太大或文件太多', en: '"{value}" is too large or has too many files' },
    remedy: {
      zh: '把地区文件夹放进数据文件夹的 inbox/ 再导入',
      en: 'put the area folder into inbox/ of the data folder and import it',
    },
  },
  areaTaken: {
    code: 'workflow.area-taken',
    exit: 4,
    message: { zh: '“{value}”已是另一个地区', en: '"{value}" is another area already' },
    remedy: { zh: '换一个名称', en: 'choose another name' },
  },
  uploadGone: {
    code: 'workflow.upload-gone',
    exit: 3,
    message: { zh: '上传的“{value}”已不在', en: 'what was uploaded, "{value}", is no longer there' },
    remedy: { zh: '重新上传', en: 'upload it again' },
  },
  outsideInbox: {
    code: 'workflow.outside-inbox',
    exit: 3,
    message: { zh: '待导入文件夹里没有“{value}”', en: 'there is no "{value}" in the folder for imports' },
    remedy: {
      zh: '把地区文件夹放进数据文件夹的 inbox/ 里',
      en: 'put the area folder into inbox/ of the data folder',
    },
  },
} satisfies Record<string, ErrorDefinition>;
