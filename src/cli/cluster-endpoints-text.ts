import type { ClusterStatus } from '../app/local-cluster/open-cluster.ts';

/**
 * Where everything of a cluster is, and what to try, for people. `command`: how they call this program; `dir`: the folder that
 * they named, if they did.
 */
export function clusterEndpointsText(
  { folder, places, processes, console }: ClusterStatus,
  command: string,
  dir: string | undefined,
): string {
  if (places === undefined) return '';
  const { kafka, zookeeper, hdfs, mysql, daemons, prometheus, load } = places;
  const { source, verdicts, deadLetters } = kafka.topics;
  const [first] = daemons;
  const inFolder = dir === undefined ? '' : ` --dir ${quoted(folder)}`;
  const config = `--config ${quoted(first!.settings)}`;
  const login = `--host=${mysql.host} --port=${mysql.port} --user=${mysql.user} --password=${mysql.password}`;
  const example = '{"message": "WIN a free prize, call now", "message_id": "1"}';
  const isLoaded = processes.some(({ name, running }) => name === 'load' && running);
  return `
The cluster of ${folder}
${table([
  ['Kafka', kafka.broker],
  ['', `topics ${source} (in), ${verdicts} (out), ${deadLetters} (unreadable)`],
  ['ZooKeeper', `${zookeeper.hosts}, keys below ${zookeeper.path}`],
  ['HDFS', `${hdfs.url}, models in ${hdfs.path}`],
  ['', `${hdfs.url}/webhdfs/v1${hdfs.path}?op=LISTSTATUS`],
  ['MySQL', `mysql ${login} ${mysql.database}`],
  ...daemons.flatMap(({ name, api, ops, settings }) => [
    [name, `API ${api} (${api}/openapi.json)`],
    ['', `metrics ${ops}/metrics, readiness ${ops}/readyz`],
    ['', `settings ${settings}`],
  ]),
  ['Prometheus', `${prometheus.url}/api/v1/query?query=up`],
  ['load', isLoaded ? `${load.perSecond} synthetic messages per second` : 'none'],
  ['logs', `${folder}/*/*.log`],
])}
What to try
${table([
  ['send a message', `${command} cluster send${inFolder} "WIN a free prize, call now"`],
  ['by any client', `echo '${example}' | kcat -P -b ${kafka.broker} -t ${source}`],
  ['verdicts on spam', `${command} cluster verdicts${inFolder} --follow`],
  ['by any client', `kcat -C -b ${kafka.broker} -t ${verdicts}`],
  ['review console', console ?? `${first!.api}/`],
  ['by SQL', 'select community, message_id, probability, message from review order by id desc limit 10'],
  ['unreadable messages', `${command} dead-letters list ${config}`],
  ['models', `${command} model list ${config}`],
  ['end all of it', `${command} cluster down${inFolder}`],
])}`;
}

function table(rows: readonly (readonly string[])[]): string {
  const width = Math.max(...rows.map(([name = '']) => name.length));
  return rows.map(([name = '', text = '']) => `  ${name.padEnd(width)}  ${text}\n`).join('');
}

/** For a shell. */
function quoted(text: string): string {
  return /^[\w./~:@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
