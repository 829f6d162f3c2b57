export { buildConsole, isConsoleStale } from './build-console.ts';
export { type Demo, demoEnd, loadDemo } from './demo.ts';
export { openService, type Service, type ServiceOptions } from './service.ts';
