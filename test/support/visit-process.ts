/** The visits of the demo city as a process that can be killed: `node visit-process.ts <database url> <port>`. */
import { startVisitService } from './visit-service.ts';

const [url, port] = process.argv.slice(2);
const persons = process.env.YIBAO_PERSONS;
await startVisitService({ url: url! }, { port: Number(port), ...(persons === undefined ? {} : { persons }) });
process.send?.('ready');
