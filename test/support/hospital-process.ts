/** The hospital interface as a process that can be killed: `node hospital-process.ts <database url> <port>`. */
import { startHospitalService } from './hospital-service.ts';

const [url, port] = process.argv.slice(2);
await startHospitalService({ url: url! }, Number(port));
process.send?.('ready');
