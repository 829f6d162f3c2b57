export { loadDemo, openService, type Service, type ServiceOptions } from './service.ts';
