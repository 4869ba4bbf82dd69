// A reporter for Node's test runner: writes the path of each file in which a test has failed, a line each.
// biome-ignore lint/style/noDefaultExport: the runner takes a reporter as the default of its module.
export default async function* failedFiles(events) {
  const seen = new Set();
  for await (const { type, data } of events) {
    if (type !== 'test:fail' || !data.file || seen.has(data.file)) continue;
    seen.add(data.file);
    yield `${data.file}\n`;
  }
}
