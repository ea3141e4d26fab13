export interface ReplicaState {
  id: string;
  /** Bytes of the primary's stream that it has; undefined when it does not answer. */
  offset: number | undefined;
}

/** The replica that lost least: the one to promote. The first of several equal ones; undefined when none answers. */
export function mostAdvanced(replicas: readonly ReplicaState[]): string | undefined {
  const answering = replicas.flatMap(({ id, offset }) => (offset === undefined ? [] : [{ id, offset }]));
  return answering.reduce<(typeof answering)[number] | undefined>(
    (best, one) => (best === undefined || one.offset > best.offset ? one : best),
    undefined,
  )?.id;
}

/** `INFO replication` as key and value. */
export const parseInfo = (text: string): Map<string, string> =>
  new Map(
    text
      .split(/\r?\n/)
      .filter((line) => line.includes(":"))
      .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)]),
  );
