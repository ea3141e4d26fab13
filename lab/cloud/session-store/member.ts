import type { NodePlace } from "./redis-config";
import type { RedisNode } from "./redis-node";
import type { StoreNode } from "./store-group";

/** A node that does not answer this many looks in a row is ended, and replaced as one that died. */
const LOOKS = 3;

/** A node of a group with its process. */
export interface Member {
  node: StoreNode;
  process: RedisNode;
  place: Omit<NodePlace, "primaryIp">;
  /** Looks in a row that it answered, and did not. */
  answered: number;
  missed: number;
  /** Its death is no news. */
  isGivenUp: boolean;
}

type Looked = Pick<Member, "answered" | "missed">;

export const NEW: Pick<Member, "answered" | "missed" | "isGivenUp"> = { answered: 0, missed: 0, isGivenUp: false };

export function note(member: Looked, didAnswer: boolean): void {
  member.answered = didAnswer ? member.answered + 1 : 0;
  member.missed = didAnswer ? 0 : member.missed + 1;
}

/**
 * Which of the running nodes hang and are to be ended. None while no other one answers steadily: there would be nobody to take over, and what
 * they hold would be lost.
 */
export function hanging<One extends Looked>(running: readonly One[]): One[] {
  return running.some(({ answered }) => answered >= LOOKS) ? running.filter(({ missed }) => missed >= LOOKS) : [];
}

export const answers = ({ process }: Pick<Member, "process">): Promise<boolean> =>
  process.commands([["PING"]]).then(
    () => true,
    () => false,
  );
