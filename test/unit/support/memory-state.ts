/** What a workspace remembers, kept in memory. */

/** A workspace that remembers in memory, as JSON does. */
export function memory() {
  const kept = new Map<string, string>();
  return {
    keys: () => [...kept.keys()],
    get: <Value>(key: string, otherwise?: Value) => {
      const text = kept.get(key);
      return text === undefined ? otherwise : (JSON.parse(text) as Value);
    },
    update: async (key: string, value: unknown) => void kept.set(key, JSON.stringify(value)),
    text: () => [...kept.values()].join(),
  };
}
